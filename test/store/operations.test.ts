import { expect, test } from "vitest";
import { act, actInSlices, emptyFolder, markFolderRead } from "../../main/store/acts.ts";
import { ingestHeaders } from "../../main/store/ingest-headers.ts";
import { markAttempted, markDone, markParked, markRefused, pendingOperations, requeue } from "../../main/store/operations.ts";
import { readPlacement } from "../../main/store/placements.ts";
import { applyServerFlags, removeByUids } from "../../main/store/reconcile.ts";
import type { StoredPlacement } from "../../main/store/stored-placement.ts";
import { undo, undoInSlices } from "../../main/store/undo.ts";
import type { Change } from "../../shared/contract/mail.ts";
import { flagBits, hasFlag } from "../../shared/flags.ts";
import type { AccountId, FolderId, PlacementId } from "../../shared/ids.ts";
import { eachMailbox } from "./each-mailbox.ts";
import { header, type Named, newMailbox, type Profile } from "./mailbox.ts";

let profile: Profile;
let account: AccountId;
let folders: Record<Named, FolderId>;
let one: PlacementId;

eachMailbox((made) => {
  ({ profile, account, folders } = made);
  one = arrive(5);
});

function arrive(uid: number, folder: Named = "inbox"): PlacementId {
  return ingestHeaders(profile.store, folders[folder], 1, [header({ uid })])[0]?.placementId ?? (0 as PlacementId);
}

function placement(id = one): StoredPlacement {
  const found = readPlacement(profile.store.db, id);
  if (found === undefined) throw new Error("gone");
  return found;
}

function user(change: Change, id = one): string {
  return act(profile.store, { kind: "placements", ids: [id] }, change).group;
}

const waiting = () => pendingOperations(profile.store, account);
const star: Change = { kind: "flag", flag: "flagged", on: true };
const read: Change = { kind: "flag", flag: "seen", on: true };

test("a star shows at once, waits for the server, and is the server's truth when it was carried out", () => {
  user(star);
  expect(hasFlag(placement().shownFlags, "flagged")).toBe(true);
  expect(hasFlag(placement().flags, "flagged")).toBe(false);
  const [operation] = waiting();
  expect(operation).toMatchObject({ folderId: folders.inbox, uid: 5, uidValidity: 1, change: { kind: "flag", flag: "flagged", on: true } });
  if (operation) markDone(profile.store, operation.id, null);
  expect(hasFlag(placement().flags, "flagged")).toBe(true);
  expect(waiting()).toEqual([]);
});

test("what is as the user wants it already makes no work for the server", () => {
  user(star);
  expect(act(profile.store, { kind: "placements", ids: [one] }, star).count).toBe(0);
  expect(act(profile.store, { kind: "placements", ids: [one] }, { kind: "move", folderId: folders.inbox }).count).toBe(0);
  expect(waiting()).toHaveLength(1);
});

test("flags from the server change the truth under what the user did, and the user's word stays on top", () => {
  user(star);
  applyServerFlags(profile.store, folders.inbox, 1, [{ uid: 5, modseq: 9, flags: flagBits(["seen", "answered"]), keywords: [] }]);
  expect(placement().shownFlags).toBe(flagBits(["seen", "answered", "flagged"]));
  undo(profile.store, user(read));
  const [operation] = waiting();
  if (operation) markRefused(profile.store, [operation.id], "NO");
  expect(placement().shownFlags).toBe(flagBits(["seen", "answered"]));
});

test("a refused move brings the message back to where it was and tells the server's words", () => {
  const told: unknown[] = [];
  profile.store.changes.onRefused((refusal) => told.push(refusal));
  user({ kind: "move", folderId: folders.lists });
  expect(placement().shownFolderId).toBe(folders.lists);
  const [operation] = waiting();
  if (operation) markRefused(profile.store, [operation.id], "NO [OVERQUOTA] full");
  expect(placement().shownFolderId).toBe(folders.inbox);
  expect(told).toMatchObject([{ placementId: one, count: 1, words: "NO [OVERQUOTA] full" }]);
});

test("archive, delete and junk find their folders by role, and deleting in Trash is for good", () => {
  user({ kind: "archive" });
  expect(placement().shownFolderId).toBe(folders.archive);
  user({ kind: "junk", on: true });
  expect(placement()).toMatchObject({ shownFolderId: folders.junk, shownFlags: flagBits(["junk"]) });
  user({ kind: "junk", on: false });
  expect(placement()).toMatchObject({ shownFolderId: folders.inbox, shownFlags: 0 });
  user({ kind: "delete" });
  expect(placement().shownFolderId).toBe(folders.trash);
  user({ kind: "delete" });
  expect(placement().shownFolderId).toBeNull();
  expect(waiting().at(-1)?.change).toEqual({ kind: "expunge" });
});

test("an account without an archive says so and nothing has changed", () => {
  profile.store.db.connection.prepare("UPDATE folder SET role = 'none' WHERE role = 'archive'").run();
  expect(() => user({ kind: "archive" })).toThrow("no-folder-for-role");
  expect(waiting()).toEqual([]);
});

test("undo of what no server has heard of leaves nothing to tell it", () => {
  const group = user({ kind: "delete" });
  expect(undo(profile.store, group)).toBe(1);
  expect(placement().shownFolderId).toBe(folders.inbox);
  expect(waiting()).toEqual([]);
  expect(undo(profile.store, group)).toBe(0);
});

test("undo after the server carried it out is the same the other way round, and only once", () => {
  const group = user({ kind: "delete" });
  const [operation] = waiting();
  if (operation) markDone(profile.store, operation.id, { uidValidity: 3, uid: 77 });
  expect(undo(profile.store, group)).toBe(1);
  expect(waiting()).toMatchObject([
    { folderId: folders.trash, uidValidity: 3, uid: 77, change: { kind: "move", toFolderId: folders.inbox } },
  ]);
  expect(placement().shownFolderId).toBe(folders.inbox);
  expect(undo(profile.store, group)).toBe(0);
});

test("undo while the server is being asked goes behind the question", () => {
  const group = user({ kind: "delete" });
  const [operation] = waiting();
  if (operation) markAttempted(profile.store, [operation.id], { uidNext: 9, uidValidity: 1 });
  undo(profile.store, group);
  expect(waiting().map(({ state, change }) => [state, change.kind === "move" && change.toFolderId])).toEqual([
    ["attempted", folders.trash],
    ["pending", folders.inbox],
  ]);
  expect(placement().shownFolderId).toBe(folders.inbox);
});

test("undo does not bring back what the user has moved elsewhere since", () => {
  const group = user({ kind: "archive" });
  const [operation] = waiting();
  if (operation) markDone(profile.store, operation.id, { uidValidity: 1, uid: 8 });
  user({ kind: "move", folderId: folders.lists });
  expect(undo(profile.store, group)).toBe(0);
  expect(placement().shownFolderId).toBe(folders.lists);
});

test("a parked operation holds back only what was done later to the same message", () => {
  const two = arrive(6);
  user({ kind: "move", folderId: folders.lists });
  user(star);
  user(star, two);
  const [first] = waiting();
  if (first) markParked(profile.store, [first.id], "ambiguous");
  expect(waiting().map(({ placementId }) => placementId)).toEqual([two]);
  expect(placement().shownFolderId).toBe(folders.lists);
  if (first) requeue(profile.store, [first.id]);
  expect(waiting()).toHaveLength(3);
});

test("a message moved where the server tells no number is bound to it when the folder is listed", () => {
  user({ kind: "archive" });
  const [operation] = waiting();
  if (operation) markDone(profile.store, operation.id, null);
  expect(placement()).toMatchObject({ folderId: folders.archive, uid: null });
  const moved = header({ uid: 40, id: "m5@example.test", sizeBytes: 1005 });
  expect(ingestHeaders(profile.store, folders.archive, 1, [moved])).toMatchObject([{ placementId: one, isNew: false }]);
  expect(placement()).toMatchObject({ folderId: folders.archive, uid: 40, uidValidity: 1 });
});

test.each([
  ["the number is told", { uidValidity: 1, uid: 40 }],
  ["no number is told", null],
])("the target was listed before the answer to the move came: the message stands there once, %s", (_, place) => {
  user({ kind: "archive" });
  const [operation] = waiting();
  const early = ingestHeaders(profile.store, folders.archive, 1, [
    header({ uid: 40, id: "m5@example.test", sizeBytes: 1005, flags: ["seen"] }),
  ]);
  user(star, early[0]?.placementId);
  if (operation) markDone(profile.store, operation.id, place);
  expect(readPlacement(profile.store.db, early[0]?.placementId ?? one)).toBeUndefined();
  expect(placement()).toMatchObject({ folderId: folders.archive, uid: 40, shownFlags: flagBits(["seen", "flagged"]) });
  expect(waiting()).toMatchObject([{ placementId: one, uid: 40 }]);
});

test("a message that another program deleted takes the user's operations on it along", async () => {
  user(star);
  await removeByUids(profile.store, folders.inbox, 1, [5]);
  expect(waiting()).toEqual([]);
  expect(placement()).toMatchObject({ shownFolderId: null, pending: 0 });
});

test("a message that vanishes while it is being moved is not lost: the move will tell its new place", async () => {
  user({ kind: "archive" });
  const [operation] = waiting();
  if (operation) markAttempted(profile.store, [operation.id], { uidNext: 2, uidValidity: 1 });
  await removeByUids(profile.store, folders.inbox, 1, [5]);
  expect(placement()).toMatchObject({ uid: null, shownFolderId: folders.archive });
  if (operation) markDone(profile.store, operation.id, { uidValidity: 1, uid: 2 });
  expect(placement()).toMatchObject({ folderId: folders.archive, uid: 2 });
});

test("marking a folder read makes one group that undo takes back as a whole", async () => {
  for (let uid = 10; uid < 60; uid++) arrive(uid);
  const { group, count } = await markFolderRead(profile.store, folders.inbox);
  expect(count).toBe(51);
  expect(undo(profile.store, group)).toBe(51);
  expect(hasFlag(placement().shownFlags, "seen")).toBe(false);
});

test("emptying Trash hides everything in it at once; done, it is gone for good", async () => {
  const rubbish = [arrive(20, "trash"), arrive(21, "trash")];
  await emptyFolder(profile.store, folders.trash);
  expect(rubbish.map((id) => placement(id).shownFolderId)).toEqual([null, null]);
  for (const { id } of waiting()) markDone(profile.store, id, null);
  expect(rubbish.map((id) => readPlacement(profile.store.db, id))).toEqual([undefined, undefined]);
  await expect(emptyFolder(profile.store, folders.inbox)).rejects.toThrow("not-supported");
});

test("five hundred messages are one act, and others get their turn while it is carried out", async () => {
  const ids = Array.from({ length: 500 }, (_, at) => arrive(1000 + at));
  let turns = 0;
  const count = () => {
    turns += 1;
    counting = setImmediate(count);
  };
  let counting = setImmediate(count);
  const { group, count: changed } = await actInSlices(profile.store, { kind: "placements", ids }, { kind: "archive" });
  clearImmediate(counting);
  expect(changed).toBe(500);
  expect(turns).toBeGreaterThanOrEqual(4);
  expect(new Set(ids.map((id) => placement(id).shownFolderId))).toEqual(new Set([folders.archive]));
  expect(await undoInSlices(profile.store, group)).toBe(500);
  expect(new Set(ids.map((id) => placement(id).shownFolderId))).toEqual(new Set([folders.inbox]));
});

test("an act that fails in the middle leaves nothing of itself behind", async () => {
  const ids = Array.from({ length: 150 }, (_, at) => arrive(2000 + at));
  const other = newMailbox(profile.store, "user2@example.test");
  const [last] = ingestHeaders(profile.store, other.folders.inbox, 1, [header({ uid: 1 })]);
  profile.store.db.connection.exec(`UPDATE folder SET role = 'none' WHERE id = ${other.folders.archive}`);
  const all = [...ids, last?.placementId ?? (0 as PlacementId)];
  await expect(actInSlices(profile.store, { kind: "placements", ids: all }, { kind: "archive" })).rejects.toThrow("no-folder-for-role");
  expect(new Set(ids.map((id) => placement(id).shownFolderId))).toEqual(new Set([folders.inbox]));
  expect(waiting()).toEqual([]);
});

test("moving a message is still planned after the program was started anew", () => {
  user({ kind: "archive" });
  const store = profile.reopen();
  expect(pendingOperations(store, account)).toMatchObject([{ placementId: one, change: { kind: "move", toFolderId: folders.archive } }]);
});

test("two copies of one message moved to where the server tells no numbers are found again there, and neither stays without one", () => {
  const { store } = profile;
  const bytes = header({ uid: 5 });
  const copies = [7, 8].map(
    (uid) =>
      ingestHeaders(store, folders.inbox, 1, [
        { ...header({ uid, id: "twice@example.test", sizeBytes: 900, at: bytes.receivedAt }), emailId: "M1" },
      ])[0]?.placementId,
  );
  act(store, { kind: "placements", ids: copies.flatMap((id) => id ?? []) }, { kind: "move", folderId: folders.archive });
  for (const { id } of pendingOperations(store, account)) markDone(store, id, null);
  for (const uid of [1, 2])
    ingestHeaders(store, folders.archive, 1, [
      { ...header({ uid, id: "twice@example.test", sizeBytes: 900, at: bytes.receivedAt }), emailId: "M1" },
    ]);
  expect(copies.map((id) => placement(id ?? one).uid).sort()).toEqual([1, 2]);
});
