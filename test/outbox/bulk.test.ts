import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readBulkRows } from "../../main/store/bulk.ts";
import type { BulkOptions, BulkRow } from "../../shared/contract/bulk.ts";
import type { DraftContent } from "../../shared/contract/compose.ts";
import type { BulkId, DraftId } from "../../shared/ids.ts";
import { eachAtDesk } from "./at-desk.ts";

const here = eachAtDesk();

const bulks = () => here.desk.outbox.bulks;
const rows = (id: BulkId): BulkRow[] => readBulkRows(here.desk.store.db, id, null, -1, 5000);
const ended = (id: BulkId) => here.desk.until(() => bulks().read(id).state === "ended");
const tableOf = (names: readonly string[]): string =>
  ["Name,Mail,City", ...names.map((name) => `${name},${name.toLowerCase()}@example.test,Town of ${name}`)].join("\n");
const textOf = (bytes: Buffer): string => bytes.toString("latin1");
const everybody = (): string[] => here.server.received.flatMap(({ to }) => to).toSorted();

async function prepare(
  csv: string,
  options: Partial<BulkOptions> = {},
  content: Partial<DraftContent> = {},
): Promise<{ id: BulkId; draftId: DraftId }> {
  const { id: draftId } = await here.desk.draft({ to: [], subject: "For {{Name}}", html: "<p>Dear {{name}} of {{City}}</p>", ...content });
  const id = await bulks().preparing.begin(draftId, { kind: "file", name: "people.csv", base64: Buffer.from(csv).toString("base64") }, []);
  bulks().preparing.change(id, { options: { perMinute: null, ...options } });
  return { id, draftId };
}
const start = (id: BulkId) => bulks().start(id, bulks().read(id).revision);

const NAMES = ["Ana", "Bob", "Cem"];

test("each gets a message of its own, and the outbox shows one entry for all", async () => {
  const { id, draftId } = await prepare(tableOf(NAMES), { unsubscribe: true });
  await start(id);
  expect(here.desk.outbox.list()).toMatchObject({ items: [], bulks: [{ id, total: 3 }] });
  expect(here.desk.composing.drafts()).toEqual([]);
  await expect(here.desk.composing.discard(draftId)).rejects.toMatchObject({ code: "already-sending" });
  await ended(id);
  expect(everybody()).toEqual(["ana@example.test", "bob@example.test", "cem@example.test"]);
  for (const { to, bytes } of here.server.received) {
    const name = NAMES.find((one) => to[0]?.startsWith(one.toLowerCase())) ?? "";
    expect(textOf(bytes)).toContain(`Subject: For ${name}\r\n`);
    expect(textOf(bytes)).toContain(`Dear ${name} of Town of ${name}`);
    expect(textOf(bytes)).toContain(`To: ${name} <${to[0]}>\r\n`);
    expect(textOf(bytes)).toContain("List-Unsubscribe: <mailto:user1@example.test?subject=unsubscribe>\r\n");
  }
  expect(new Set(here.server.received.map(({ bytes }) => /^Message-ID: (.*)$/imu.exec(textOf(bytes))?.[1])).size).toBe(3);
  await here.desk.until(() => here.desk.sent.length === 3);
  await here.desk.until(() => readdirSync(join(here.desk.profileDir, "outbox")).length === 0);
  // One notice, not three.
  expect(here.desk.notices.map(({ code }) => code)).toEqual(["bulk-ended"]);
});

test("of one copy in Sent, only the first that was accepted has one", async () => {
  const { id } = await prepare(tableOf(NAMES), { copies: "one" });
  await start(id);
  await ended(id);
  await here.desk.until(() => here.desk.sent.length === 1 && readdirSync(join(here.desk.profileDir, "outbox")).length === 0);
  expect(here.server.received.length).toBe(3);
});

test("bad, doubled and empty rows are told, left out as the user decides, and named in the report", async () => {
  const csv =
    "Name,Mail,City\nAna,ana@example.test,A\nAna again,ANA@example.test,B\nNobody,nothing,C\nBob,bob@example.test,\nCem,cem@example.test,D";
  const { id } = await prepare(csv);
  const { check } = bulks().read(id);
  expect(check).toMatchObject({ sendable: [0, 4], badAddress: { count: 1 }, doubled: { count: 1 }, empty: { count: 1 }, unknown: [] });
  expect(check.badAddress.rows).toEqual([{ position: 2, text: "Nobody · nothing · C" }]);
  bulks().preparing.change(id, { options: { empty: "send" } });
  await start(id);
  await ended(id);
  expect(everybody()).toEqual(["ana@example.test", "bob@example.test", "cem@example.test"]);
  expect(rows(id).map(({ state }) => state)).toEqual(["accepted", "left-out", "left-out", "accepted", "accepted"]);
});

test("a placeholder that no column answers to stops the start until the user says that it stays", async () => {
  const { id } = await prepare(tableOf(["Ana"]), {}, { subject: "{{Nmae}}" });
  expect(bulks().read(id).check.unknown).toEqual(["{{Nmae}}"]);
  await expect(start(id)).rejects.toMatchObject({ code: "placeholder-unknown" });
  bulks().preparing.change(id, { options: { unknown: "as-written" } });
  await start(id);
  await ended(id);
  expect(textOf(here.server.received[0]?.bytes ?? Buffer.alloc(0))).toContain("Subject: {{Nmae}}");
});

test("a draft that was changed after it was looked at is not sent", async () => {
  const { id, draftId } = await prepare(tableOf(["Ana"]));
  const { revision } = bulks().read(id);
  const { content } = here.desk.composing.open(draftId);
  here.desk.composing.save(draftId, revision, { ...content, subject: "Other" });
  await expect(bulks().start(id, revision)).rejects.toMatchObject({ code: "draft-changed" });
});

test("a test goes to the sender alone, through the outbox like any other", async () => {
  const { id } = await prepare(tableOf(NAMES));
  here.desk.outbox.taken(await bulks().preparing.test(id, 1));
  await here.desk.until(() => here.server.received.length === 1);
  expect(here.server.received[0]?.to).toEqual(["user1@example.test"]);
  expect(textOf(here.server.received[0]?.bytes ?? Buffer.alloc(0))).toContain("Dear Bob of Town of Bob");
  expect(bulks().read(id).state).toBe("preparing");
});

test("refused ones are reported in the server's words, the others go on, and another try bears the same Message-ID", async () => {
  here.server.fault("end", { kind: "say", line: "554 5.6.0 not like this" }, { times: 1 });
  const { id } = await prepare(tableOf(NAMES));
  await start(id);
  await ended(id);
  const refused = rows(id).find(({ state }) => state === "held");
  expect(refused?.failure).toMatchObject({ kind: "refused", serverWords: expect.stringContaining("not like this") });
  expect(here.server.received.length).toBe(2);
  const id1 = here.desk.store.db.connection
    .prepare("SELECT message_id_header FROM bulk_recipient WHERE address = ?")
    .pluck()
    .get(refused?.address);
  await bulks().retry(id, null);
  await here.desk.until(() => here.server.received.length === 3);
  await ended(id);
  expect(textOf(here.server.received[2]?.bytes ?? Buffer.alloc(0))).toContain(`Message-ID: <${id1}>`);
  expect(new Set(everybody()).size).toBe(3);
});

test("ten refused in a row pause it; the rest was not tried", async () => {
  here.server.fault("rcpt", { kind: "say", line: "550 5.7.1 blocked" }, { times: 100 });
  const { id } = await prepare(tableOf(Array.from({ length: 80 }, (_, at) => `P${at}`)));
  await start(id);
  await here.desk.until(() => bulks().read(id).state === "paused");
  const { counts, failure } = bulks().read(id);
  expect(failure?.code).toBe("bulk-refused");
  expect(counts.waiting).toBeGreaterThan(0);
  expect(here.desk.notices.at(-1)?.code).toBe("bulk-paused");
});

test("what the user sends meanwhile goes before the rest, a pause holds it, and cancelled ones get nothing", async () => {
  const many = Array.from({ length: 40 }, (_, at) => `P${at}`);
  here.desk.outbox.pause(true);
  const { id } = await prepare(tableOf(many));
  await start(id);
  await here.desk.until(() => rows(id).some(({ state }) => state === "queued"));
  await here.desk.send({ subject: "urgent", to: [{ name: "", address: "first@example.test" }] });
  // Lazily: no more than a few are files.
  expect(readdirSync(join(here.desk.profileDir, "outbox")).length).toBeLessThan(30);
  bulks().pause(id, true);
  here.desk.outbox.pause(false);
  await here.desk.until(() => here.server.received.length === 1);
  expect(everybody()).toEqual(["first@example.test"]);
  await bulks().cancel(id);
  await ended(id);
  expect(here.server.received.length).toBe(1);
  expect(new Set(rows(id).map(({ state }) => state))).toEqual(new Set(["cancelled"]));
});

test("an ordinary message overtakes a bulk that is going out", async () => {
  const { id } = await prepare(tableOf(Array.from({ length: 30 }, (_, at) => `P${at}`)));
  here.desk.outbox.pause(true);
  await start(id);
  await here.desk.until(() => rows(id).filter(({ state }) => state === "queued").length === 20);
  await here.desk.send({ subject: "urgent", to: [{ name: "", address: "first@example.test" }] });
  here.desk.outbox.pause(false);
  await ended(id);
  await here.desk.until(() => here.server.received.length === 31);
  expect(here.server.received.findIndex(({ to }) => to.includes("first@example.test"))).toBeLessThan(4);
});

test("it is not sent faster than was chosen", async () => {
  const { id } = await prepare(tableOf(Array.from({ length: 30 }, (_, at) => `P${at}`)), { perMinute: 20 });
  expect(bulks().read(id).leftMs).toBe(90_000);
  await start(id);
  await here.desk.until(() => here.server.received.length === 5);
  expect(rows(id).filter(({ state }) => state === "waiting").length).toBe(25);
  for (let minute = 0; minute < 240 && bulks().read(id).state !== "ended"; minute += 1) {
    here.desk.time.pass(1000);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
  await ended(id);
  expect(new Set(everybody()).size).toBe(30);
});

test("an answer that was lost is asked about, once for that one; the user's word settles it", async () => {
  here.server.fault("end", { kind: "drop", accept: true }, { times: 1 });
  const { id } = await prepare(tableOf(NAMES));
  await start(id);
  await ended(id);
  expect(bulks().read(id).counts).toMatchObject({ accepted: 2, unknown: 1 });
  expect(() => bulks().discard(id)).toThrow(expect.objectContaining({ code: "already-sending" }));
  await bulks().resolve(id, null, "arrived");
  await here.desk.until(() => bulks().read(id).counts.accepted === 3);
  expect(everybody().length).toBe(3);
  await here.desk.until(() => here.desk.store.db.connection.prepare("SELECT count(*) FROM outbox").pluck().get() === 0);
  await ended(id);
  bulks().discard(id);
  expect(here.desk.outbox.list().bulks).toEqual([]);
  expect(here.desk.store.db.connection.prepare("SELECT count(*) FROM draft").pluck().get()).toBe(0);
});

test("people of To are a table of two columns", async () => {
  const to = [
    { name: "李雷", address: "lilei@example.test" },
    { name: "", address: "nameless@example.test" },
  ];
  const { id: draftId } = await here.desk.draft({ to, subject: "{{姓名|朋友}}，您好", html: "<p>{{邮箱}}</p>" });
  const id = await bulks().preparing.begin(draftId, { kind: "people", columns: ["Name", "Address"] }, []);
  expect(bulks().preparing.preview(id, 0)).toMatchObject({
    to: to[0],
    draft: { content: { subject: "李雷，您好", html: "<p>lilei@example.test</p>" } },
  });
  expect(bulks().preparing.preview(id, 1).draft.content.subject).toBe("朋友，您好");
  bulks().discard(id);
  expect(here.desk.composing.drafts().length).toBe(1);
  expect(existsSync(join(here.desk.profileDir, "drafts"))).toBe(true);
});
