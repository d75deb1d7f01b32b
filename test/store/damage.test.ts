import { closeSync, existsSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readAccounts } from "../../main/store/accounts.ts";
import { act } from "../../main/store/acts.ts";
import { writeBlob } from "../../main/store/blobs.ts";
import { ingestHeaders } from "../../main/store/ingest-headers.ts";
import { missingBodies } from "../../main/store/missing-bodies.ts";
import { openStore } from "../../main/store/open.ts";
import { openOrRescue } from "../../main/store/open-or-rescue.ts";
import { pendingOperations } from "../../main/store/operations.ts";
import { rebuild } from "../../main/store/rebuild.ts";
import { repair } from "../../main/store/repair.ts";
import { readSettings, writeSettings } from "../../main/store/settings.ts";
import { Failure } from "../../shared/failure.ts";
import { contradictions } from "./check-store.ts";
import { bodyOf, header, newMailbox, newProfile, type Profile } from "./mailbox.ts";

let profile: Profile;

beforeEach(() => {
  profile = newProfile();
});

afterEach(() => profile.remove());

const file = (): string => join(profile.dir, "satchel.db");

function failureOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return error instanceof Failure ? error.code : String(error);
  }
  return "none";
}

function fill(count: number) {
  const mailbox = newMailbox(profile.store);
  const { dir } = profile.store.blobs;
  const rows = Array.from({ length: count }, (_, index) => {
    const row = header({
      uid: index + 1,
      subject: `Subject ${index} ${"x".repeat(200)}`,
      ...(index % 5 === 4 ? { inReplyTo: `m${index}@example.test` } : {}),
    });
    return { ...row, body: bodyOf(row, writeBlob(dir, Buffer.from(`Subject: ${index}`), { durable: false }).hash) };
  });
  for (let at = 0; at < count; at += 100) ingestHeaders(profile.store, mailbox.folders.inbox, 1, rows.slice(at, at + 100));
  return mailbox;
}

function messageCount(store = profile.store): number {
  return store.db.connection.prepare<[], { count: number }>("SELECT count(*) AS count FROM message").get()?.count ?? 0;
}

test("a full disk: nothing of the batch is kept, nothing of before is lost, and it goes on when there is room", () => {
  const { folders } = fill(50);
  const { connection } = profile.store.db;
  connection.pragma("wal_checkpoint(TRUNCATE)");
  const pages = Number(connection.pragma("page_count", { simple: true }));
  connection.pragma(`max_page_count = ${pages}`);
  const many = Array.from({ length: 400 }, (_, index) => header({ uid: 1000 + index, subject: "y".repeat(500) }));
  expect(failureOf(() => ingestHeaders(profile.store, folders.inbox, 1, many))).toBe("disk-full");
  expect(messageCount()).toBe(50);
  expect(contradictions(profile.store)).toEqual([]);
  connection.pragma("max_page_count = 1073741823");
  ingestHeaders(profile.store, folders.inbox, 1, many);
  expect(messageCount()).toBe(450);
  expect(contradictions(profile.store)).toEqual([]);
});

test("a full disk while the user acts: it is said, and what is shown is what is kept", () => {
  const { account, folders } = fill(300);
  const { connection } = profile.store.db;
  connection.pragma("wal_checkpoint(TRUNCATE)");
  connection.pragma(`max_page_count = ${Number(connection.pragma("page_count", { simple: true }))}`);
  const ids = connection
    .prepare<[], { id: number }>("SELECT id FROM placement")
    .all()
    .map(({ id }) => id as never);
  expect(failureOf(() => act(profile.store, { kind: "placements", ids }, { kind: "move", folderId: folders.lists }))).toBe("disk-full");
  expect(pendingOperations(profile.store, account)).toEqual([]);
  expect(contradictions(profile.store)).toEqual([]);
});

test.skipIf(!existsSync("/dev/full"))("no room for the file of a message: it is said, and no half file is left", () => {
  const dir = join(profile.dir, "mail");
  const failing = { writeSync: () => writeSync(openSync("/dev/full", "w"), Buffer.from("x")) };
  for (const durable of [true, false])
    expect(failureOf(() => writeBlob(dir, Buffer.from("Subject: full"), { durable, files: failing }))).toBe("disk-full");
  expect(readdirSync(dir).flatMap((folder) => readdirSync(join(dir, folder)))).toEqual([]);
});

test("a database of a later Satchel is refused and left as it is", () => {
  profile.store.db.connection.exec("CREATE TABLE later (id INTEGER); PRAGMA user_version = 9999");
  profile.store.close();
  const before = readFileSync(file());
  expect(failureOf(() => openStore({ profileDir: profile.dir }))).toBe("database-newer");
  expect(readFileSync(file()).equals(before)).toBe(true);
});

function damage(from: number, to: number): void {
  profile.store.db.connection.pragma("wal_checkpoint(TRUNCATE)");
  profile.store.close();
  const handle = openSync(file(), "r+");
  writeSync(handle, Buffer.alloc(to - from, 0xa5), 0, to - from, from);
  closeSync(handle);
}

const PAGE = 4096;

test("a damaged database is noticed after an unclean end; the repair saves the rest, and what it lost is fetched again", async () => {
  fill(1000);
  writeSettings(profile.store, { theme: "dark" });
  const size = Number(profile.store.db.connection.pragma("page_count", { simple: true })) * PAGE;
  const middle = Math.floor(size / 2 / PAGE) * PAGE;
  damage(middle, middle + 30 * PAGE);
  writeFileSync(join(profile.dir, "running"), "");
  expect(failureOf(() => openStore({ profileDir: profile.dir }))).toBe("database-corrupt");
  const { movedTo, damaged } = await repair({ profileDir: profile.dir });
  expect(existsSync(movedTo)).toBe(true);
  expect(damaged.length).toBeGreaterThan(0);
  const store = openStore({ profileDir: profile.dir });
  try {
    expect(contradictions(store)).toEqual([]);
    expect(readAccounts(store)).toHaveLength(1);
    expect(readSettings(store).theme).toBe("dark");
    expect(messageCount(store)).toBeGreaterThan(500);
  } finally {
    store.close();
  }
  profile.reopenAfter();
});

test("a file that is no database at all is put aside and the mail is fetched from the beginning", async () => {
  fill(10);
  profile.store.close();
  for (const end of ["-wal", "-shm"]) rmSync(file() + end, { force: true });
  writeFileSync(file(), "this is not a database, but it is long enough to look like one".repeat(100));
  expect(failureOf(() => openStore({ profileDir: profile.dir }))).toBe("database-corrupt");
  const { store } = await openOrRescue({ profileDir: profile.dir });
  expect(readAccounts(store)).toHaveLength(1);
  expect(messageCount(store)).toBe(0);
  store.close();
  expect(readdirSync(join(profile.dir, "mail")).length).toBeGreaterThan(0);
  profile.reopenAfter();
});

test("a whole database comes out of a repair as it went in", async () => {
  const { account, folders } = fill(200);
  const ids = profile.store.db.connection
    .prepare<[], { id: number }>("SELECT id FROM placement LIMIT 5")
    .all()
    .map(({ id }) => id as never);
  act(profile.store, { kind: "placements", ids }, { kind: "move", folderId: folders.lists });
  const rows = (table: string): unknown[] => profile.store.db.connection.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).all();
  const tables = ["account", "identity", "folder", "message", "placement", "operation", "conversation", "conversation_in_view", "contact"];
  const before = tables.map(rows);
  profile.store.close();
  expect((await repair({ profileDir: profile.dir })).damaged).toEqual([]);
  profile.reopenAfter();
  expect(tables.map(rows)).toEqual(before);
  expect(pendingOperations(profile.store, account)).toHaveLength(5);
});

test("a rebuild finds the messages whose file has gone, and puts right whatever lists and counts say", async () => {
  const { account } = fill(60);
  const { connection } = profile.store.db;
  const [one] = connection.prepare<[], { hash: string }>("SELECT raw_hash AS hash FROM message WHERE id = 7").all();
  rmSync(join(profile.dir, "mail", one?.hash.slice(0, 2) ?? "", `${one?.hash}.eml`));
  connection.exec(
    "DELETE FROM conversation_in_view WHERE view < 0; UPDATE folder SET total = 99; UPDATE placement SET shown_folder_id = NULL WHERE id < 9",
  );
  connection.exec("DELETE FROM conversation WHERE id < 20; DELETE FROM view_stretch");
  await rebuild(profile.store);
  expect(contradictions(profile.store)).toEqual([]);
  expect(missingBodies(profile.store, account, 9).bodies.map(({ uid }) => uid)).toEqual([7]);
  expect(statSync(file()).size).toBeGreaterThan(0);
});
