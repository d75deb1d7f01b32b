import { expect, test } from "vitest";
import { act } from "../../main/store/acts.ts";
import { ingestBodies } from "../../main/store/ingest-bodies.ts";
import { ingestHeaders } from "../../main/store/ingest-headers.ts";
import { JOURNAL_KEPT_MS, trimJournal } from "../../main/store/journal.ts";
import { markDone, pendingOperations } from "../../main/store/operations.ts";
import { applyServerFlags, removeByUids } from "../../main/store/reconcile.ts";
import { storyOf } from "../../main/store/story.ts";
import { flagBits } from "../../shared/flags.ts";
import type { AccountId, FolderId, PlacementId } from "../../shared/ids.ts";
import { eachMailbox } from "./each-mailbox.ts";
import { bodyOf, header, MINUTE, type Named, type Profile, START, type Wanted } from "./mailbox.ts";

let profile: Profile;
let account: AccountId;
let folders: Record<Named, FolderId>;

eachMailbox((made) => {
  ({ profile, account, folders } = made);
});

const arrive = (wanted: Wanted, folder: Named = "inbox"): PlacementId =>
  ingestHeaders(profile.store, folders[folder], 1, [header(wanted)])[0]?.placementId ?? (0 as PlacementId);
const kinds = (id: PlacementId) => storyOf(profile.store.db, id).map(({ kind }) => kind);
const flags = (uid: number, ...names: Parameters<typeof flagBits>[0] extends Iterable<infer F> ? F[] : never) =>
  applyServerFlags(profile.store, folders.inbox, 1, [{ uid, modseq: null, flags: flagBits(names), keywords: [] }]);
const rows = () => profile.store.db.connection.prepare("SELECT count(*) FROM story").pluck().get();

test("a first listing writes no story: that a message arrived, and when, is known without", () => {
  const id = arrive({ uid: 5, flags: ["seen"] });
  expect(storyOf(profile.store.db, id)).toEqual([{ kind: "arrived", at: START - 5 * MINUTE }]);
  expect(rows()).toBe(0);
});

test("what another device read and starred is told with the time when it was heard of", () => {
  const id = arrive({ uid: 5 });
  profile.at(START + MINUTE);
  flags(5, "seen", "flagged");
  flags(5, "seen", "flagged");
  profile.at(START + 2 * MINUTE);
  flags(5, "seen");
  expect(storyOf(profile.store.db, id).slice(1)).toEqual([
    { kind: "flag", at: START + MINUTE, flag: "seen", on: true },
    { kind: "flag", at: START + MINUTE, flag: "flagged", on: true },
    { kind: "flag", at: START + 2 * MINUTE, flag: "flagged", on: false },
  ]);
});

test("what was done here is not taken for another device's doing, whichever answer comes first", () => {
  const id = arrive({ uid: 5 });
  act(profile.store, { kind: "placements", ids: [id] }, { kind: "flag", flag: "seen", on: true });
  flags(5, "seen");
  const [operation] = pendingOperations(profile.store, account);
  if (operation) markDone(profile.store, operation.id, null);
  flags(5, "seen");
  expect(storyOf(profile.store.db, id).slice(1)).toMatchObject([{ kind: "did", state: "done", change: { flag: "seen", on: true } }]);
  expect(rows()).toBe(0);
});

test("a move by another device is one event, whether it is first seen to come or to go", async () => {
  const gone = arrive({ uid: 5, at: START });
  await removeByUids(profile.store, folders.inbox, 1, [5]);
  const there = arrive({ uid: 50, id: "m5@example.test", sizeBytes: 1005, at: START }, "archive");
  expect(there).toBe(gone);
  expect(storyOf(profile.store.db, there).slice(1)).toMatchObject([
    { kind: "moved", from: { name: "inbox" }, to: { id: folders.archive, name: "archive" } },
  ]);

  const first = arrive({ uid: 6, emailId: "e6" });
  const second = arrive({ uid: 60, id: "m6@example.test", sizeBytes: 1006, emailId: "e6" }, "archive");
  await removeByUids(profile.store, folders.inbox, 1, [6]);
  expect(first).not.toBe(second);
  expect(storyOf(profile.store.db, second).slice(1)).toMatchObject([{ kind: "moved", from: { name: "inbox" }, to: { name: "archive" } }]);
});

test("of two messages that turn out to be one the stories are one as well, with what was done to either", async () => {
  const one = arrive({ uid: 5, at: START });
  ingestBodies(profile.store, [{ placementId: one, body: bodyOf(header({ uid: 5 }), "a".repeat(64)) }]);
  act(profile.store, { kind: "placements", ids: [one] }, { kind: "flag", flag: "flagged", on: true });
  const [operation] = pendingOperations(profile.store, account);
  if (operation) markDone(profile.store, operation.id, null);
  await removeByUids(profile.store, folders.inbox, 1, [5]);
  // Another date: what it is comes out with its bytes.
  const other = arrive({ uid: 50, id: "m5@example.test", sizeBytes: 1005, at: START + MINUTE }, "archive");
  expect(other).not.toBe(one);
  applyServerFlags(profile.store, folders.archive, 1, [{ uid: 50, modseq: null, flags: flagBits(["answered"]), keywords: [] }]);
  ingestBodies(profile.store, [{ placementId: other, body: bodyOf(header({ uid: 5 }), "a".repeat(64)) }]);
  expect(new Set(kinds(other))).toEqual(new Set(["arrived", "did", "flag", "moved"]));
});

test("what the journal forgets stays in the story", async () => {
  const id = arrive({ uid: 5 });
  act(profile.store, { kind: "placements", ids: [id] }, { kind: "archive" });
  const [operation] = pendingOperations(profile.store, account);
  if (operation) markDone(profile.store, operation.id, { uidValidity: 1, uid: 9 });
  profile.at(START + JOURNAL_KEPT_MS + 1);
  await trimJournal(profile.store);
  expect(profile.store.db.connection.prepare("SELECT count(*) FROM operation").pluck().get()).toBe(0);
  expect(storyOf(profile.store.db, id).slice(1)).toMatchObject([
    { kind: "did", at: START, state: "done", change: { kind: "move", toFolderId: folders.archive }, from: { name: "inbox" } },
  ]);
});

test("the story goes with its message, and no story names a message that is gone", async () => {
  const id = arrive({ uid: 5 });
  flags(5, "seen");
  act(profile.store, { kind: "placements", ids: [id] }, { kind: "delete" });
  for (const { id: operation } of pendingOperations(profile.store, account)) markDone(profile.store, operation, { uidValidity: 1, uid: 9 });
  act(profile.store, { kind: "placements", ids: [id] }, { kind: "delete" });
  for (const { id: operation } of pendingOperations(profile.store, account)) markDone(profile.store, operation, null);
  expect(rows()).toBe(0);
  expect(storyOf(profile.store.db, id)).toEqual([]);
});
