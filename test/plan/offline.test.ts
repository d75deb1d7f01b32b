import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Candidate,
  estimateTrip,
  extentOf,
  isWhole,
  monthOf,
  monthStart,
  type Source,
  sizeClass,
  takeNext,
  WHOLE,
  whyNotKept,
} from "../../main/plan/offline.ts";
import { KEEP_EVERYTHING, LARGEST_MB, type OfflinePolicy } from "../../shared/contract/offline.ts";

const NOW = Date.UTC(2026, 10, 25, 12);
const months = (count: number): OfflinePolicy => ({ keep: { kind: "months", months: count }, largestMb: null });

test("the last three months are this one and three whole ones before it, the same all month long", () => {
  expect(extentOf(months(3), false, NOW)?.since).toBe(Date.UTC(2026, 7, 1));
  expect(extentOf(months(3), false, Date.UTC(2026, 10, 1))?.since).toBe(Date.UTC(2026, 7, 1));
  expect(extentOf(months(12), false, NOW)?.since).toBe(Date.UTC(2025, 10, 1));
});

test("headers only means that nothing is fetched unasked, unless the folder is to be ready for a trip", () => {
  const headers: OfflinePolicy = { keep: { kind: "headers" }, largestMb: 5 };
  expect(extentOf(headers, false, NOW)).toBeNull();
  expect(isWhole(extentOf(headers, true, NOW))).toBe(true);
  expect(extentOf(headers, true, NOW)?.first).toBe(true);
});

test("only a folder that is kept without limits is fetched whole", () => {
  expect(isWhole(extentOf(KEEP_EVERYTHING, false, NOW))).toBe(true);
  expect(isWhole(extentOf(months(1), false, NOW))).toBe(false);
  expect(isWhole(extentOf({ ...KEEP_EVERYTHING, largestMb: 50 }, false, NOW))).toBe(false);
  expect(isWhole(null)).toBe(false);
});

test("every moment lies in its month, and every month begins in itself", () => {
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(1, 0, 1), max: Date.UTC(9999, 11, 31) }), (at) => {
      const month = monthOf(at);
      expect(monthStart(month)).toBeLessThanOrEqual(at);
      expect(monthStart(month + 1)).toBeGreaterThan(at);
      expect(monthOf(monthStart(month))).toBe(month);
    }),
  );
  expect(monthOf(Number.NaN)).toBe(0);
});

test("a message is left on the server for its size exactly when its class is above that of the limit", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 80_000_000 }), fc.constantFrom(...LARGEST_MB), (sizeBytes, largestMb) => {
      const extent = extentOf({ ...KEEP_EVERYTHING, largestMb }, false, NOW);
      const largest = extent?.largestBytes ?? 0;
      expect(sizeClass(sizeBytes) <= sizeClass(largest)).toBe(sizeBytes <= largest);
    }),
  );
});

const candidates = fc
  .array(fc.record({ placementId: fc.integer({ min: 1, max: 1_000_000 }), receivedAt: fc.integer({ min: 0, max: 50 }) }), { maxLength: 30 })
  .map((rows) => rows.sort((a, b) => b.receivedAt - a.receivedAt || b.placementId - a.placementId));

test("what is fetched next is what sorting everything would give, a trip before the starred and those before all others", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ tier: fc.constantFrom(0, 1, 2), rows: candidates }), { maxLength: 6 }),
      fc.integer({ min: 0, max: 80 }),
      fc.integer({ min: 1, max: 7 }),
      (folders, limit, piece) => {
        const unique = folders.map(({ tier, rows }, folder) => ({
          tier,
          rows: rows.map((row, at) => ({ ...row, placementId: row.placementId * 1000 + folder * 100 + (99 - at) })),
        }));
        const sorted = unique.map(({ tier, rows }) => ({ tier, rows: [...rows].sort(newestFirst) }));
        const sources = sorted.map(
          ({ tier, rows }): Source<Candidate> => ({
            tier,
            read: (after) => {
              const from = after === null ? 0 : rows.findIndex((row) => row.placementId === after.placementId) + 1;
              return rows.slice(from, from + piece);
            },
          }),
        );
        const all = sorted.flatMap(({ tier, rows }) => rows.map((row) => ({ tier, row })));
        const expected = all.sort((a, b) => a.tier - b.tier || newestFirst(a.row, b.row)).slice(0, limit);
        expect(takeNext(sources, limit)).toEqual(expected.map(({ row }) => row));
      },
    ),
  );
});

function newestFirst(a: Candidate, b: Candidate): number {
  return b.receivedAt - a.receivedAt || b.placementId - a.placementId;
}

test("a trip takes as long as its slowest account, and unlisted messages are reckoned like those that are", () => {
  const folder = (accountId: number, wanted: number, listed: number, ready: number, bytesToGo: number) => ({
    accountId,
    listed,
    readiness: { wanted, ready, bytesToGo },
  });
  const speeds = new Map([
    [1, 1000],
    [2, 100],
  ]);
  const secondsFor = (accountId: number, bytes: number) => {
    const speed = speeds.get(accountId);
    return speed === undefined ? null : bytes / speed;
  };
  expect(estimateTrip([folder(1, 10, 10, 5, 50_000), folder(2, 3, 3, 2, 20_000)], secondsFor)).toEqual({
    readiness: { wanted: 13, ready: 7, bytesToGo: 70_000 },
    secondsToGo: 200,
  });
  expect(estimateTrip([folder(1, 20, 10, 5, 50_000)], secondsFor).readiness.bytesToGo).toBe(150_000);
  expect(estimateTrip([folder(3, 10, 10, 5, 50_000)], secondsFor).secondsToGo).toBeNull();
  expect(estimateTrip([folder(3, 10, 10, 10, 0)], secondsFor)).toEqual({
    readiness: { wanted: 10, ready: 10, bytesToGo: 0 },
    secondsToGo: 0,
  });
});

test("what is not fetched before it is opened has one reason: the folder keeps headers only, else its age, else its size", () => {
  const extent = { since: 1000, largestBytes: 500, first: false };
  const by = (receivedAt: number, sizeBytes: number) => whyNotKept(extent, { receivedAt, sizeBytes })?.by ?? null;
  expect(whyNotKept(null, { receivedAt: 5000, sizeBytes: 1 })?.by).toBe("headers-only");
  expect([by(999, 501), by(1000, 501), by(1000, 500)]).toEqual(["older", "larger", null]);
  expect(whyNotKept(WHOLE, { receivedAt: -1, sizeBytes: 1e12 })).toBeNull();
});
