import { expect, test } from "vitest";
import { eachAtDesk } from "./at-desk.ts";
import { type Desk, openDesk } from "./support.ts";

const HOUR = 3_600_000;

let online: boolean;
const here = eachAtDesk(() => {
  online = true;
  return { isOnline: () => online };
});

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

async function sendAt(at: number | null): ReturnType<Desk["send"]> {
  const { id, revision } = await here.desk.draft();
  return (await here.desk.outbox.send(id, revision, { sendAt: at })).outboxId;
}

test("it goes at its moment, not before, and bears that moment as its date", async () => {
  const at = here.desk.time.now + 10 * HOUR;
  const id = await sendAt(at);
  await settled();
  expect(here.desk.item(id)).toMatchObject({ state: "queued", sendAt: at, nextTryAt: at });
  here.desk.time.pass(10 * HOUR - 1);
  await settled();
  expect(here.server.connections).toBe(0);
  here.desk.time.pass(1);
  await here.desk.until(() => here.desk.item(id).state === "filed");
  const date = /^Date: (.*)$/mu.exec(here.server.received[0]?.bytes.toString() ?? "")?.[1] ?? "";
  expect(new Date(date).getTime()).toBe(at);
});

test("a moment that is past is now, and one further away than a year is refused", async () => {
  const id = await sendAt(here.desk.time.now - HOUR);
  await here.desk.until(() => here.desk.item(id).state === "filed");
  const { id: draft, revision } = await here.desk.draft();
  await expect(here.desk.outbox.send(draft, revision, { sendAt: here.desk.time.now + 400 * 24 * HOUR })).rejects.toMatchObject({
    code: "invalid-input",
  });
});

test("Send now does not wait for it, and edited it is a draft again", async () => {
  const now = await sendAt(here.desk.time.now + 10 * HOUR);
  await here.desk.outbox.retry(now);
  await here.desk.until(() => here.desk.item(now).state === "filed");
  const edited = await sendAt(here.desk.time.now + 10 * HOUR);
  await here.desk.outbox.edit(edited);
  here.desk.time.pass(24 * HOUR);
  await settled();
  expect(here.server.received.length).toBe(1);
  expect(here.desk.composing.drafts().length).toBe(1);
});

test("two hours late it still goes by itself, a minute more and the user is asked, once", async () => {
  const at = here.desk.time.now + HOUR;
  online = false;
  const early = await sendAt(at);
  here.desk.time.pass(3 * HOUR);
  online = true;
  here.desk.outbox.wake();
  await here.desk.until(() => here.desk.item(early).state === "filed");
  online = false;
  const late = await sendAt(here.desk.time.now + HOUR);
  here.desk.time.pass(3 * HOUR + 60_000);
  online = true;
  here.desk.outbox.wake();
  await here.desk.until(() => here.desk.item(late).state === "held");
  expect(here.desk.item(late).failure?.code).toBe("send-late");
  expect(here.desk.notices.filter(({ code }) => code === "message-held").length).toBe(1);
  expect(here.server.received.length).toBe(1);
  await here.desk.outbox.retry(late);
  await here.desk.until(() => here.desk.item(late).state === "filed");
});

test("the computer was off over its moment: asked after the start", async () => {
  const id = await sendAt(here.desk.time.now + HOUR);
  const { profileDir } = here.desk;
  await here.desk.close(true);
  here.desk = await openDesk(here.server.port, { clock: () => here.desk.time.now + 5 * HOUR }, profileDir);
  await here.desk.until(() => here.desk.item(id).state === "held");
  expect(here.desk.item(id)).toMatchObject({ failure: { code: "send-late" }, attempts: 0 });
  expect(here.server.connections).toBe(0);
});

test("what was tried in time and failed is no question of lateness", async () => {
  here.server.fault("end", { kind: "say", line: "451 4.3.0 later" });
  const id = await sendAt(here.desk.time.now + HOUR);
  here.desk.time.pass(HOUR);
  await here.desk.until(() => here.desk.item(id).attempts === 1);
  online = false;
  here.desk.time.pass(6 * HOUR);
  online = true;
  here.desk.outbox.wake();
  await here.desk.until(() => here.desk.item(id).state === "filed");
});

test("a clock that is set forward is noticed within a minute, whatever the timers thought", async () => {
  let shift = 0;
  await here.desk.close();
  here.desk = await openDesk(here.server.port, { clock: () => here.desk.time.now + shift });
  const id = await sendAt(here.desk.time.now + 10 * HOUR);
  await settled();
  shift = 10 * HOUR + 5;
  here.desk.time.pass(60_000);
  await here.desk.until(() => here.desk.item(id).state === "filed");
});
