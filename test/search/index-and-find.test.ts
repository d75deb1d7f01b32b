import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type IndexText, type IndexWords, indexColumn, indexText } from "../../main/mime/index-text.ts";
import { find } from "../../main/search/finder.ts";
import { documentCount, openIndexFile, removeDocument, writeDocument } from "../../main/search/index-file.ts";
import { Intake } from "../../main/search/intake.ts";
import { type Database, openDatabase } from "../../main/store/database.ts";
import { migrate, readMigrations } from "../../main/store/migrate.ts";

let folder: string;
let store: Database;
let index: Database;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "satchel-search-"));
  store = openDatabase(join(folder, "satchel.db"));
  migrate(store, readMigrations(new URL("../../main/store/migrations/", import.meta.url)));
  store.connection.exec(`
    INSERT INTO account (id, position, name, address, settings, created_at) VALUES (1, 0, 'A', 'user1@example.test', '{}', 0);
    INSERT INTO folder (id, account_id, path, name, role) VALUES (1, 1, 'INBOX', 'Inbox', 'inbox'), (2, 1, 'Archive', 'Archive', 'archive');
    INSERT INTO conversation (id, account_id) VALUES (1, 1);`);
  index = openIndexFile(join(folder, "search.db")).database;
});

afterEach(() => {
  index.close();
  store.close();
  rmSync(folder, { recursive: true });
});

const text = (patch: Partial<IndexWords>): IndexText =>
  indexText({ subject: "", from: "", to: "", body: "", attachmentNames: "", ...patch });

function put(
  id: number,
  receivedAt: number,
  patch: Partial<IndexWords>,
  more: { folder?: number; flags?: number; attachment?: number } = {},
): void {
  store.connection
    .prepare(
      `INSERT INTO message (id, account_id, conversation_id, size_bytes, subject, from_json, to_json, cc_json, bcc_json, reply_to_json, received_at, has_attachment)
       VALUES (?, 1, 1, 1, ?, '[]', '[]', '[]', '[]', '[]', ?, ?)`,
    )
    .run(id, patch.subject ?? "", receivedAt, more.attachment ?? 0);
  store.connection
    .prepare("INSERT INTO placement (id, message_id, folder_id, shown_folder_id, shown_flags, received_at) VALUES (?, ?, ?, ?, ?, ?)")
    .run(id * 10, id, more.folder ?? 1, more.folder ?? 1, more.flags ?? 0, receivedAt);
  index.write((tx) => writeDocument(tx, { messageId: id, receivedAt, text: text(patch), unread: false }));
}

const search = (query: string, limit = 50, cursor: number | null = null) => find(index, store, { query, view: null, limit, cursor });

test("names of what is attached are found, by two Chinese characters too, and only them by the words for it", () => {
  put(1, 1000, { subject: "寄出", attachmentNames: "二〇二六年电子发票.pdf\nkiln-3.png" }, { attachment: 1 });
  put(2, 2000, { body: "发票已开" });
  expect(search("发票 ").placementIds).toEqual([20, 10]);
  expect(search("附件:发票 ").placementIds).toEqual([10]);
  expect(search("attachment:kiln ").placementIds).toEqual([10]);
  expect(search("filename:png has:attachment").placementIds).toEqual([10]);
  expect(search("发票 -has:attachment").placementIds).toEqual([20]);
});

test("two Chinese characters inside a sentence are found, and not across its end", () => {
  put(1, 1000, { body: "附件是电子发票，请查收。" });
  put(2, 2000, { body: "这里没有开发。票已经寄出。" });
  expect(search("发票").placementIds).toEqual([10]);
});

test("newest first, whatever the order of arrival", () => {
  put(1, 5_000_000, { body: "kiln" });
  put(2, 9_000_000, { body: "kiln" });
  put(3, 1_000_000, { body: "kiln" });
  expect(search("kiln").placementIds).toEqual([20, 10, 30]);
});

test("pages follow each other without gap or repetition", () => {
  for (let id = 1; id <= 25; id += 1) put(id, id * 1000, { body: "crate" });
  const seen: number[] = [];
  let cursor: number | null = null;
  do {
    const found = search("crate", 10, cursor);
    seen.push(...found.placementIds);
    cursor = found.nextCursor;
  } while (cursor !== null);
  expect(seen).toEqual(Array.from({ length: 25 }, (_, i) => (25 - i) * 10));
});

test("more than a thousand messages of one second are all found", () => {
  for (let id = 1; id <= 1100; id += 1) put(id, 7_000, { body: "burst" });
  expect(search("burst", 200).total).toBeNull();
  expect(documentCount(index)).toBe(1100);
  put(2000, 9_500, { body: "burst" });
  expect(new Set(search("burst", 2000).placementIds).size).toBe(1101);
});

test("a search by date begins and ends where its dates do, also where a thousand came in its last second", () => {
  const midnight = new Date(2021, 0, 1).getTime();
  for (let id = 1; id <= 1100; id += 1) put(id, midnight - 1, { body: "burst" });
  put(2000, midnight, { body: "burst" });
  put(2001, midnight - 86_400_000, { body: "burst" });
  put(2002, midnight - 86_400_001, { body: "burst" });
  expect(search("burst before:2021-01-01", 2000).placementIds.length).toBe(1102);
  expect(search("burst after:2021-01-01", 2000).placementIds).toEqual([20_000]);
  const day = search("burst after:2020-12-31 before:2021-01-01", 2000).placementIds;
  expect(day.length).toBe(1101);
  expect(day).not.toContain(20_020);
});

test("fields and filters narrow the search", () => {
  put(1, 1000, { from: "Mira Okafor mira@example.test", body: "the list" }, { flags: 1, attachment: 1 });
  put(2, 2000, { from: "Tomás Ferreira", body: "mira asked for the list" }, { folder: 2 });
  expect(search("from:mira ").placementIds).toEqual([10]);
  expect(search("list is:unread").placementIds).toEqual([20]);
  expect(search("list has:attachment").placementIds).toEqual([10]);
  expect(search("in:archive list").placementIds).toEqual([20]);
  expect(search("tomas ").placementIds).toEqual([20]);
  expect(search("has:attachment").placementIds).toEqual([10]);
});

test("a message shown nowhere is not found, one written again is found by its new words only", () => {
  put(1, 1000, { body: "before" });
  index.write((tx) => writeDocument(tx, { messageId: 1, receivedAt: 1000, text: text({ body: "after" }), unread: false }));
  expect(search("before ").placementIds).toEqual([]);
  expect(search("after ").placementIds).toEqual([10]);
  store.connection.exec("UPDATE placement SET shown_folder_id = NULL WHERE id = 10");
  expect(search("after ").placementIds).toEqual([]);
  index.write((tx) => removeDocument(tx, 1));
  expect(documentCount(index)).toBe(0);
});

test("a damaged index is begun anew instead of refusing to start", () => {
  index.close();
  writeFileSync(join(folder, "search.db"), "this is no database, however long it goes on ".repeat(50));
  const opened = openIndexFile(join(folder, "search.db"));
  index = opened.database;
  expect(opened.fresh).toBe(true);
  expect(documentCount(index)).toBe(0);
});

test("an index of another format is begun anew, one of this format is kept", () => {
  put(1, 1000, { body: "kiln" });
  index.close();
  const kept = openIndexFile(join(folder, "search.db"));
  expect([kept.fresh, documentCount(kept.database)]).toEqual([false, 1]);
  kept.database.connection.pragma("user_version = 4");
  kept.database.close();
  const anew = openIndexFile(join(folder, "search.db"));
  index = anew.database;
  expect([anew.fresh, documentCount(index)]).toEqual([true, 0]);
});

test("letters beyond ASCII are found in any case, Latin ones without their accents, while they are typed as well", () => {
  put(1, 1000, { body: "Die Prüfung in São Paulo, ЁЛКА и Москва, ΟΔΌΣ" });
  for (const query of ["PRÜFUNG ", "prufung ", "são ", "SAO ", "ёлка ", "МОСКВА ", "οδός ", "οδό", "prüf", "моск"])
    expect([query, search(query).placementIds]).toEqual([query, [10]]);
  expect(search("елка ").placementIds).toEqual([]);
});

test("a message queued twice has one turn that settles both entries, and the whole text wins over the headers", async () => {
  put(1, 1000, { subject: "Kiln 3" });
  store.connection.exec("INSERT INTO index_queue (message_id) VALUES (1)");
  const intake = new Intake(store, () => Promise.resolve(text({ body: "whole" })));
  expect(await intake.next(10, 1e6, false)).toEqual([]);
  store.connection.exec("UPDATE message SET raw_hash = 'ab', bytes_here = 1 WHERE id = 1; INSERT INTO index_queue (message_id) VALUES (1)");
  expect(await intake.next(10, 1e6, false)).toEqual([
    { messageId: 1, document: { messageId: 1, receivedAt: 1000, unread: false, text: text({ body: "whole" }) }, queueIds: [1, 2] },
  ]);
});

test("what is known by its headers only is taken in when nothing else waits, the names of its files too", async () => {
  put(1, 1000, { subject: "Kiln 3" });
  store.connection.exec(`UPDATE message SET parts_json = '[{"part":"2","name":"curve.png"}]'`);
  store.connection.exec("INSERT INTO index_queue (message_id) VALUES (1)");
  const intake = new Intake(store, () => Promise.resolve(null));
  expect(await intake.next(10, 1e6, false)).toEqual([]);
  const [turn] = await intake.next(10, 1e6, true);
  expect(Buffer.from(indexColumn(turn?.document?.text ?? text({}), 0)).toString()).toBe("Kiln 3");
  expect(Buffer.from(indexColumn(turn?.document?.text ?? text({}), 4)).toString()).toBe("curve.png");
});

test("documents whose words are to be taken in are told by their type and by their name, once their bytes are here", async () => {
  const lists = [
    '[{"part":"2","type":"application/pdf","name":"scan"}]',
    '[{"part":"2","type":"Application/X-PDF","name":""}]',
    '[{"part":"2","type":"application/octet-stream","name":"Invoice.PDF"}]',
    '[{"part":"2","type":"text/plain","name":"pdf.txt"}]',
  ];
  lists.forEach((list, at) => {
    put(at + 1, 1000, {});
    store.connection.prepare("UPDATE message SET parts_json = ?, raw_hash = 'ab', bytes_here = 1 WHERE id = ?").run(list, at + 1);
    store.connection.prepare("INSERT INTO index_queue (message_id) VALUES (?)").run(at + 1);
  });
  const intake = new Intake(store, () => Promise.resolve(text({ body: "whole" })));
  const turns = await intake.next(10, 1e6, false);
  expect(turns.map(({ document }) => document?.unread)).toEqual([true, true, true, false]);
});

test("a message known by its headers only that goes while it waits is left out", async () => {
  put(1, 1000, { subject: "Kiln 3" });
  store.connection.exec("INSERT INTO index_queue (message_id) VALUES (1)");
  const intake = new Intake(store, () => Promise.resolve(null));
  expect(await intake.next(10, 1e6, false)).toEqual([]);
  store.connection.exec("DELETE FROM placement; DELETE FROM message");
  expect(await intake.next(10, 1e6, true)).toEqual([{ messageId: 1, document: null, queueIds: [1] }]);
});

test("a message of one account has its turn at once, though thousands of another's came before", async () => {
  for (let id = 1; id <= 3000; id += 1) put(id, id, { subject: `Letter ${id}` });
  store.connection.exec("UPDATE message SET raw_hash = 'ab' || id, bytes_here = 1; UPDATE message SET account_id = 2 WHERE id = 3000");
  store.connection.exec("INSERT INTO index_queue (message_id) SELECT id FROM message ORDER BY id");
  const intake = new Intake(store, () => Promise.resolve(text({ body: "whole" })));
  const turns = await intake.next(1000, 1e6, false);
  expect(turns.slice(0, 2).map(({ messageId }) => messageId)).toEqual([1, 3000]);
  const rest = [...turns, ...(await intake.next(1000, 1e6, false)), ...(await intake.next(1000, 1e6, false))];
  expect(new Set(rest.map(({ messageId }) => messageId)).size).toBe(3000);
  expect(await intake.next(1000, 1e6, false)).toEqual([]);
});

test("what was taken off this computer is still found by its words when its message is queued again", async () => {
  put(1, 1000, { body: "whole" });
  const headers = { messageId: 1, receivedAt: 1000, text: text({ subject: "Kiln" }), unread: false, headersOnly: true };
  expect(index.write((tx) => writeDocument(tx, headers))).toBe(false);
  expect(search("whole ").placementIds).toHaveLength(1);
});
