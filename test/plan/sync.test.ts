import { describe, expect, test } from "vitest";
import { countsAgree, folderRank, planSync, RECONCILE_EVERY_MS, type SeenFolder, windowsNewestFirst } from "../../main/plan/sync.ts";

const NOW = 1_800_000_000_000;
const seen: SeenFolder = { uidValidity: 7, uidNext: 101, highestModseq: 50, remoteTotal: 100, headersDownTo: 1, reconciledAt: NOW - 1000 };
const server = { uidValidity: 7, uidNext: 101, highestModseq: 50, messages: 100 };
const QRESYNC = { condstore: true, qresync: true };
const CONDSTORE = { condstore: true, qresync: false };
const NEITHER = { condstore: false, qresync: false };

test("a folder in which nothing happened asks nothing", () => {
  expect(planSync(seen, server, QRESYNC, NOW, false)).toEqual([]);
  expect(planSync(seen, server, CONDSTORE, NOW, true)).toEqual([]);
});

test("a folder never seen is listed from its newest message down", () => {
  const fresh = { uidValidity: null, uidNext: null, highestModseq: null, remoteTotal: null, headersDownTo: null, reconciledAt: null };
  expect(planSync(fresh, server, QRESYNC, NOW, false)).toEqual([{ kind: "list-older", below: 101 }]);
});

test("a new UIDVALIDITY voids everything else that was known", () => {
  expect(planSync(seen, { ...server, uidValidity: 8, uidNext: 500, highestModseq: 3 }, QRESYNC, NOW, true)).toEqual([
    { kind: "reset", uidValidity: 8 },
    { kind: "list-older", below: 500 },
  ]);
});

test("a listing that was cut off goes on where it stopped, after what is new", () => {
  expect(
    planSync({ ...seen, headersDownTo: 40 }, { ...server, uidNext: 103, messages: 102, highestModseq: 52 }, QRESYNC, NOW, false),
  ).toEqual([
    { kind: "changes", sinceModseq: 50 },
    { kind: "list-new", from: 101 },
    { kind: "list-older", below: 40 },
  ]);
});

test("deletions and flags come before new mail", () => {
  const kinds = planSync(seen, { ...server, uidNext: 102, messages: 101, highestModseq: 51 }, QRESYNC, NOW, false).map(({ kind }) => kind);
  expect(kinds).toEqual(["changes", "list-new"]);
});

describe("without QRESYNC", () => {
  test("a count that fell means that UIDs must be compared", () => {
    const kinds = planSync(seen, { ...server, messages: 98, highestModseq: 51 }, CONDSTORE, NOW, false).map(({ kind }) => kind);
    expect(kinds).toEqual(["changes", "reconcile"]);
  });
  test("one came and another went: the count is the same and the UIDs are compared all the same", () => {
    const kinds = planSync(seen, { ...server, uidNext: 102, messages: 100, highestModseq: 51 }, CONDSTORE, NOW, false).map(
      ({ kind }) => kind,
    );
    expect(kinds).toEqual(["changes", "list-new", "reconcile"]);
  });
});

describe("without CONDSTORE", () => {
  const plain = { ...server, highestModseq: null };
  const known = { ...seen, highestModseq: null };
  test("flags of the newest messages are compared when something happened, or when somebody asks", () => {
    expect(planSync(known, { ...plain, uidNext: 102, messages: 101 }, NEITHER, NOW, false)).toEqual([
      { kind: "compare-flags", newest: 500 },
      { kind: "list-new", from: 101 },
    ]);
    expect(planSync(known, plain, NEITHER, NOW, true)).toEqual([{ kind: "compare-flags", newest: 500 }]);
    expect(planSync(known, plain, NEITHER, NOW, false)).toEqual([]);
  });
  test("all flags are compared once an hour, which compares the UIDs as well", () => {
    expect(planSync({ ...known, reconciledAt: NOW - 2 * 3_600_000 }, { ...plain, messages: 90 }, NEITHER, NOW, false)).toEqual([
      { kind: "compare-flags", newest: null },
    ]);
  });
});

test("UIDs are compared now and then though nothing shows: servers lose VANISHED", () => {
  expect(planSync({ ...seen, reconciledAt: NOW - RECONCILE_EVERY_MS }, server, QRESYNC, NOW, false)).toEqual([{ kind: "reconcile" }]);
});

test("a folder that gets mod-sequences later has all its flags compared once", () => {
  expect(planSync({ ...seen, highestModseq: null }, server, CONDSTORE, NOW, false)).toEqual([{ kind: "compare-flags", newest: null }]);
});

test("a count that does not follow from what came and went shows a lost answer", () => {
  expect(countsAgree(100, 3, 2, 101)).toBe(true);
  expect(countsAgree(100, 3, 1, 101)).toBe(false);
  expect(countsAgree(null, 3, 1, 7)).toBe(true);
});

test("windows run from the newest down, and no UID is left out or named twice", () => {
  expect(windowsNewestFirst([1, 2, 3, 4, 5, 6, 7], 3)).toEqual([[5, 6, 7], [2, 3, 4], [1]]);
  expect(windowsNewestFirst([], 3)).toEqual([]);
});

test("the inbox comes first and what was thrown away last", () => {
  expect(["trash", "none", "inbox", "junk", "sent"].sort((a, b) => folderRank(a) - folderRank(b))).toEqual([
    "inbox",
    "sent",
    "none",
    "junk",
    "trash",
  ]);
});
