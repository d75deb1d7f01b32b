import fc from "fast-check";
import { expect, test } from "vitest";
import { countOfDurations, type Durations, quantileMs, STEPS_MS, sumOfDurations, withDuration } from "../../shared/durations.ts";

const countAll = (all: readonly number[]): Durations => all.reduce<Durations>((sum, ms) => withDuration(sum, ms), []);

test("a quantile is the end of the step that the true one lies in", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 60_000, noNaN: true }), { minLength: 1 }),
      fc.constantFrom(0.5, 0.95, 0.99, 1),
      (all, part) => {
        const sorted = all.toSorted((one, other) => one - other);
        const exact = sorted[Math.ceil(all.length * part) - 1] ?? 0;
        expect(quantileMs(countAll(all), part)).toBe(STEPS_MS.find((step) => exact <= step));
      },
    ),
  );
});

test("counts of two hours added up are the count of both", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(100_000)), fc.array(fc.nat(100_000)), (one, other) => {
      const sum = sumOfDurations([countAll(one), countAll(other)]);
      expect(sum).toEqual(countAll([...one, ...other]));
      expect(countOfDurations(sum)).toBe(one.length + other.length);
    }),
  );
});

test("of nothing there is no quantile, and what took longer than every step is longer than all of them", () => {
  expect(quantileMs([], 0.5)).toBeNull();
  expect(quantileMs(withDuration([], 1e9), 0.5)).toBe(Number.POSITIVE_INFINITY);
});
