import { afterEach, beforeEach, expect, test } from "vitest";
import { folderRows } from "../../main/store/folder-rows.ts";
import { ingestBodies } from "../../main/store/ingest-bodies.ts";
import { ingestHeaders } from "../../main/store/ingest-headers.ts";
import { readMigrations } from "../../main/store/migrate.ts";
import { missingBodies } from "../../main/store/missing-bodies.ts";
import { writePolicy } from "../../main/store/offline.ts";
import { readTrip, writeTrip } from "../../main/store/trip.ts";
import { tripEstimate } from "../../main/store/trip-estimate.ts";
import type { OfflinePolicy } from "../../shared/contract/offline.ts";
import type { FolderId } from "../../shared/ids.ts";
import { contradictions } from "./check-store.ts";
import { bodyOf, header, newMailbox, newProfile, type Profile, START } from "./mailbox.ts";

let profile: Profile;
let mailbox: ReturnType<typeof newMailbox>;
beforeEach(() => {
  profile = newProfile();
  mailbox = newMailbox(profile.store);
});
afterEach(() => profile.remove());

const MB = 1_000_000;
const monthsAgo = (count: number): number => new Date(START).setUTCMonth(new Date(START).getUTCMonth() - count, 15);
const keep = (months: number, largestMb: OfflinePolicy["largestMb"] = null): OfflinePolicy => ({
  keep: { kind: "months", months },
  largestMb,
});
const HEADERS: OfflinePolicy = { keep: { kind: "headers" }, largestMb: null };

/** One message a month for a year, the older the larger: 1 MB a month of age. */
function aYear(folder: FolderId): void {
  const rows = Array.from({ length: 12 }, (_, age) => header({ uid: 12 - age, at: monthsAgo(age), sizeBytes: (age + 1) * MB }));
  ingestHeaders(profile.store, folder, 1, rows);
}

function next(): number[] {
  return missingBodies(profile.store, mailbox.account, 100).bodies.map(({ uid }) => uid);
}

function readinessOf(folder: FolderId): unknown {
  return folderRows(profile.store).folders.find(({ id }) => id === folder)?.readiness;
}

test("without a word from the user everything is to be here, the newest first", () => {
  aYear(mailbox.folders.inbox);
  expect(next()).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  expect(readinessOf(mailbox.folders.inbox)).toEqual({ wanted: 12, ready: 0, bytesToGo: 78 * MB });
});

test("months count back from now, size leaves the large ones, and what is not wanted is not missed", () => {
  aYear(mailbox.folders.inbox);
  writePolicy(profile.store, mailbox.account, null, keep(3));
  expect(next()).toEqual([12, 11, 10, 9]);
  expect(readinessOf(mailbox.folders.inbox)).toEqual({ wanted: 4, ready: 0, bytesToGo: 10 * MB });
  writePolicy(profile.store, mailbox.account, null, keep(6, 5));
  expect(next()).toEqual([12, 11, 10, 9, 8]);
  expect(readinessOf(mailbox.folders.inbox)).toEqual({
    wanted: 7,
    ready: 0,
    bytesToGo: 15 * MB,
    onDemand: { messages: 0, bytes: 13 * MB },
  });
  // Time passes: the oldest month falls out.
  profile.at(new Date(START).setUTCMonth(new Date(START).getUTCMonth() + 4));
  expect(readinessOf(mailbox.folders.inbox)).toEqual({ wanted: 3, ready: 0, bytesToGo: 6 * MB });
});

test("a folder may keep less or more than its account, until it is told to follow again", () => {
  aYear(mailbox.folders.inbox);
  ingestHeaders(profile.store, mailbox.folders.archive, 1, [header({ uid: 99, id: "old@example.test", at: monthsAgo(0) })]);
  writePolicy(profile.store, mailbox.account, null, HEADERS);
  writePolicy(profile.store, mailbox.account, mailbox.folders.inbox, keep(1));
  expect(next()).toEqual([12, 11]);
  expect(readinessOf(mailbox.folders.archive)).toEqual({ wanted: 0, ready: 0, bytesToGo: 0 });
  writePolicy(profile.store, mailbox.account, null, null);
  expect(next()).toEqual([99, 12, 11]);
  writePolicy(profile.store, mailbox.account, mailbox.folders.inbox, null);
  expect(next()).toHaveLength(13);
});

test("folders of a trip come whole and first, until its last day has passed", () => {
  aYear(mailbox.folders.inbox);
  ingestHeaders(profile.store, mailbox.folders.lists, 1, [
    header({ uid: 50, id: "ticket@example.test", at: monthsAgo(20), sizeBytes: 70 * MB }),
  ]);
  writePolicy(profile.store, mailbox.account, null, keep(1));
  writeTrip(profile.store, { folderIds: [mailbox.folders.lists], until: START + 1000 });
  expect(next()).toEqual([50, 12, 11]);
  expect(tripEstimate(profile.store, [mailbox.folders.lists], (_account, bytes) => bytes / MB)).toEqual({
    readiness: { wanted: 1, ready: 0, bytesToGo: 70 * MB },
    secondsToGo: 70,
  });
  profile.reopen();
  expect(next()).toEqual([50, 12, 11]);
  profile.at(START + 1000);
  expect(readTrip(profile.store)).toBeNull();
  expect(next()).toEqual([12, 11]);
});

test("what arrives counts as ready, and is no longer fetched", () => {
  aYear(mailbox.folders.inbox);
  writePolicy(profile.store, mailbox.account, null, keep(3, 10));
  for (const body of missingBodies(profile.store, mailbox.account, 2).bodies) {
    const row = header({ uid: body.uid, at: monthsAgo(12 - body.uid), sizeBytes: body.sizeBytes });
    ingestBodies(profile.store, [{ placementId: body.placementId, body: bodyOf(row) }]);
  }
  expect(next()).toEqual([10, 9]);
  expect(readinessOf(mailbox.folders.inbox)).toEqual({ wanted: 4, ready: 2, bytesToGo: 7 * MB });
  expect(contradictions(profile.store)).toEqual([]);
});

test("a policy that a later version wrote keeps everything", () => {
  aYear(mailbox.folders.inbox);
  profile.store.db.connection.prepare("UPDATE account SET offline = ?").run(JSON.stringify({ keep: { kind: "clever" } }));
  expect(next()).toHaveLength(12);
});

test("a profile from before knows at once what is missing where", () => {
  aYear(mailbox.folders.inbox);
  ingestHeaders(profile.store, mailbox.folders.archive, 1, [header({ uid: 5, id: "big@example.test", at: 0, sizeBytes: 60 * MB })]);
  const { connection } = profile.store.db;
  connection.exec("DROP TABLE missing_body; DROP TABLE folder_month");
  connection.exec("ALTER TABLE account DROP COLUMN offline; ALTER TABLE folder DROP COLUMN offline");
  connection.exec("CREATE INDEX message_missing ON message(account_id, received_at DESC) WHERE bytes_here = 0");
  const migration = readMigrations(new URL("../../main/store/migrations/", import.meta.url)).find(({ name }) => name === "offline");
  connection.exec(migration?.sql ?? "");
  connection.exec("ALTER TABLE missing_body ADD COLUMN outlined INTEGER NOT NULL DEFAULT 0");
  connection.exec("ALTER TABLE folder_month ADD COLUMN outlined INTEGER NOT NULL DEFAULT 0");
  expect(contradictions(profile.store)).toEqual([]);
  expect(next()).toHaveLength(13);
});

test("300,000 messages that stay on the server are not gone through to find the one that should come", () => {
  const { connection } = profile.store.db;
  const insert = connection.prepare("INSERT INTO missing_body (folder_id, received_at, placement_id, size_bytes) VALUES (?, ?, ?, 1000)");
  const month = connection.prepare(
    "INSERT INTO folder_month (folder_id, month, size_class, total, here, bytes_missing) VALUES (?, ?, ?, 9, 9, 0)",
  );
  connection.transaction(() => {
    for (let at = 0; at < 300_000; at++) insert.run(mailbox.folders.archive, START - at, 1_000_000 + at);
    for (let at = 0; at < 300; at++) month.run(mailbox.folders.archive, 24_000 + at, 0);
  })();
  writePolicy(profile.store, mailbox.account, mailbox.folders.archive, HEADERS);
  ingestHeaders(profile.store, mailbox.folders.inbox, 1, [header({ uid: 1 })]);
  let steps = 0;
  const counted = new Proxy(profile.store.db, {
    get: (target, key) => {
      if (key === "all")
        return (...args: Parameters<typeof target.all>) => {
          const rows = target.all(...args);
          steps += rows.length;
          return rows;
        };
      const value: unknown = Reflect.get(target, key);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  expect(missingBodies({ ...profile.store, db: counted }, mailbox.account, 2000).bodies.map(({ uid }) => uid)).toEqual([1]);
  expect(steps).toBeLessThan(100);
  writePolicy(profile.store, mailbox.account, mailbox.folders.archive, keep(1));
  expect(readinessOf(mailbox.folders.archive)).toMatchObject({ bytesToGo: 0 });
});
