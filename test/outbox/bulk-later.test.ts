import { expect, test } from "vitest";
import { planStart } from "../../main/plan/bulk.ts";
import type { BulkId } from "../../shared/ids.ts";
import { eachAtDesk } from "./at-desk.ts";
import { openDesk, TestTime } from "./support.ts";

const HOUR = 3_600_000;

let time: TestTime;
const here = eachAtDesk(() => {
  time = new TestTime();
  return { timers: time };
});

const bulks = () => here.desk.outbox.bulks;
const read = (id: BulkId) => bulks().read(id);
const summary = () => here.desk.outbox.list().bulks[0];
/** What is sent meanwhile goes, and nothing else has. */
async function onlyOthers(): Promise<void> {
  const id = await here.desk.send();
  await here.desk.until(() => here.desk.item(id).state === "filed");
  expect(new Set(here.server.received.flatMap(({ to }) => to))).toEqual(new Set(["b@example.test"]));
  here.server.received.length = 0;
}

async function startAt(at: number | null): Promise<BulkId> {
  const { id: draftId } = await here.desk.draft({ to: [], subject: "For {{Name}}", html: "<p>Dear {{Name}}</p>" });
  const csv = ["Name,Mail", ...["Ana", "Bob", "Cem"].map((name) => `${name},${name.toLowerCase()}@example.test`)].join("\n");
  const id = await bulks().preparing.begin(draftId, { kind: "file", name: "people.csv", base64: Buffer.from(csv).toString("base64") }, []);
  bulks().preparing.change(id, { options: { perMinute: null, startAt: at } });
  await bulks().start(id, read(id).revision);
  return id;
}

async function again(): Promise<void> {
  const { profileDir } = here.desk;
  await here.desk.close(true);
  here.desk = await openDesk(here.server.port, { timers: time }, profileDir);
}

test("nothing leaves before its moment; then each gets a message that bears it", async () => {
  const at = time.now + 10 * HOUR;
  const id = await startAt(at);
  time.pass(10 * HOUR - 1);
  await onlyOthers();
  expect(summary()).toMatchObject({ state: "running", startAt: at, counts: { waiting: 3 } });
  time.pass(1);
  await here.desk.until(() => read(id).state === "ended");
  expect(here.server.received.length).toBe(3);
  for (const { bytes } of here.server.received) expect(Date.parse(/^Date: (.*)$/mu.exec(bytes.toString())?.[1] ?? "")).toBe(at);
  expect(summary()).toMatchObject({ startAt: null, counts: { accepted: 3 } });
});

test("started again before its moment it waits on; over its moment it goes by itself", async () => {
  const id = await startAt(time.now + 10 * HOUR);
  time.pass(HOUR);
  await again();
  await onlyOthers();
  time.pass(10 * HOUR);
  await again();
  await here.desk.until(() => read(id).state === "ended");
  expect(here.server.received.length).toBe(3);
});

test("more than two hours late it stands still until the user lets it go on", async () => {
  const id = await startAt(time.now + HOUR);
  const { profileDir } = here.desk;
  await here.desk.close(true);
  time.pass(3 * HOUR + 60_000);
  here.desk = await openDesk(here.server.port, { timers: time }, profileDir);
  await here.desk.until(() => read(id).state === "paused");
  expect(read(id).failure?.code).toBe("send-late");
  expect(here.desk.notices.map(({ code }) => code)).toEqual(["bulk-paused"]);
  time.pass(HOUR);
  await onlyOthers();
  bulks().pause(id, false);
  await here.desk.until(() => read(id).state === "ended");
  expect(here.server.received.length).toBe(3);
});

test("paused and let go on before its moment, it keeps it; begun at once, it does not wait", async () => {
  const at = time.now + 10 * HOUR;
  const id = await startAt(at);
  bulks().pause(id, true);
  bulks().pause(id, false);
  time.pass(HOUR);
  await onlyOthers();
  expect(read(id)).toMatchObject({ state: "running", startAt: at });
  bulks().now(id);
  await here.desk.until(() => read(id).state === "ended");
  expect(here.server.received.length).toBe(3);
});

test("cancelled while it waits, nobody gets anything, and it has ended", async () => {
  const id = await startAt(time.now + 10 * HOUR);
  await bulks().cancel(id);
  await here.desk.until(() => read(id).state === "ended");
  time.pass(11 * HOUR);
  await onlyOthers();
  expect(read(id).counts).toMatchObject({ cancelled: 3, waiting: 0 });
});

test("a moment that is past is now, and one further away than a year is refused", async () => {
  const id = await startAt(time.now - 5000);
  await here.desk.until(() => read(id).state === "ended");
  await expect(startAt(time.now + 400 * 24 * HOUR)).rejects.toMatchObject({ code: "invalid-input" });
});

test("it is asked about as late as a single message is", () => {
  const at = Date.UTC(2026, 10, 21);
  expect(planStart(null, at)).toEqual({ kind: "begin" });
  expect(planStart(at + 1, at)).toEqual({ kind: "wait", until: at + 1 });
  expect(planStart(at, at + 2 * HOUR)).toEqual({ kind: "begin" });
  expect(planStart(at, at + 2 * HOUR + 1)).toEqual({ kind: "ask" });
});
