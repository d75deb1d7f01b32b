import { afterEach, beforeEach, expect, test } from "vitest";
import { FaultySmtp } from "../servers/smtp-faults.ts";
import { type Desk, openDesk } from "./support.ts";

const HOUR = 3_600_000;

let server: FaultySmtp;
let desk: Desk;
beforeEach(async () => {
  server = await FaultySmtp.start();
  server.capabilities = ["PIPELINING", "SIZE 50000000", "FUTURERELEASE 604800 2026-12-31T00:00:00Z", "AUTH PLAIN"];
  desk = await openDesk(server.port);
});
afterEach(async () => {
  await desk.close();
  await server.stop();
});

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
const mails = (): string[] => server.commands.filter((line) => line.startsWith("MAIL"));

async function handOver(at: number): ReturnType<Desk["send"]> {
  const { id, revision } = await desk.draft();
  return (await desk.outbox.send(id, revision, { sendAt: at, holdAtServer: true })).outboxId;
}

test("it is handed over at once with its moment, cannot be taken back, and is filed when the server sends it", async () => {
  const at = desk.time.now + 10 * HOUR;
  const id = await handOver(at);
  await desk.until(() => desk.item(id).state === "accepted");
  expect(mails()[0]).toContain(` HOLDUNTIL=${new Date(at).toISOString().replace(".000", "")}`);
  expect(desk.item(id)).toMatchObject({ hold: "asked", sendAt: at });
  await expect(desk.outbox.cancel(id)).rejects.toMatchObject({ code: "already-sent" });
  expect(desk.outbox.timeline(id).events.map(({ what }) => what)).toContain("accepted-for-later");
  await desk.until(() => desk.notices.length === 1);
  expect(desk.notices[0]?.code).toBe("message-scheduled");
  desk.time.pass(10 * HOUR - 1);
  await settled();
  expect(desk.sent.length).toBe(0);
  desk.time.pass(1);
  await desk.until(() => desk.item(id).state === "filed");
  expect(server.received.length).toBe(1);
});

test.each([
  ["that holds nothing", ["AUTH PLAIN"], "not-offered"],
  ["that holds an hour", ["FUTURERELEASE 3600 2026-12-31T00:00:00Z", "AUTH PLAIN"], "too-far"],
  ["that holds until yesterday", ["FUTURERELEASE 604800 2026-11-20T00:00:00Z", "AUTH PLAIN"], "too-far"],
] as const)("a server %s gets nothing before its moment, and the user hears it", async (_name, capabilities, hold) => {
  server.capabilities = [...capabilities];
  const at = desk.time.now + 10 * HOUR;
  const id = await handOver(at);
  await desk.until(() => desk.item(id).hold === hold && desk.notices.length === 1);
  expect(mails()).toEqual([]);
  expect(desk.item(id)).toMatchObject({ state: "queued", attempts: 0, nextTryAt: at });
  expect(desk.notices.map(({ code }) => code)).toEqual(["kept-here"]);
  desk.time.pass(10 * HOUR);
  await desk.until(() => desk.item(id).state === "filed");
  expect(mails().some((line) => line.includes("HOLDUNTIL"))).toBe(false);
});

test("a server that offers it and refuses the parameter gets nothing before its moment", async () => {
  server.fault("mail", { kind: "say", line: "501 5.5.4 bad HOLDUNTIL" });
  const id = await handOver(desk.time.now + HOUR);
  await desk.until(() => desk.item(id).hold === "not-offered");
  expect(server.received.length).toBe(0);
  desk.time.pass(HOUR);
  await desk.until(() => desk.item(id).state === "filed");
  expect(server.received.length).toBe(1);
});

test("taken, and the answer lost: unknown, never sent again, and looked for from its moment on", async () => {
  server.fault("end", { kind: "drop", accept: true });
  const at = desk.time.now + HOUR;
  const id = await handOver(at);
  await desk.until(() => desk.item(id).state === "unknown");
  expect(desk.item(id).unknown?.nextLookAt).toBe(at);
  desk.time.pass(5 * HOUR);
  await settled();
  expect(server.received.length).toBe(1);
});

test("only over encrypted lines: a server that does not promise it gets nothing, until the user does without", async () => {
  const id = await desk.send({ requireTls: true });
  await desk.until(() => desk.item(id).state === "held");
  expect(desk.item(id).failure?.code).toBe("tls-not-promised");
  expect(mails()).toEqual([]);
  await desk.outbox.withoutTls(id);
  await desk.until(() => desk.item(id).state === "filed");
  expect(server.received.length).toBe(1);
});
