import { describe, expect, test } from "vitest";
import { isDue, type LedgerEntry, type ListedMessage, lastingUids, planLook, proofBefore, whoseHeader } from "../../main/plan/pop3.ts";
import { atOnce } from "../../main/store/slices.ts";

const listed = (number: number, uid: string | null, sizeBytes = 100): ListedMessage => ({ number, uid, sizeBytes });
const had = (id: number, uid: string | null, more: Partial<LedgerEntry> = {}): LedgerEntry => ({
  id,
  uid,
  sizeBytes: 100,
  headerHash: `h${id}`,
  takenAt: 0,
  deletedAt: null,
  here: true,
  listed: true,
  verified: true,
  ...more,
});
const lookOf = (...given: Parameters<typeof planLook>) => atOnce(planLook(...given));
const numbers = (messages: readonly ListedMessage[]) => messages.map(({ number }) => number);

describe("what is fetched", () => {
  test("only what the ledger does not have, the newest first", () => {
    const look = lookOf([listed(1, "a"), listed(2, "b"), listed(3, "c", 7)], [had(1, "a", { sizeBytes: 100 })], true);
    expect(look.known.map(({ entry, byUid }) => [entry.id, byUid])).toEqual([[1, true]]);
    expect(numbers(look.fetch)).toEqual([3, 2]);
    expect(look.identify).toEqual([]);
  });

  test("also what is in the ledger and not here any more, unless it was thrown away", () => {
    const ledger = [had(1, "a", { here: false }), had(2, "b", { here: false, deletedAt: 5 })];
    const look = lookOf([listed(1, "a"), listed(2, "b")], ledger, true);
    expect(numbers(look.fetch)).toEqual([1]);
    expect(look.known.map(({ entry }) => entry.id)).toEqual([2]);
  });

  test.each([
    ["an id that had gone from the listing", [listed(1, "a")], had(1, "a", { listed: false })],
    ["an id that is only the number", [listed(1, "1")], had(1, "1")],
    ["an id that stands for two", [listed(1, "a"), listed(2, "a")], had(1, "a")],
    ["no id at all", [listed(1, null)], had(1, null)],
    ["a new id of the same size as one that is gone", [listed(1, "b")], had(1, "a")],
    ["the same id with another size", [listed(1, "a", 300)], had(1, "a")],
  ] as const)("%s: its header is looked at first, and without TOP it is fetched", (_name, listing, entry) => {
    expect(lookOf(listing, [entry], true).identify.map(({ candidates }) => candidates.map(({ id }) => id))).toEqual(listing.map(() => [1]));
    expect(numbers(lookOf(listing, [entry], false).fetch)).toEqual(numbers(listing).toReversed());
  });

  test("one that still stands there under its own id is not looked for under another", () => {
    expect(numbers(lookOf([listed(1, "a"), listed(2, "b")], [had(1, "a")], true).fetch)).toEqual([2]);
  });
});

test("an id lasts when it stands for one message and is more than its number", () => {
  expect([...lastingUids([listed(1, "a"), listed(2, "2"), listed(3, "c"), listed(4, "c"), listed(5, null), listed(6, "c")])]).toEqual([
    "a",
  ]);
});

test("a header belongs to the one under the same id first, else to any that has it", () => {
  const candidates = [had(1, "x", { headerHash: "h" }), had(2, "a", { headerHash: "h" }), had(3, "b", { headerHash: "other" })];
  expect(whoseHeader("h", listed(1, "a"), candidates)?.id).toBe(2);
  expect(whoseHeader("h", listed(1, "new"), candidates)?.id).toBe(1);
  expect(whoseHeader("none", listed(1, "a"), candidates)).toBeUndefined();
});

describe("what may go from the server", () => {
  const DAY = 24 * 60 * 60 * 1000;
  test.each([
    [{ kind: "forever" }, {}, 9999, false],
    [{ kind: "forever" }, { deletedAt: 1 }, 9999, false],
    [{ kind: "days", days: 30 }, {}, 29.9, false],
    [{ kind: "days", days: 30 }, {}, 30, true],
    [{ kind: "days", days: 0 }, {}, 0, true],
    [{ kind: "days", days: 0 }, { here: false }, 99, false],
    [{ kind: "days", days: 0 }, { here: false, deletedAt: 1 }, 99, true],
    [{ kind: "until-deleted" }, {}, 9999, false],
    [{ kind: "until-deleted" }, { here: false, deletedAt: 1 }, 0, true],
  ] as const)("%o %o after %d days: %s", (leave, more, days, due) => {
    expect(isDue(had(1, "a", more), leave, days * DAY)).toBe(due);
  });

  test("on its header when its id is to be believed, else after all of it was compared", () => {
    const message = listed(1, "a");
    expect(proofBefore({ message, entry: had(1, "a"), byUid: true })).toBe("header");
    expect(proofBefore({ message, entry: had(1, "a"), byUid: false })).toBe("fetch");
    expect(proofBefore({ message, entry: had(1, "a", { verified: false }), byUid: true })).toBe("fetch");
  });
});
