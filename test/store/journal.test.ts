import { expect, test } from "vitest";
import { act } from "../../main/store/acts.ts";
import { ingestHeaders } from "../../main/store/ingest-headers.ts";
import { JOURNAL_KEPT_MS, journalPage, retryOperations, takeBackOperations, trimJournal } from "../../main/store/journal.ts";
import { markAttempted, markDone, markParked, markRefused, noteTry, pendingOperations } from "../../main/store/operations.ts";
import { readPlacement } from "../../main/store/placements.ts";
import { removeByUids } from "../../main/store/reconcile.ts";
import type { JournalFilter } from "../../shared/contract/journal.ts";
import type { Change } from "../../shared/contract/mail.ts";
import type { AccountId, FolderId, OperationId, PlacementId } from "../../shared/ids.ts";
import { eachMailbox } from "./each-mailbox.ts";
import { header, type Named, type Profile, START } from "./mailbox.ts";

let profile: Profile;
let account: AccountId;
let folders: Record<Named, FolderId>;

eachMailbox((made) => {
  ({ profile, account, folders } = made);
});

const arrive = (uid: number): PlacementId =>
  ingestHeaders(profile.store, folders.inbox, 1, [header({ uid })])[0]?.placementId ?? (0 as PlacementId);
const user = (change: Change, ...ids: PlacementId[]) => act(profile.store, { kind: "placements", ids }, change);
const waiting = () => pendingOperations(profile.store, account);
const journal = (filter: JournalFilter = "all", before: OperationId | null = null, limit = 50) =>
  journalPage(profile.store, { filter, before, limit });
const only = (): OperationId => {
  const [entry] = journal().entries;
  if (entry === undefined) throw new Error("the journal is empty");
  return entry.id;
};
const shownIn = (id: PlacementId) => readPlacement(profile.store.db, id)?.shownFolderId;

test("says what was done to which message, where it was before and what the server answered", () => {
  const one = arrive(5);
  user({ kind: "archive" }, one);
  expect(journal()).toMatchObject({
    entries: [
      {
        placementId: one,
        subject: "Message 5",
        from: [{ name: "User 5", address: "user5@example.test" }],
        folderId: folders.inbox,
        change: { kind: "move", toFolderId: folders.archive },
        state: "pending",
        createdAt: START,
        endedAt: null,
        canRetry: false,
        canTakeBack: true,
      },
    ],
    counts: { all: 1, waiting: 1, attention: 0, done: 0 },
  });
  markRefused(profile.store, [only()], "NO [NOPERM] You may not");
  expect(journal("attention").entries).toMatchObject([
    { state: "refused", serverWords: "NO [NOPERM] You may not", canRetry: true, canTakeBack: false },
  ]);
});

test("comes in pages, newest first, each filter with its own", () => {
  const ids = Array.from({ length: 7 }, (_, index) => arrive(index + 1));
  for (const id of ids) user({ kind: "flag", flag: "flagged", on: true }, id);
  const [first, second] = waiting();
  if (first && second) markDone(profile.store, first.id, null);
  if (second) markParked(profile.store, [second.id], "ambiguous");
  const read = (filter: JournalFilter) => {
    const subjects: string[] = [];
    for (let before: OperationId | null = null; ; ) {
      const { entries } = journal(filter, before, 2);
      subjects.push(...entries.map(({ subject }) => subject.slice(-1)));
      const last = entries.at(-1);
      if (last === undefined) return subjects.join("");
      before = last.id;
    }
  };
  expect(read("all")).toBe("7654321");
  expect(read("waiting")).toBe("76543");
  expect(read("attention")).toBe("2");
  expect(read("done")).toBe("1");
});

test("names a message that is gone", async () => {
  const one = arrive(5);
  user({ kind: "archive" }, one);
  markDone(profile.store, only(), { uidValidity: 1, uid: 9 });
  await removeByUids(profile.store, folders.archive, 1, [9]);
  expect(journal().entries).toMatchObject([{ subject: "Message 5", from: [{ address: "user5@example.test" }], canTakeBack: false }]);
});

test("an operation whose message another program took away says so, and cannot be tried again", async () => {
  const one = arrive(5);
  user({ kind: "archive" }, one);
  await removeByUids(profile.store, folders.inbox, 1, [5]);
  expect(journal().entries).toMatchObject([{ state: "refused", reason: "gone", canRetry: false }]);
  expect(retryOperations(profile.store, [only()])).toBe(0);
});

test("what waits is cancelled, what is done is done the other way round, each by itself", () => {
  const [one, two] = [arrive(5), arrive(6)];
  user({ kind: "archive" }, one, two);
  const [first] = waiting();
  if (first) markDone(profile.store, first.id, { uidValidity: 1, uid: 9 });
  expect(takeBackOperations(profile.store, [waiting()[0]?.id ?? (0 as OperationId)])).toBe(1);
  expect(shownIn(two)).toBe(folders.inbox);
  expect(waiting()).toEqual([]);
  expect(takeBackOperations(profile.store, [first?.id ?? (0 as OperationId)])).toBe(1);
  expect(waiting()).toMatchObject([{ placementId: one, change: { kind: "move", toFolderId: folders.inbox } }]);
  expect(shownIn(one)).toBe(folders.inbox);
  expect(journal("done").entries.map(({ state, canTakeBack }) => [state, canTakeBack])).toEqual([
    ["undone", false],
    ["done", false],
  ]);
});

test("what is on its way to the server is not cancelled under its hands", () => {
  const one = arrive(5);
  user({ kind: "archive" }, one);
  markAttempted(profile.store, [only()], { uidNext: 3, uidValidity: 1 });
  expect(journal().entries).toMatchObject([{ state: "attempted", canTakeBack: false }]);
  expect(takeBackOperations(profile.store, [only()])).toBe(0);
  expect(shownIn(one)).toBe(folders.archive);
});

test("a refused one that is tried again is shown again as the user wants it, and goes back there when it is undone", () => {
  const one = arrive(5);
  user({ kind: "archive" }, one);
  markRefused(profile.store, [only()], "no");
  expect(shownIn(one)).toBe(folders.inbox);
  expect(retryOperations(profile.store, [only()])).toBe(1);
  expect(shownIn(one)).toBe(folders.archive);
  expect(waiting()).toHaveLength(1);
  expect(journal().entries).toMatchObject([{ state: "pending", serverWords: null, endedAt: null }]);
  markDone(profile.store, only(), { uidValidity: 1, uid: 9 });
  takeBackOperations(profile.store, [only()]);
  expect(shownIn(one)).toBe(folders.inbox);
});

test("a parked one that may have happened is looked for before it is sent again", () => {
  const one = arrive(5);
  user({ kind: "archive" }, one);
  markAttempted(profile.store, [only()], { uidNext: 3, uidValidity: 1 });
  markParked(profile.store, [only()], "not-found");
  retryOperations(profile.store, [only()]);
  expect(waiting()).toMatchObject([{ state: "attempted", attempt: { uidNext: 3, uidValidity: 1 } }]);
});

test("one that fails for the fourth time is parked; the others wait no longer", () => {
  const [one, two] = [arrive(5), arrive(6)];
  user({ kind: "archive" }, one, two);
  const first = waiting()[0]?.id ?? (0 as OperationId);
  for (let time = 1; time <= 3; time++) noteTry(profile.store, [first], 4, "");
  expect(waiting().map(({ tries }) => tries)).toEqual([3, 0]);
  noteTry(profile.store, [first], 4, "BAD boom");
  expect(waiting().map(({ placementId }) => placementId)).toEqual([two]);
  expect(journal("attention").entries).toMatchObject([{ state: "parked", reason: "tries", tries: 4, serverWords: "BAD boom" }]);
  retryOperations(profile.store, [first]);
  expect(waiting().map(({ tries }) => tries)).toEqual([0, 0]);
});

test("what ended is kept for thirty days; what waits stays until it is decided", async () => {
  const ids = [arrive(1), arrive(2), arrive(3)];
  for (const id of ids) user({ kind: "archive" }, id);
  const [done, parked] = waiting();
  if (done) markDone(profile.store, done.id, null);
  if (parked) markParked(profile.store, [parked.id], "ambiguous");
  profile.at(START + JOURNAL_KEPT_MS);
  await trimJournal(profile.store);
  expect(journal().counts.all).toBe(3);
  profile.at(START + JOURNAL_KEPT_MS + 1);
  await trimJournal(profile.store);
  expect(journal().entries.map(({ state }) => state)).toEqual(["pending", "parked"]);
});
