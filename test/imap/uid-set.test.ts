import fc from "fast-check";
import { expect, test } from "vitest";
import { expandUidSet, formatUidSet, parseUidSet, withinRanges } from "../../main/imap/uid-set.ts";

const uids = fc.uniqueArray(fc.integer({ min: 1, max: 2000 }), { maxLength: 300 });

test("a set names exactly its UIDs, and says neighbours in one range", () => {
  expect(formatUidSet([3, 1, 2, 7, 9, 8])).toBe("1:3,7:9");
  fc.assert(
    fc.property(uids, (list) => {
      const sorted = [...list].sort((a, b) => a - b);
      if (sorted.length > 0) expect(expandUidSet(formatUidSet(list), 10_000)).toEqual(sorted);
      expect(withinRanges(list, parseUidSet(formatUidSet(list)))).toEqual(list);
    }),
  );
});

test("a VANISHED that names four billion messages costs no memory", () => {
  expect(withinRanges([5, 700], parseUidSet("1:4294967295"))).toEqual([5, 700]);
  expect(withinRanges([5, 700], parseUidSet("6:699,800:900"))).toEqual([]);
  expect(expandUidSet("1:4294967295", 1000)).toBeNull();
});
