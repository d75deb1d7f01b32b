import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readAccounts } from "../../main/store/accounts.ts";
import { readDrafts } from "../../main/store/drafts.ts";
import { folderOfRole } from "../../main/store/folders.ts";
import { ingestHeaders } from "../../main/store/ingest-headers.ts";
import { openStore, type Store } from "../../main/store/open.ts";
import { type Opened, openOrRescue } from "../../main/store/open-or-rescue.ts";
import { pendingOperations } from "../../main/store/operations.ts";
import { readOpenOutbox } from "../../main/store/outbox.ts";
import { writeSpare } from "../../main/store/spare.ts";
import { overwrite } from "../support/overwrite.ts";
import { contradictions } from "./check-store.ts";
import { ACTS, lived, liveIn, MESSAGES, type Precious } from "./lived.ts";
import { header, newProfile, type Profile } from "./mailbox.ts";

const PAGE = 4096;
const RUNS = Number(process.env["RUNS"] ?? 40);

let profile: Profile;
beforeEach(() => {
  profile = newProfile();
});
afterEach(() => profile.remove());

const inProfile = (name: string): string => join(profile.dir, name);

function count(store: Store, table: string): number {
  return store.db.connection.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck(true).get() ?? -1;
}

async function opened(): Promise<Opened> {
  writeFileSync(inProfile("running"), "");
  return await openOrRescue({ profileDir: profile.dir });
}

/** Pages that the schema fills, without the first. */
function schemaPages(): number[] {
  const store = openStore({ profileDir: profile.dir });
  const pages = store.db.connection.prepare<[], number>("SELECT pageno FROM dbstat WHERE name = 'sqlite_schema' AND pageno > 1");
  const numbers = pages.pluck(true).all();
  store.close();
  return numbers;
}

test.each<[string, (bytes: Buffer, schema: readonly number[]) => Buffer]>([
  ["whose header is zeroed", (bytes) => bytes.fill(0, 0, 100)],
  ["whose first page is overwritten", (bytes) => bytes.fill(0xa5, 0, PAGE)],
  ["whose version says it is of a later Satchel", (bytes) => bytes.fill(0x7f, 62, 64)],
  ["whose version says it is of an earlier Satchel", (bytes) => bytes.fill(0, 60, 63).fill(3, 63, 64)],
  ["that may only be read, says its header", (bytes) => bytes.fill(7, 18, 19)],
  ["whose schema is overwritten", (bytes, schema) => schema.reduce((all, page) => all.fill(0xa5, (page - 1) * PAGE, page * PAGE), bytes)],
  ["whose schema is zeroed in one place", (bytes, [page = 1]) => bytes.fill(0, (page - 1) * PAGE, page * PAGE)],
])("a store %s comes back with every message and every open operation", async (_, spoil) => {
  const { account } = lived(profile);
  const schema = schemaPages();
  expect(schema.length).toBeGreaterThan(3);
  const spoilt = spoil(readFileSync(inProfile("satchel.db")), schema);
  writeFileSync(inProfile("satchel.db"), spoilt);
  const { store, repaired } = await opened();
  try {
    expect(repaired).toBe(true);
    expect(count(store, "message")).toBe(MESSAGES);
    expect(pendingOperations(store, account as never)).toHaveLength(ACTS);
    expect(contradictions(store)).toEqual([]);
    expect(readFileSync(inProfile("satchel-damaged-1.db")).equals(spoilt)).toBe(true);
    expect(existsSync(inProfile("satchel-mended.db"))).toBe(false);
  } finally {
    store.close();
  }
});

test("a column whose name was turned over in the schema is noticed at a start after an orderly end, and nothing is lost", async () => {
  lived(profile);
  const bytes = readFileSync(inProfile("satchel.db"));
  const at = bytes.indexOf("message_id_header TEXT,");
  bytes.write("massage", at);
  writeFileSync(inProfile("satchel.db"), bytes);
  const { store, repaired } = await openOrRescue({ profileDir: profile.dir });
  expect([repaired, count(store, "message")]).toEqual([true, MESSAGES]);
  store.close();
});

test("a database from elsewhere that is whole is taken as it is, wherever its tables lie", async () => {
  lived(profile);
  const other = newProfile();
  other.store.db.connection.exec(
    "CREATE TABLE passing (id INTEGER); DROP TABLE passing; CREATE TABLE passing (id INTEGER); DROP TABLE passing",
  );
  other.store.close();
  const spoilt = openStore({ profileDir: profile.dir });
  spoilt.db.connection.exec("VACUUM");
  spoilt.db.connection.exec("CREATE TABLE passing (id INTEGER); DROP TABLE passing; CREATE TABLE passing (id INTEGER)");
  spoilt.db.connection.exec("DROP TABLE passing");
  spoilt.close();
  copyFileSync(join(other.dir, "satchel.db"), inProfile("satchel.db"));
  const { store, repaired } = await openOrRescue({ profileDir: profile.dir });
  expect([repaired, count(store, "message")]).toEqual([false, 0]);
  store.close();
  other.remove();
});

test.each([
  ["its numbering is readable", ["message", "placement"]],
  ["its numbering is lost too", ["message", "placement", "sqlite_sequence"]],
])("where all messages were lost and %s, none of their numbers is given to another", async (_, tables) => {
  const { account } = lived(profile);
  overwrite(inProfile("satchel.db"), tables);
  const { store, repaired } = await opened();
  expect([repaired, count(store, "message")]).toEqual([true, 0]);
  const inbox = folderOfRole(store, account as never, "inbox");
  if (inbox === undefined) throw new Error("no inbox");
  const [added] = ingestHeaders(store, inbox.id, 1, [header({ uid: 7000 })]);
  expect(added?.messageId).toBeGreaterThan(MESSAGES);
  expect(added?.placementId).toBeGreaterThan(MESSAGES);
  expect(contradictions(store)).toEqual([]);
  store.close();
});

test("a store whose end was cut off keeps what lies before it", async () => {
  lived(profile);
  const bytes = readFileSync(inProfile("satchel.db"));
  writeFileSync(inProfile("satchel.db"), bytes.subarray(0, bytes.length - 10 * PAGE));
  const { store, repaired } = await opened();
  expect(repaired).toBe(true);
  expect(count(store, "message")).toBeGreaterThan(0);
  expect(contradictions(store)).toEqual([]);
  store.close();
});

type Harm = { readonly file: "satchel.db" | "satchel.db-wal"; spoil(bytes: Buffer): Buffer };

const share = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const at = (bytes: Buffer, where: number): number => Math.floor(bytes.length * where);
const harms: fc.Arbitrary<Harm>[] = [
  fc.array(fc.tuple(share, fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 100 }).map((turned) => ({
    file: "satchel.db",
    spoil(bytes) {
      for (const [where, by] of turned) bytes[at(bytes, where)] = (bytes[at(bytes, where)] ?? 0) ^ by;
      return bytes;
    },
  })),
  fc.tuple(share, fc.integer({ min: 1, max: 60 }), fc.constantFrom(0, 0xa5, 0xff)).map(([where, pages, byte]) => ({
    file: "satchel.db",
    spoil(bytes) {
      const from = Math.floor(at(bytes, where) / PAGE) * PAGE;
      return bytes.fill(byte, from, Math.min(bytes.length, from + pages * PAGE));
    },
  })),
  share.map((where) => ({ file: "satchel.db", spoil: (bytes) => bytes.subarray(0, at(bytes, where)) })),
  fc.array(fc.tuple(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 100 }).map((turned) => ({
    file: "satchel.db",
    spoil(bytes) {
      for (const [where, by] of turned) bytes[where] = (bytes[where] ?? 0) ^ by;
      return bytes;
    },
  })),
  share.map((where) => ({ file: "satchel.db-wal", spoil: (bytes) => bytes.subarray(0, at(bytes, where)) })),
  fc.tuple(share, fc.integer({ min: 1, max: 255 })).map(([where, by]) => ({
    file: "satchel.db-wal",
    spoil(bytes) {
      bytes[at(bytes, where)] = (bytes[at(bytes, where)] ?? 0) ^ by;
      return bytes;
    },
  })),
];

test("however file and log are damaged: nothing throws, drafts and outbox are there, nothing goes again, and what is put aside is byte for byte what was found", async () => {
  const precious = liveIn(profile);
  const { connection } = profile.store.db;
  // Half of it in the file, half of it in the log, as after a kill.
  writeSpare(connection, profile.dir);
  connection.pragma("wal_checkpoint(PASSIVE)");
  connection.exec("UPDATE placement SET local_flags = local_flags; UPDATE setting SET value = value; UPDATE draft SET revision = revision");
  const kept = inProfile("kept");
  mkdirSync(kept);
  const names = ["satchel.db", "satchel.db-wal", "satchel-spare.db", "satchel-schema.json"];
  for (const name of names) copyFileSync(inProfile(name), join(kept, name));
  profile.store.close();
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(...harms), { minLength: 1, maxLength: 3 }), async (all) => {
      for (const name of readdirSync(profile.dir)) if (/^(?:set-aside|satchel)/u.test(name)) rmSync(inProfile(name), { recursive: true });
      for (const name of names) copyFileSync(join(kept, name), inProfile(name));
      for (const { file, spoil } of all) writeFileSync(inProfile(file), spoil(readFileSync(inProfile(file))));
      const found = ["", "-wal"].map((end) => readFileSync(inProfile(`satchel.db${end}`)));
      const result = await opened();
      try {
        isSafe(result.store, precious);
        expect(contradictions(result.store)).toEqual([]);
        const aside = result.aside === null ? inProfile("satchel-damaged-1.db") : join(profile.dir, result.aside, "satchel.db");
        expect(existsSync(aside)).toBe(result.repaired || result.aside !== null);
        if (existsSync(aside)) {
          const now = ["", "-wal"].map((end) => readFileSync(aside + end));
          expect(now.map((bytes, index) => found[index]?.equals(bytes))).toEqual([true, true]);
        }
      } finally {
        result.store.close();
      }
    }),
    { numRuns: RUNS, ...(process.env["RUNS"] === undefined ? { seed: 2211 } : {}) },
  );
});

function isSafe(store: Store, { drafts, queued, finishing, accepted }: Precious): void {
  expect(readAccounts(store)).toHaveLength(1);
  expect(readDrafts(store).map(({ id }) => id)).toEqual(expect.arrayContaining(drafts));
  const states = new Map(readOpenOutbox(store).map(({ id, state }) => [id, state]));
  expect(states.get(queued)).toMatch(/^(?:queued|unknown)$/u);
  expect(states.get(finishing)).toMatch(/^(?:finishing|unknown)$/u);
  expect(states.get(accepted)).toMatch(/^(?:accepted|unknown)$/u);
}
