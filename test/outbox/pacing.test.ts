import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FaultySmtp } from "../servers/smtp-faults.ts";
import { type Desk, openDesk } from "./support.ts";

let server: FaultySmtp;
let desk: Desk;
beforeEach(async () => {
  server = await FaultySmtp.start();
  desk = await openDesk(server.port);
});
afterEach(async () => {
  await desk.close();
  await server.stop();
});

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
const standing = () => desk.outbox.health().servers[0];

test("a server that is down is tried by one connection at a time, also with much to send", async () => {
  server.fault("greeting", { kind: "drop" }, { times: 4 });
  desk.outbox.pause(true);
  const ids = await Promise.all(Array.from({ length: 9 }, (_, at) => desk.send({ subject: `number ${at}` })));
  desk.outbox.pause(false);
  // Nobody knew at first: two were opened for nine messages. From then on each time one tries for all.
  for (const connections of [2, 3, 4]) {
    await desk.until(() => standing()?.breaker === "open" && desk.outbox.health().waiting === 9 && server.connections === connections);
    await settled();
    expect(standing()).toMatchObject({ breaker: "open", failure: { kind: "offline" } });
    desk.time.pass((standing()?.tryAt ?? 0) - desk.time.now);
  }
  await desk.until(() => ids.every((id) => desk.item(id).state === "filed"));
  expect(standing()).toMatchObject({ breaker: "closed", acceptedLastDay: 9 });
  expect(ids.every((id) => desk.item(id).attempts === 1)).toBe(true);
});

test("a day's limit pauses the server, costs no attempt, and everything goes when it is over", async () => {
  server.fault("end", { kind: "say", line: "550 5.4.5 Daily user sending limit exceeded" });
  const first = await desk.send({ subject: "first" });
  await desk.until(() => desk.item(first).failure !== null && desk.item(first).state === "queued");
  const second = await desk.send({ subject: "second" });
  await settled();
  expect(desk.item(first)).toMatchObject({ attempts: 0, failure: { code: "sending-limit" } });
  expect(standing()?.wait).toMatchObject({ why: "server", until: desk.time.now + 3_600_000, failure: { code: "sending-limit" } });
  expect(desk.item(second).nextTryAt).toBe(desk.time.now + 3_600_000);
  expect(server.received.length).toBe(0);
  desk.time.pass(3_600_000);
  await desk.until(() => desk.item(first).state === "filed" && desk.item(second).state === "filed");
  expect(standing()?.wait).toBeNull();
});

test("a pause outlives a restart, and Send now puts it aside", async () => {
  server.fault("mail", { kind: "say", line: "550 5.1.8 Access denied, bad outbound sender" });
  const id = await desk.send();
  await desk.until(() => desk.item(id).failure?.code === "sending-locked");
  const { profileDir } = desk;
  const { now } = desk.time;
  await desk.close(true);
  desk = await openDesk(server.port, {}, profileDir);
  await settled();
  expect(desk.item(id)).toMatchObject({ state: "queued", nextTryAt: now + 3_600_000 });
  await desk.outbox.retry(id);
  await desk.until(() => desk.item(id).state === "filed");
  expect(server.received.length).toBe(1);
});

test("a connection stays for the next message, and goes when none comes", async () => {
  const first = await desk.send();
  await desk.until(() => desk.item(first).state === "filed");
  await settled();
  const second = await desk.send();
  await desk.until(() => desk.item(second).state === "filed");
  expect(server.connections).toBe(1);
  await settled();
  desk.time.pass(15_000);
  const third = await desk.send();
  await desk.until(() => desk.item(third).state === "filed");
  expect(server.connections).toBe(2);
});

test("a connection that the server closed while it lay idle costs nothing", async () => {
  const first = await desk.send();
  await desk.until(() => desk.item(first).state === "filed");
  server.dropAll();
  const second = await desk.send();
  await desk.until(() => desk.item(second).state === "filed");
  expect(desk.item(second).attempts).toBe(1);
  expect(server.received.length).toBe(2);
});

test("what the user has just sent goes before what is tried again", async () => {
  server.fault("end", { kind: "say", line: "451 4.3.0 later" }, { times: 2 });
  const old = await Promise.all([desk.send({ subject: "old 1" }), desk.send({ subject: "old 2" })]);
  await desk.until(() => old.every((id) => desk.item(id).attempts === 1 && desk.item(id).state === "queued"));
  desk.outbox.pause(true);
  const fresh = await desk.send({ subject: "fresh" });
  desk.time.pass(60_000);
  desk.outbox.pause(false);
  await desk.until(() => [...old, fresh].every((id) => desk.item(id).state === "filed"));
  expect(server.received[0]?.bytes.toString()).toContain("Subject: fresh");
});

describe("too many recipients for one message", () => {
  const people = ["b", "c", "d", "e", "f"].map((name) => ({ name: "", address: `${name}@example.test` }));
  test("the rest go in the next at once, each gets it once, and Sent has one copy", async () => {
    server.fault("rcpt", { kind: "say", line: "452 4.5.3 Too many recipients" }, { match: /[def]@/u, times: 3 });
    server.fault("rcpt", { kind: "say", line: "452 4.5.3 Too many recipients" }, { match: /f@/u, times: 1 });
    const id = await desk.send({ to: people });
    await desk.until(() => desk.item(id).state === "filed");
    expect(server.received.map(({ to }) => to.map((address) => address[0]).join(""))).toEqual(["bc", "de", "f"]);
    expect(desk.sent.length).toBe(1);
  });
});

test("turned away for different reasons: one for good, the other is tried again, and nobody has it meanwhile", async () => {
  server.fault("rcpt", { kind: "say", line: "450 4.2.1 busy" }, { match: /b@/u });
  server.fault("rcpt", { kind: "say", line: "550 5.1.1 nobody" }, { match: /c@/u, times: 9 });
  const id = await desk.send({ to: ["b", "c"].map((name) => ({ name: "", address: `${name}@example.test` })) });
  await desk.until(() => desk.item(id).attempts === 1);
  expect(desk.item(id)).toMatchObject({ state: "queued", recipients: [{ state: "deferred" }, { state: "refused" }] });
  expect(desk.item(id).recipients.map(({ reason }) => reason)).toEqual(["recipient-busy", "no-such-address"]);
  desk.time.pass(60_000);
  await desk.until(() => desk.item(id).state === "held");
  expect(server.received.map(({ to }) => to)).toEqual([["b@example.test"]]);
  // Nobody is asked again about an address that was refused for good.
  expect(server.commands.filter((line) => line.startsWith("RCPT TO:<c@")).length).toBe(1);
});
