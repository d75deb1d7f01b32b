import { expect, test } from "vitest";
import { eachAtDesk } from "./at-desk.ts";
import type { Desk } from "./support.ts";

const HOUR = 3_600_000;

const here = eachAtDesk((server) => {
  server.capabilities = ["PIPELINING", "SIZE 50000000", "FUTURERELEASE 604800 2026-12-31T00:00:00Z", "AUTH PLAIN"];
  return {};
});

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
const mails = (): string[] => here.server.commands.filter((line) => line.startsWith("MAIL"));

async function handOver(at: number): ReturnType<Desk["send"]> {
  const { id, revision } = await here.desk.draft();
  return (await here.desk.outbox.send(id, revision, { sendAt: at, holdAtServer: true })).outboxId;
}

test("it is handed over at once with its moment, cannot be taken back, and is filed when the server sends it", async () => {
  const at = here.desk.time.now + 10 * HOUR;
  const id = await handOver(at);
  await here.desk.until(() => here.desk.item(id).state === "accepted");
  expect(mails()[0]).toContain(` HOLDUNTIL=${new Date(at).toISOString().replace(".000", "")}`);
  expect(here.desk.item(id)).toMatchObject({ hold: "asked", sendAt: at });
  await expect(here.desk.outbox.cancel(id)).rejects.toMatchObject({ code: "already-sent" });
  expect(here.desk.outbox.timeline(id).events.map(({ what }) => what)).toContain("accepted-for-later");
  await here.desk.until(() => here.desk.notices.length === 1);
  expect(here.desk.notices[0]?.code).toBe("message-scheduled");
  here.desk.time.pass(10 * HOUR - 1);
  await settled();
  expect(here.desk.sent.length).toBe(0);
  here.desk.time.pass(1);
  await here.desk.until(() => here.desk.item(id).state === "filed");
  expect(here.server.received.length).toBe(1);
});

test.each([
  ["that holds nothing", ["AUTH PLAIN"], "not-offered"],
  ["that holds an hour", ["FUTURERELEASE 3600 2026-12-31T00:00:00Z", "AUTH PLAIN"], "too-far"],
  ["that holds until yesterday", ["FUTURERELEASE 604800 2026-11-20T00:00:00Z", "AUTH PLAIN"], "too-far"],
] as const)("a server %s gets nothing before its moment, and the user hears it", async (_name, capabilities, hold) => {
  here.server.capabilities = [...capabilities];
  const at = here.desk.time.now + 10 * HOUR;
  const id = await handOver(at);
  await here.desk.until(() => here.desk.item(id).hold === hold && here.desk.notices.length === 1);
  expect(mails()).toEqual([]);
  expect(here.desk.item(id)).toMatchObject({ state: "queued", attempts: 0, nextTryAt: at });
  expect(here.desk.notices.map(({ code }) => code)).toEqual(["kept-here"]);
  here.desk.time.pass(10 * HOUR);
  await here.desk.until(() => here.desk.item(id).state === "filed");
  expect(mails().some((line) => line.includes("HOLDUNTIL"))).toBe(false);
});

test("a server that offers it and refuses the parameter gets nothing before its moment", async () => {
  here.server.fault("mail", { kind: "say", line: "501 5.5.4 bad HOLDUNTIL" });
  const id = await handOver(here.desk.time.now + HOUR);
  await here.desk.until(() => here.desk.item(id).hold === "not-offered");
  expect(here.server.received.length).toBe(0);
  here.desk.time.pass(HOUR);
  await here.desk.until(() => here.desk.item(id).state === "filed");
  expect(here.server.received.length).toBe(1);
});

test("taken, and the answer lost: unknown, never sent again, and looked for from its moment on", async () => {
  here.server.fault("end", { kind: "drop", accept: true });
  const at = here.desk.time.now + HOUR;
  const id = await handOver(at);
  await here.desk.until(() => here.desk.item(id).state === "unknown");
  expect(here.desk.item(id).unknown?.nextLookAt).toBe(at);
  here.desk.time.pass(5 * HOUR);
  await settled();
  expect(here.server.received.length).toBe(1);
});

test("only over encrypted lines: a server that does not promise it gets nothing, until the user does without", async () => {
  const id = await here.desk.send({ requireTls: true });
  await here.desk.until(() => here.desk.item(id).state === "held");
  expect(here.desk.item(id).failure?.code).toBe("tls-not-promised");
  expect(mails()).toEqual([]);
  await here.desk.outbox.withoutTls(id);
  await here.desk.until(() => here.desk.item(id).state === "filed");
  expect(here.server.received.length).toBe(1);
});
