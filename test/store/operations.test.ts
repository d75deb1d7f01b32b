import { afterEach, beforeEach, expect, test } from "vitest";
import { applyServerFlags, ingestHeaders, removeByUids } from "../../main/store/ingest.ts";
import {
  act,
  emptyFolder,
  markAttempted,
  markDone,
  markFolderRead,
  markParked,
  markRefused,
  pendingOperations,
  requeue,
  undo,
} from "../../main/store/operations.ts";
import { readPlacement, type StoredPlacement } from "../../main/store/placements.ts";
import type { Change } from "../../shared/contract/mail.ts";
import { flagBits, hasFlag } from "../../shared/flags.ts";
import type { AccountId, FolderId, PlacementId } from "../../shared/ids.ts";
import { contradictions } from "./check-store.ts";
import { header, type Named, newMailbox, newProfile, type Profile } from "./mailbox.ts";

let profile: Profile;
let account: AccountId;
let folders: Record<Named, FolderId>;
let one: PlacementId;

beforeEach(() => {
  profile = newProfile();
  ({ account, folders } = newMailbox(profile.store));
  one = arrive(5);
});

afterEach(() => {
  expect(contradictions(profile.store)).toEqual([]);
  profile.remove();
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
  if (first) markParked(profile.store, [first.id], "?");
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

test("a message that another program deleted takes the user's operations on it along", () => {
  user(star);
  removeByUids(profile.store, folders.inbox, 1, [5]);
  expect(waiting()).toEqual([]);
  expect(readPlacement(profile.store.db, one)).toBeUndefined();
});

test("a message that vanishes while it is being moved is not lost: the move will tell its new place", () => {
  user({ kind: "archive" });
  const [operation] = waiting();
  if (operation) markAttempted(profile.store, [operation.id], { uidNext: 2, uidValidity: 1 });
  removeByUids(profile.store, folders.inbox, 1, [5]);
  expect(placement()).toMatchObject({ uid: null, shownFolderId: folders.archive });
  if (operation) markDone(profile.store, operation.id, { uidValidity: 1, uid: 2 });
  expect(placement()).toMatchObject({ folderId: folders.archive, uid: 2 });
});

test("marking a folder read makes one group that undo takes back as a whole", () => {
  for (let uid = 10; uid < 60; uid++) arrive(uid);
  const { group, count } = markFolderRead(profile.store, folders.inbox);
  expect(count).toBe(51);
  expect(undo(profile.store, group)).toBe(51);
  expect(hasFlag(placement().shownFlags, "seen")).toBe(false);
});

test("emptying Trash hides everything in it at once; done, it is gone for good", () => {
  const rubbish = [arrive(20, "trash"), arrive(21, "trash")];
  emptyFolder(profile.store, folders.trash);
  expect(rubbish.map((id) => placement(id).shownFolderId)).toEqual([null, null]);
  for (const { id } of waiting()) markDone(profile.store, id, null);
  expect(rubbish.map((id) => readPlacement(profile.store.db, id))).toEqual([undefined, undefined]);
  expect(() => emptyFolder(profile.store, folders.inbox)).toThrow("not-supported");
});

test("moving a message is still planned after the program was started anew", () => {
  user({ kind: "archive" });
  const store = profile.reopen();
  expect(pendingOperations(store, account)).toMatchObject([{ placementId: one, change: { kind: "move", toFolderId: folders.archive } }]);
});
