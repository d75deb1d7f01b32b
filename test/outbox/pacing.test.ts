import { describe, expect, test } from "vitest";
import { NOTHING_LEARNT } from "../../main/plan/pace.ts";
import { readLearntSending, writeLearntSending } from "../../main/store/sending-servers.ts";
import { eachAtDesk } from "./at-desk.ts";
import { openDesk } from "./support.ts";

const here = eachAtDesk();

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
const standing = () => here.desk.outbox.health().servers[0];

test("a server that is down is tried by one connection at a time, also with much to send", async () => {
  here.server.fault("greeting", { kind: "drop" }, { times: 4 });
  here.desk.outbox.pause(true);
  const ids = await Promise.all(Array.from({ length: 9 }, (_, at) => here.desk.send({ subject: `number ${at}` })));
  here.desk.outbox.pause(false);
  // Nobody knew at first: two were opened for nine messages. From then on each time one tries for all.
  for (const connections of [2, 3, 4]) {
    await here.desk.until(
      () => standing()?.breaker === "open" && here.desk.outbox.health().waiting === 9 && here.server.connections === connections,
    );
    await settled();
    expect(standing()).toMatchObject({ breaker: "open", failure: { kind: "offline" } });
    here.desk.time.pass((standing()?.tryAt ?? 0) - here.desk.time.now);
  }
  await here.desk.until(() => ids.every((id) => here.desk.item(id).state === "filed"));
  expect(standing()).toMatchObject({ breaker: "closed", acceptedLastDay: 9 });
  expect(ids.every((id) => here.desk.item(id).attempts === 1)).toBe(true);
});

test("a day's limit pauses the server, costs no attempt, and everything goes when it is over", async () => {
  here.server.fault("end", { kind: "say", line: "550 5.4.5 Daily user sending limit exceeded" });
  const first = await here.desk.send({ subject: "first" });
  await here.desk.until(() => here.desk.item(first).failure !== null && here.desk.item(first).state === "queued");
  const second = await here.desk.send({ subject: "second" });
  await settled();
  expect(here.desk.item(first)).toMatchObject({ attempts: 0, failure: { code: "sending-limit" } });
  expect(standing()?.wait).toMatchObject({ why: "server", until: here.desk.time.now + 3_600_000, failure: { code: "sending-limit" } });
  expect(here.desk.item(second).nextTryAt).toBe(here.desk.time.now + 3_600_000);
  expect(here.server.received.length).toBe(0);
  here.desk.time.pass(3_600_000);
  await here.desk.until(() => here.desk.item(first).state === "filed" && here.desk.item(second).state === "filed");
  expect(standing()?.wait).toBeNull();
});

test("a pause outlives a restart, and Send now puts it aside", async () => {
  here.server.fault("mail", { kind: "say", line: "550 5.1.8 Access denied, bad outbound sender" });
  const id = await here.desk.send();
  await here.desk.until(() => here.desk.item(id).failure?.code === "sending-locked");
  const { profileDir } = here.desk;
  const { now } = here.desk.time;
  await here.desk.close(true);
  here.desk = await openDesk(here.server.port, {}, profileDir);
  await settled();
  expect(here.desk.item(id)).toMatchObject({ state: "queued", nextTryAt: now + 3_600_000 });
  await here.desk.outbox.retry(id);
  await here.desk.until(() => here.desk.item(id).state === "filed");
  expect(here.server.received.length).toBe(1);
});

test("what was learnt of a server, and what left in the last minute, counts after a restart too", async () => {
  const server = `127.0.0.1:${here.server.port}`;
  const { store, account, profileDir } = here.desk;
  const learnt = { ...NOTHING_LEARNT, messagesAMinute: 8, messagesAConnection: 1, learntAt: here.desk.time.now };
  store.db.write((tx) => writeLearntSending(tx, account, server, learnt));
  const again = async (): Promise<void> => {
    const { time } = here.desk;
    await here.desk.close(true);
    here.desk = await openDesk(here.server.port, { timers: time }, profileDir);
  };
  await again();
  for (const subject of ["first", "second"]) {
    const id = await here.desk.send({ subject });
    await here.desk.until(() => here.desk.item(id).state === "filed");
  }
  await again();
  const third = await here.desk.send({ subject: "third" });
  await settled();
  expect(standing()).toMatchObject({ messagesAMinute: 8, acceptedLastMinute: 2, wait: { why: "minute" } });
  expect(here.server.connections).toBe(2);
  here.desk.time.pass(6 * 3_600_000);
  await here.desk.until(() => here.desk.item(third).state === "filed");
  expect(readLearntSending(here.desk.store.db, account, server)).toMatchObject({ messagesAConnection: 2 });
});

test("a connection stays for the next message, and goes when none comes", async () => {
  const first = await here.desk.send();
  await here.desk.until(() => here.desk.item(first).state === "filed");
  await settled();
  const second = await here.desk.send();
  await here.desk.until(() => here.desk.item(second).state === "filed");
  expect(here.server.connections).toBe(1);
  await settled();
  here.desk.time.pass(15_000);
  const third = await here.desk.send();
  await here.desk.until(() => here.desk.item(third).state === "filed");
  expect(here.server.connections).toBe(2);
});

test("a connection that the server closed while it lay idle costs nothing", async () => {
  const first = await here.desk.send();
  await here.desk.until(() => here.desk.item(first).state === "filed");
  here.server.dropAll();
  const second = await here.desk.send();
  await here.desk.until(() => here.desk.item(second).state === "filed");
  expect(here.desk.item(second).attempts).toBe(1);
  expect(here.server.received.length).toBe(2);
});

test("what the user has just sent goes before what is tried again", async () => {
  here.server.fault("end", { kind: "say", line: "451 4.3.0 later" }, { times: 2 });
  const old = await Promise.all([here.desk.send({ subject: "old 1" }), here.desk.send({ subject: "old 2" })]);
  await here.desk.until(() => old.every((id) => here.desk.item(id).attempts === 1 && here.desk.item(id).state === "queued"));
  here.desk.outbox.pause(true);
  const fresh = await here.desk.send({ subject: "fresh" });
  here.desk.time.pass(60_000);
  here.desk.outbox.pause(false);
  await here.desk.until(() => [...old, fresh].every((id) => here.desk.item(id).state === "filed"));
  expect(here.server.received[0]?.bytes.toString()).toContain("Subject: fresh");
});

describe("too many recipients for one message", () => {
  const people = ["b", "c", "d", "e", "f"].map((name) => ({ name: "", address: `${name}@example.test` }));
  test("the rest go in the next at once, each gets it once, and Sent has one copy", async () => {
    here.server.fault("rcpt", { kind: "say", line: "452 4.5.3 Too many recipients" }, { match: /[def]@/u, times: 3 });
    here.server.fault("rcpt", { kind: "say", line: "452 4.5.3 Too many recipients" }, { match: /f@/u, times: 1 });
    const id = await here.desk.send({ to: people });
    await here.desk.until(() => here.desk.item(id).state === "filed");
    expect(here.server.received.map(({ to }) => to.map((address) => address[0]).join(""))).toEqual(["bc", "de", "f"]);
    expect(here.desk.sent.length).toBe(1);
  });
});

test("turned away for different reasons: one for good, the other is tried again, and nobody has it meanwhile", async () => {
  here.server.fault("rcpt", { kind: "say", line: "450 4.2.1 busy" }, { match: /b@/u });
  here.server.fault("rcpt", { kind: "say", line: "550 5.1.1 nobody" }, { match: /c@/u, times: 9 });
  const id = await here.desk.send({ to: ["b", "c"].map((name) => ({ name: "", address: `${name}@example.test` })) });
  await here.desk.until(() => here.desk.item(id).attempts === 1);
  expect(here.desk.item(id)).toMatchObject({ state: "queued", recipients: [{ state: "deferred" }, { state: "refused" }] });
  expect(here.desk.item(id).recipients.map(({ reason }) => reason)).toEqual(["recipient-busy", "no-such-address"]);
  here.desk.time.pass(60_000);
  await here.desk.until(() => here.desk.item(id).state === "held");
  expect(here.server.received.map(({ to }) => to)).toEqual([["b@example.test"]]);
  // Nobody is asked again about an address that was refused for good.
  expect(here.server.commands.filter((line) => line.startsWith("RCPT TO:<c@")).length).toBe(1);
});
