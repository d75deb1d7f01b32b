import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Fallback } from "../../shared/contract/accounts.ts";
import type { OutgoingServerId } from "../../shared/ids.ts";
import { FaultySmtp } from "../servers/smtp-faults.ts";
import { accountOn, type Desk, openDesk } from "./support.ts";

const SECOND = 7 as OutgoingServerId;
let first: FaultySmtp;
let second: FaultySmtp;
let desk: Desk;
let fallback: Fallback;
/** Where the copies of Sent were said to come from. */
let sentBy: (string | null)[];
let asked: (OutgoingServerId | null)[];

beforeEach(async () => {
  [first, second] = await Promise.all([FaultySmtp.start(), FaultySmtp.start()]);
  fallback = "unreachable";
  sentBy = [];
  asked = [];
  desk = await openDesk(first.port, {
    settingsFor: () => ({
      server: accountOn(first.port).outgoing,
      connections: 1,
      further: { fallback, servers: [{ id: SECOND, server: accountOn(second.port).outgoing }] },
    }),
    credentialFor: async (_account, _renew, server) => {
      asked.push(server);
      return { kind: "password", password: "secret-user1" };
    },
    fileInSent: async (_account, _bytes, _id, _at, by) => {
      sentBy.push(by);
      return { filed: true, already: false };
    },
  });
});
afterEach(async () => {
  await desk.close();
  await Promise.all([first.stop(), second.stop()]);
});

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
const people = (...names: string[]) => names.map((name) => ({ name: "", address: `${name}@example.test` }));
const told = (id: Parameters<Desk["outbox"]["timeline"]>[0]) =>
  desk.outbox.timeline(id).events.map(({ what, server, insteadOf, code }) => ({ what, server, insteadOf, code }));
const at = (server: FaultySmtp): string => `127.0.0.1:${server.port}`;

describe("the first server is down", () => {
  test("refuses connections: the second takes the message with its own password, and the history says which and why", async () => {
    first.fault("greeting", { kind: "drop" }, { times: 9 });
    const id = await desk.send();
    await desk.until(() => desk.item(id).state === "filed");
    expect([first.received.length, second.received.length]).toEqual([0, 1]);
    expect(asked).toEqual([null, SECOND]);
    expect(sentBy).toEqual([at(second)]);
    expect(told(id)).toEqual([
      { what: "begun", server: at(first), insteadOf: null, code: null },
      { what: "not-tried", server: at(first), insteadOf: null, code: "line-closed" },
      { what: "begun-elsewhere", server: at(second), insteadOf: at(first), code: "line-closed" },
      { what: "handed-over", server: at(second), insteadOf: null, code: null },
      { what: "accepted", server: at(second), insteadOf: null, code: null },
      { what: "filed", server: null, insteadOf: null, code: null },
    ]);
    expect(desk.outbox.timeline(id).technical).toContain(`instead of ${at(first)}`);
  });

  test("answers 421, in its greeting or to the message: the second takes over at once", async () => {
    first.fault("greeting", { kind: "say", line: "421 4.3.2 shutting down", thenDrop: true });
    const one = await desk.send();
    await desk.until(() => desk.item(one).state === "filed");
    desk.time.pass(60_000);
    first.fault("mail", { kind: "say", line: "421 4.3.2 shutting down", thenDrop: true });
    const two = await desk.send();
    await desk.until(() => desk.item(two).state === "filed");
    expect([first.received.length, second.received.length]).toEqual([0, 2]);
    expect(first.commands.some((line) => line.startsWith("MAIL FROM"))).toBe(true);
    expect(told(two).map(({ what }) => what)).toContain("begun-elsewhere");
  });

  test("dies before the message: nothing was handed over, and the second takes it", async () => {
    first.fault("data", { kind: "drop" });
    const id = await desk.send();
    await desk.until(() => desk.item(id).state === "filed");
    expect([first.received.length, second.received.length]).toEqual([0, 1]);
  });

  test("it is used again as soon as it is back", async () => {
    first.fault("greeting", { kind: "drop" });
    const one = await desk.send();
    await desk.until(() => desk.item(one).state === "filed");
    desk.time.pass(60_000);
    const two = await desk.send();
    await desk.until(() => desk.item(two).state === "filed");
    expect([first.received.length, second.received.length]).toEqual([1, 1]);
  });

  test("while one message tries whether it is back, the others go over the second", async () => {
    first.fault("greeting", { kind: "drop" });
    const one = await desk.send();
    await desk.until(() => desk.item(one).state === "filed");
    desk.time.pass(60_000);
    first.fault("greeting", { kind: "hang" });
    const reached = first.reached("greeting");
    const probe = await desk.send({ subject: "probe" });
    await reached;
    const other = await desk.send({ subject: "other" });
    await desk.until(() => desk.item(other).state === "filed");
    expect(desk.item(probe).state).toBe("sending");
    first.dropAll();
    await desk.until(() => desk.item(probe).state === "filed");
    expect([first.received.length, second.received.length]).toEqual([0, 3]);
  });
});

describe("what was handed over stays with the first server", () => {
  test("it dies after the dot: unknown, and the second never hears of it", async () => {
    first.fault("end", { kind: "drop", accept: true });
    const id = await desk.send();
    await desk.until(() => desk.item(id).state === "unknown");
    first.fault("greeting", { kind: "drop" }, { times: 99 });
    for (let minutes = 0; minutes < 90; minutes += 1) {
      desk.time.pass(60_000);
      await settled();
    }
    expect(desk.item(id).state).toBe("unknown");
    expect([first.received.length, second.connections]).toEqual([1, 0]);
  });

  test("it takes it for one reader and dies: the second gets it for the others only, and Sent one copy as of the first", async () => {
    first.fault("rcpt", { kind: "say", line: "450 4.2.1 busy" }, { match: /[cd]@/u, times: 2 });
    first.fault("greeting", { kind: "drop" }, { times: 9, skip: 1 });
    const id = await desk.send({ to: people("b", "c", "d") });
    await desk.until(() => desk.item(id).attempts === 1 && desk.item(id).state === "queued");
    first.dropAll();
    await settled();
    desk.time.pass(60_000);
    await desk.until(() => desk.item(id).state === "filed");
    expect(first.received.map(({ to }) => to)).toEqual([["b@example.test"]]);
    expect(second.received.map(({ to }) => to)).toEqual([["c@example.test", "d@example.test"]]);
    expect(sentBy).toEqual([at(first)]);
  });

  test("it refuses the message for good: held, and the second is not asked", async () => {
    first.fault("end", { kind: "say", line: "554 5.7.1 not wanted" });
    const id = await desk.send();
    await desk.until(() => desk.item(id).state === "held");
    expect(second.connections).toBe(0);
  });
});

describe("only what the user has agreed to", () => {
  test("nothing: a message waits for the first", async () => {
    fallback = "none";
    first.fault("greeting", { kind: "drop" }, { times: 2 });
    const id = await desk.send();
    await desk.until(() => desk.outbox.health().servers[0]?.breaker === "open" && desk.item(id).state === "queued");
    await settled();
    expect(second.connections).toBe(0);
    fallback = "unreachable";
    desk.time.pass(60_000);
    await desk.until(() => desk.item(id).state === "filed");
    expect(second.received.length).toBe(1);
  });

  test("a day's limit is waited for, unless that was agreed to as well", async () => {
    first.fault("end", { kind: "say", line: "550 5.4.5 Daily user sending limit exceeded" });
    const id = await desk.send();
    await desk.until(() => desk.item(id).failure?.code === "sending-limit" && desk.item(id).state === "queued");
    await settled();
    expect(second.connections).toBe(0);
    expect(desk.item(id).nextTryAt).toBe(desk.time.now + 3_600_000);
    fallback = "limits";
    await desk.outbox.accountMended(desk.account);
    first.fault("mail", { kind: "say", line: "550 5.1.8 Access denied, bad outbound sender" });
    await desk.until(() => desk.item(id).state === "filed");
    expect(second.received.length).toBe(1);
    expect(told(id).find(({ what }) => what === "begun-elsewhere")?.code).toBe("sending-locked");
  });

  test("a sign-in that the first refuses stops the account; nobody is asked in its place", async () => {
    first.passwordOk = () => false;
    const id = await desk.send();
    await desk.until(() => desk.item(id).state === "held");
    expect(desk.item(id).failure?.kind).toBe("auth");
    expect(second.connections).toBe(0);
  });
});

test("a second server that refuses the sign-in is told about once; the message waits for the first, and goes", async () => {
  first.fault("greeting", { kind: "drop" }, { times: 2 });
  second.passwordOk = () => false;
  const id = await desk.send();
  await desk.until(() => desk.notices.some(({ code }) => code === "server-stopped"));
  await desk.until(() => desk.item(id).state === "queued");
  desk.time.pass(60_000);
  await desk.until(
    () => desk.outbox.health().servers[0]?.breaker === "open" && first.connections === 2 && desk.item(id).state === "queued",
  );
  expect(second.connections).toBe(1);
  desk.time.pass(120_000);
  await desk.until(() => desk.item(id).state === "filed");
  expect([first.received.length, second.received.length]).toEqual([1, 0]);
  expect(desk.notices.filter(({ code }) => code === "server-stopped").length).toBe(1);
});

test.each([
  ["does not know the sender", "mail", "553 5.7.1 <user1@example.test>: Sender address rejected: not owned by user", "sender-refused"],
  ["passes nothing on", "rcpt", "554 5.7.1 <b@example.test>: Relay access denied", "sender-refused"],
  ["wants another sign-in", "mail", "530 5.7.0 Authentication required", "no-credential"],
] as const)("a second server that %s is told about once; the message waits for the first, and goes", async (_, point, line, code) => {
  first.fault("greeting", { kind: "drop" }, { times: 2 });
  second.fault(point, { kind: "say", line }, { times: 100 });
  const id = await desk.send();
  await desk.until(() => desk.notices.some((one) => one.code === "server-stopped"));
  const failure = desk.notices.find((one) => one.code === "server-stopped")?.failure;
  expect(failure).toMatchObject({ code, serverWords: expect.stringContaining(line.slice(0, 3)), params: { port: second.port } });
  if (code === "sender-refused") expect(failure?.params).toMatchObject({ address: "user1@example.test" });
  await desk.until(() => desk.item(id).state === "queued");
  expect(desk.item(id)).toMatchObject({ attempts: 0, recipients: [{ state: "waiting" }] });
  desk.time.pass(60_000);
  await desk.until(() => first.connections === 2 && desk.item(id).state === "queued");
  expect(second.connections).toBe(1);
  desk.time.pass(120_000);
  await desk.until(() => desk.item(id).state === "filed");
  expect([first.received.length, second.received.length]).toEqual([1, 0]);
  expect(desk.notices.map((one) => one.code)).toEqual(["server-stopped", "message-sent"]);
});

test("a second server that takes it for its own people only: the others get it over the first, and nobody twice", async () => {
  first.fault("greeting", { kind: "drop" });
  second.fault("rcpt", { kind: "say", line: "550 5.7.1 Unable to relay" }, { match: /c@example/u, times: 100 });
  const id = await desk.send({
    to: [
      { name: "", address: "b@example.test" },
      { name: "", address: "c@example.test" },
    ],
  });
  await desk.until(() => second.received.length === 1 && desk.item(id).state === "queued");
  desk.time.pass(60_000);
  await desk.until(() => desk.item(id).state === "filed");
  expect([second.received.map(({ to }) => to), first.received.map(({ to }) => to)]).toEqual([[["b@example.test"]], [["c@example.test"]]]);
});

test("what a second server says of the reader holds the message, as it would on the first", async () => {
  first.fault("greeting", { kind: "drop" });
  second.fault("rcpt", { kind: "say", line: "550 5.1.1 <b@example.test>: Recipient address rejected: User unknown" });
  const id = await desk.send();
  await desk.until(() => desk.item(id).state === "held");
  expect(desk.item(id).failure?.code).toBe("recipient-refused");
  await desk.until(() => desk.notices.length > 0);
  expect(desk.notices.map((one) => one.code)).toEqual(["message-held"]);
});
