import { expect, test } from "vitest";
import { backoffMs } from "../../main/plan/backoff.ts";

test("the first retry comes within five seconds, and never before half of them", () => {
  expect(backoffMs(0, 0)).toBe(2500);
  expect(backoffMs(0, 0.999)).toBeLessThanOrEqual(5000);
});

test("pauses double up to a quarter of an hour and no further", () => {
  expect(backoffMs(3, 0)).toBe(2 * backoffMs(2, 0));
  expect(backoffMs(40, 0.999)).toBeLessThanOrEqual(15 * 60_000);
  expect(backoffMs(1000, 0)).toBe(7.5 * 60_000);
});

test("two clients that failed together do not come back together", () => {
  expect(backoffMs(5, 0.1)).not.toBe(backoffMs(5, 0.9));
});
