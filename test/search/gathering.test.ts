import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { indexText } from "../../main/mime/index-text.ts";
import { documentCount, openIndexFile } from "../../main/search/index-file.ts";
import { Indexing } from "../../main/search/indexing.ts";
import { Intake } from "../../main/search/intake.ts";
import { type Database, openDatabase } from "../../main/store/database.ts";
import { migrate, readMigrations } from "../../main/store/migrate.ts";

let folder: string;
let store: Database;
let index: Database;
let indexing: Indexing;
let intake: Intake;
let groups: number[];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setImmediate", "clearImmediate", "performance"] });
  folder = mkdtempSync(join(tmpdir(), "satchel-gathering-"));
  store = openDatabase(join(folder, "satchel.db"));
  migrate(store, readMigrations(new URL("../../main/store/migrations/", import.meta.url)));
  store.connection.exec(`
    INSERT INTO account (id, position, name, address, settings, created_at) VALUES (1, 0, 'A', 'user1@example.test', '{}', 0);
    INSERT INTO conversation (id, account_id) VALUES (1, 1);`);
  index = openIndexFile(join(folder, "search.db")).database;
  intake = new Intake(store, () => Promise.reject(new Error("every text is at hand")));
  groups = [];
  const next = intake.next.bind(intake);
  vi.spyOn(intake, "next").mockImplementation(async (...asked) => {
    const turns = await next(...asked);
    if (turns.length > 0) groups.push(turns.length);
    return turns;
  });
  indexing = new Indexing(index, intake, {
    committed: () => undefined,
    failed: (error) => {
      throw error;
    },
    rested: () => undefined,
  });
});

afterEach(() => {
  vi.useRealTimers();
  indexing.close();
  index.close();
  store.close();
  rmSync(folder, { recursive: true });
});

/** A message of `bytes` of text is here and its text was offered. */
function come(id: number, bytes: number): void {
  store.connection
    .prepare(
      `INSERT INTO message (id, account_id, conversation_id, size_bytes, subject, from_json, to_json, cc_json, bcc_json, reply_to_json, received_at,
         has_attachment, bytes_here, raw_hash)
       VALUES (?, 1, 1, 1, '', '[]', '[]', '[]', '[]', '[]', ?, 0, 1, 'x')`,
    )
    .run(id, id * 1000);
  store.connection.prepare("INSERT INTO index_queue (message_id, gone) VALUES (?, 0)").run(id);
  intake.offer(id, indexText({ subject: "", from: "", to: "", body: "kiln ".repeat(bytes / 5), attachmentNames: "" }));
  indexing.offered();
}

test("what comes in bulk is gathered into few groups, and the last of it waits only for as long as more may come", async () => {
  for (let id = 1; id <= 100; id += 1) {
    come(id, 1000);
    await vi.advanceTimersByTimeAsync(30);
  }
  // One for each second, and what came before it was known that more would follow.
  expect(groups.length).toBeLessThanOrEqual(4);
  await vi.advanceTimersByTimeAsync(150);
  expect(documentCount(index)).toBe(100);
});

test("enough for a group waits for nothing, and neither does a single message", async () => {
  come(1, 1000);
  await vi.advanceTimersByTimeAsync(110);
  expect(groups).toEqual([1]);
  for (let id = 2; id <= 7; id += 1) come(id, 1_000_000);
  await vi.advanceTimersByTimeAsync(1);
  expect(groups).toEqual([1, 5]);
  await vi.advanceTimersByTimeAsync(150);
  expect(documentCount(index)).toBe(7);
});
