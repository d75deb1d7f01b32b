import { existsSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { act } from "../../main/store/acts.ts";
import { blobPath, writeBlob } from "../../main/store/blobs.ts";
import { askForDownload } from "../../main/store/downloads.ts";
import { giveBack } from "../../main/store/give-back.ts";
import { waitingForIndex } from "../../main/store/index-queue.ts";
import { ingestBodies } from "../../main/store/ingest-bodies.ts";
import { ingestHeaders } from "../../main/store/ingest-headers.ts";
import { FIRST_KEPT, readKept, readKeptBytes, writeOwnLimit } from "../../main/store/kept.ts";
import { missingBodies } from "../../main/store/missing-bodies.ts";
import { roomChanged, roomOf } from "../../main/store/room.ts";
import { writeSettings } from "../../main/store/settings.ts";
import { breathe } from "../../main/store/slices.ts";
import { writeTrip } from "../../main/store/trip.ts";
import type { FolderId, MessageId, PlacementId } from "../../shared/ids.ts";
import { contradictions } from "./check-store.ts";
import { bodyOf, DAY, header, newMailbox, newProfile, type Profile, START } from "./mailbox.ts";

let profile: Profile;
let mailbox: ReturnType<typeof newMailbox>;
beforeEach(() => {
  profile = newProfile();
  mailbox = newMailbox(profile.store);
});
afterEach(() => profile.remove());

/** A message a day, the newest first in number, with its bytes here. */
function letters(folder: FolderId, count: number, from = 1): { placementId: PlacementId; messageId: MessageId; hash: string }[] {
  const { store } = profile;
  store.db.connection.prepare("UPDATE folder SET uid_validity = 1 WHERE id = ?").run(folder);
  const rows = Array.from({ length: count }, (_, at) =>
    header({ uid: from + at, id: `m${folder}-${from + at}@example.test`, at: START - (from + at) * DAY }),
  );
  const listed = ingestHeaders(store, folder, 1, rows);
  return listed.map(({ placementId, messageId }, at) => {
    const bytes = new TextEncoder().encode(`letter ${folder} ${from + at}\r\n`.padEnd(1000, "x"));
    const { hash, sizeBytes } = writeBlob(store.blobs.dir, bytes, { durable: false });
    ingestBodies(store, [{ placementId, body: { ...bodyOf(rows[at] ?? header({ uid: 0 })), hash, sizeBytes } }]);
    return { placementId, messageId, hash };
  });
}

const kept = (waiting: ReadonlySet<number> = new Set()) => readKept(profile.store, mailbox.account, FIRST_KEPT, 100, waiting);
const tiers = (): (number | null)[] => kept().map(({ tier }) => tier);

test("what is kept is counted for each account, and a file that two accounts share once for all of them", async () => {
  const { store } = profile;
  const first = letters(mailbox.folders.inbox, 3);
  const other = newMailbox(store, "user2@example.test");
  const row = header({ uid: 1, id: "same@example.test" });
  const [twin] = ingestHeaders(store, other.folders.inbox, 1, [row]);
  const shared = first[0]?.hash ?? "";
  ingestBodies(store, [{ placementId: twin?.placementId ?? (0 as PlacementId), body: { ...bodyOf(row), hash: shared, sizeBytes: 1000 } }]);
  expect([readKeptBytes(store.db, mailbox.account), readKeptBytes(store.db, other.account), readKeptBytes(store.db)]).toEqual([
    3000, 1000, 3000,
  ]);
  await giveBack(store, [first[0]?.messageId ?? (0 as MessageId)], breathe);
  // The other account still needs the file.
  expect([readKeptBytes(store.db, mailbox.account), readKeptBytes(store.db)]).toEqual([2000, 3000]);
  expect(existsSync(blobPath(store.blobs.dir, shared))).toBe(true);
  expect(contradictions(store)).toEqual([]);
});

test("what is given back is not here, its file is gone at once, and it is missed again", async () => {
  const { store } = profile;
  const [first] = letters(mailbox.folders.inbox, 2);
  if (first === undefined) throw new Error("no letter");
  await giveBack(store, [first.messageId], breathe);
  expect(existsSync(blobPath(store.blobs.dir, first.hash))).toBe(false);
  expect(missingBodies(store, mailbox.account, 10).bodies.map(({ messageId }) => messageId)).toEqual([first.messageId]);
  expect(contradictions(store)).toEqual([]);
});

test("only what lies on the server and is at rest there can be given back", () => {
  const { store } = profile;
  const { inbox, archive } = mailbox.folders;
  const [moved, local, left, other] = letters(inbox, 4);
  act(store, { kind: "placements", ids: [moved?.placementId ?? (0 as PlacementId)] }, { kind: "move", folderId: archive });
  const change = (what: string, id: PlacementId | undefined) =>
    store.db.connection.prepare(`UPDATE placement SET ${what} WHERE id = ?`).run(id);
  change("uid = NULL, uid_validity = NULL", local?.placementId);
  change("missing_since = 1", left?.placementId);
  expect(kept().filter(({ tier }) => tier !== null)).toMatchObject([{ messageId: other?.messageId }]);
  // Its folder has other numbers now: whether the server still has it is not known.
  store.db.connection.prepare("UPDATE folder SET uid_validity = 2 WHERE id = ?").run(inbox);
  expect(tiers()).toEqual([null, null, null, null]);
});

test("what is not in the index yet stays until it is: it would never be found by its words", () => {
  const { store } = profile;
  const [first] = letters(mailbox.folders.inbox, 2);
  const waiting = waitingForIndex(store, 10) ?? new Set<number>();
  expect(waiting.has(first?.messageId ?? 0)).toBe(true);
  expect(kept(waiting).map(({ tier }) => tier)).toEqual([null, null]);
  expect(waitingForIndex(store, 1)).toBeNull();
  store.db.connection.exec("DELETE FROM index_queue");
  expect(kept(waitingForIndex(store, 10) ?? waiting).map(({ tier }) => tier)).toEqual([2, 2]);
});

test("what waits to be told off a list keeps its signed message", () => {
  const { store } = profile;
  const [first] = letters(mailbox.folders.inbox, 2);
  store.db.connection
    .prepare(
      `INSERT INTO unsubscribe (account_id, message_id, way, list, target, url, raw_hash, received_at, state, attempts, next_at, asked_at, words)
       VALUES (?, ?, 'post', 'l', 't', 'https://example.test', ?, 0, 'waiting', 0, 0, 0, '')`,
    )
    .run(mailbox.account, first?.messageId, first?.hash);
  expect(kept()).toHaveLength(1);
});

test("starred mail and what was opened this week come after the others, a trip's last; what was opened just now stays", async () => {
  const { store } = profile;
  const { inbox, lists } = mailbox.folders;
  const [, starred] = letters(inbox, 3);
  letters(lists, 1, 10);
  act(store, { kind: "placements", ids: [starred?.placementId ?? (0 as PlacementId)] }, { kind: "flag", flag: "flagged", on: true });
  store.db.connection.exec("UPDATE operation SET state = 'done'; UPDATE placement SET pending = 0");
  writeTrip(store, { folderIds: [lists], until: START + 30 * DAY });
  // The oldest first: that of the list, and the three of the inbox.
  expect(tiers()).toEqual([0, 2, 1, 2]);
  const opened = kept()[1]?.messageId as MessageId;
  await giveBack(store, [opened], breathe);
  const [again] = missingBodies(store, mailbox.account, 1).bodies;
  if (again === undefined) throw new Error("nothing is missing");
  askForDownload(store, [again.placementId]);
  const bytes = new TextEncoder().encode("opened\r\n".padEnd(1000, "x"));
  const { hash, sizeBytes } = writeBlob(store.blobs.dir, bytes, { durable: false });
  ingestBodies(store, [{ placementId: again.placementId, body: { ...bodyOf(header({ uid: 3 })), hash, sizeBytes } }]);
  expect(tiers()).toEqual([0, null, 1, 2]);
  profile.at(START + DAY);
  expect(tiers()).toEqual([0, 1, 1, 2]);
  profile.at(START + 8 * DAY);
  expect(tiers()).toEqual([0, 2, 1, 2]);
});

test("where there is not room for all, starred mail is fetched before newer", async () => {
  const { store } = profile;
  const [first, second, third] = letters(mailbox.folders.inbox, 3);
  act(store, { kind: "placements", ids: [third?.placementId ?? (0 as PlacementId)] }, { kind: "flag", flag: "flagged", on: true });
  await giveBack(
    store,
    [first, second, third].map((one) => one?.messageId ?? (0 as MessageId)),
    breathe,
  );
  const order = (starredFirst: boolean) => missingBodies(store, mailbox.account, 10, starredFirst).bodies.map(({ messageId }) => messageId);
  expect(order(false)).toEqual([first?.messageId, second?.messageId, third?.messageId]);
  expect(order(true)).toEqual([third?.messageId, first?.messageId, second?.messageId]);
});

test("an account's own limit and that of all accounts hold together, the narrower one is named", () => {
  const { store } = profile;
  letters(mailbox.folders.inbox, 3);
  const other = newMailbox(store, "user2@example.test");
  expect(roomOf(store, mailbox.account)).toBeNull();
  writeOwnLimit(store, mailbox.account, 5);
  expect(roomOf(store, mailbox.account)).toEqual({ keptBytes: 3000, budgetBytes: 5_000_000, limitBytes: 5_000_000, by: "account" });
  writeSettings(store, { keepAtMostMb: 2 });
  roomChanged(store);
  expect(roomOf(store, mailbox.account)).toEqual({ keptBytes: 3000, budgetBytes: 2_000_000, limitBytes: 2_000_000, by: "profile" });
  // What the first has is not there for the second.
  expect(roomOf(store, other.account)).toEqual({ keptBytes: 0, budgetBytes: 1_997_000, limitBytes: 2_000_000, by: "profile" });
});
