import { expect, test } from "vitest";
import { batchBytes, fetchWholeMessages, type MissingBody, planBackfill } from "../../main/plan/backfill.ts";

const MB = 1024 * 1024;
const body = (placementId: number, folderId: number, sizeBytes = 1000): MissingBody => ({
  placementId,
  folderId,
  uid: placementId,
  sizeBytes,
});
const limits = { maxBytes: 8 * MB, maxCount: 500, largest: 256 * MB, busyFolders: new Set<number>() };

test("the first wish decides the folder, and one command brings what else is missing there", () => {
  const batch = planBackfill([body(1, 1), body(2, 2), body(3, 1)], limits);
  expect(batch?.folderId).toBe(1);
  expect(batch?.items.map(({ placementId }) => placementId)).toEqual([1, 3]);
});

test("a batch ends before it is too large, and a message larger than that goes alone", () => {
  expect(planBackfill([body(1, 1, 5 * MB), body(2, 1, 5 * MB)], limits)?.items).toHaveLength(1);
  expect(planBackfill([body(1, 1, 60 * MB), body(2, 1)], limits)?.items).toHaveLength(1);
});

test("a message larger than the line can take is never asked for", () => {
  expect(planBackfill([body(1, 1, 300 * MB)], limits)).toBeNull();
});

test("a second connection takes another folder", () => {
  const batch = planBackfill([body(1, 1), body(2, 2)], { ...limits, busyFolders: new Set([1]) });
  expect(batch?.folderId).toBe(2);
});

test("a slow line asks for little at once, a fast one for no more than 64 MB", () => {
  expect(batchBytes(10_000)).toBe(MB);
  expect(batchBytes(500 * MB)).toBe(64 * MB);
  expect(batchBytes(2 * MB)).toBe(8 * MB);
});

test("only a line that has shown to be fast skips the listing of headers", () => {
  expect(fetchWholeMessages(null)).toBe(false);
  expect(fetchWholeMessages(MB)).toBe(false);
  expect(fetchWholeMessages(100 * MB)).toBe(true);
});
