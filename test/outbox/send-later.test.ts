import { afterEach, beforeEach, expect, test } from "vitest";
import { FaultySmtp } from "../servers/smtp-faults.ts";
import { type Desk, openDesk } from "./support.ts";

const HOUR = 3_600_000;

let server: FaultySmtp;
let desk: Desk;
let online: boolean;
beforeEach(async () => {
  server = await FaultySmtp.start();
  online = true;
  desk = await openDesk(server.port, { isOnline: () => online });
});
afterEach(async () => {
  await desk.close();
  await server.stop();
});

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

async function sendAt(at: number | null): ReturnType<Desk["send"]> {
  const { id, revision } = await desk.draft();
  return (await desk.outbox.send(id, revision, { sendAt: at })).outboxId;
}

test("it goes at its moment, not before, and bears that moment as its date", async () => {
  const at = desk.time.now + 10 * HOUR;
  const id = await sendAt(at);
  await settled();
  expect(desk.item(id)).toMatchObject({ state: "queued", sendAt: at, nextTryAt: at });
  desk.time.pass(10 * HOUR - 1);
  await settled();
  expect(server.connections).toBe(0);
  desk.time.pass(1);
  await desk.until(() => desk.item(id).state === "filed");
  const date = /^Date: (.*)$/mu.exec(server.received[0]?.bytes.toString() ?? "")?.[1] ?? "";
  expect(new Date(date).getTime()).toBe(at);
});

test("a moment that is past is now, and one further away than a year is refused", async () => {
  const id = await sendAt(desk.time.now - HOUR);
  await desk.until(() => desk.item(id).state === "filed");
  const { id: draft, revision } = await desk.draft();
  await expect(desk.outbox.send(draft, revision, { sendAt: desk.time.now + 400 * 24 * HOUR })).rejects.toMatchObject({
    code: "invalid-input",
  });
});

test("Send now does not wait for it, and edited it is a draft again", async () => {
  const now = await sendAt(desk.time.now + 10 * HOUR);
  await desk.outbox.retry(now);
  await desk.until(() => desk.item(now).state === "filed");
  const edited = await sendAt(desk.time.now + 10 * HOUR);
  await desk.outbox.edit(edited);
  desk.time.pass(24 * HOUR);
  await settled();
  expect(server.received.length).toBe(1);
  expect(desk.composing.drafts().length).toBe(1);
});

test("two hours late it still goes by itself, a minute more and the user is asked, once", async () => {
  const at = desk.time.now + HOUR;
  online = false;
  const early = await sendAt(at);
  desk.time.pass(3 * HOUR);
  online = true;
  desk.outbox.wake();
  await desk.until(() => desk.item(early).state === "filed");
  online = false;
  const late = await sendAt(desk.time.now + HOUR);
  desk.time.pass(3 * HOUR + 60_000);
  online = true;
  desk.outbox.wake();
  await desk.until(() => desk.item(late).state === "held");
  expect(desk.item(late).failure?.code).toBe("send-late");
  expect(desk.notices.filter(({ code }) => code === "message-held").length).toBe(1);
  expect(server.received.length).toBe(1);
  await desk.outbox.retry(late);
  await desk.until(() => desk.item(late).state === "filed");
});

test("the computer was off over its moment: asked after the start", async () => {
  const id = await sendAt(desk.time.now + HOUR);
  const { profileDir } = desk;
  await desk.close(true);
  desk = await openDesk(server.port, { clock: () => desk.time.now + 5 * HOUR }, profileDir);
  await desk.until(() => desk.item(id).state === "held");
  expect(desk.item(id)).toMatchObject({ failure: { code: "send-late" }, attempts: 0 });
  expect(server.connections).toBe(0);
});

test("what was tried in time and failed is no question of lateness", async () => {
  server.fault("end", { kind: "say", line: "451 4.3.0 later" });
  const id = await sendAt(desk.time.now + HOUR);
  desk.time.pass(HOUR);
  await desk.until(() => desk.item(id).attempts === 1);
  online = false;
  desk.time.pass(6 * HOUR);
  online = true;
  desk.outbox.wake();
  await desk.until(() => desk.item(id).state === "filed");
});

test("a clock that is set forward is noticed within a minute, whatever the timers thought", async () => {
  let shift = 0;
  await desk.close();
  desk = await openDesk(server.port, { clock: () => desk.time.now + shift });
  const id = await sendAt(desk.time.now + 10 * HOUR);
  await settled();
  shift = 10 * HOUR + 5;
  desk.time.pass(60_000);
  await desk.until(() => desk.item(id).state === "filed");
});
