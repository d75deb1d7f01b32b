/**
 * How long things took, counted by fixed steps: what is merged, kept and sent is a few numbers, and a quantile can be read from any sum of
 * them. One entry for each of `STEPS_MS` and one for what took longer; trailing zeros are left out.
 */
export type Durations = readonly number[];

/** Upper ends of the steps, ms; each is at most twice the one before. */
export const STEPS_MS: readonly number[] = [
  1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1000, 1500, 2000, 3000, 5000, 10_000, 20_000, 40_000, 60_000,
];

/** `durations` with `times` more that took `ms`. */
export function withDuration(durations: Durations, ms: number, times = 1): Durations {
  const found = STEPS_MS.findIndex((step) => ms <= step);
  const at = found === -1 ? STEPS_MS.length : found;
  return Array.from({ length: Math.max(durations.length, at + 1) }, (_, one) => (durations[one] ?? 0) + (one === at ? times : 0));
}

export function sumOfDurations(all: readonly Durations[]): Durations {
  const length = Math.max(0, ...all.map((one) => one.length));
  return Array.from({ length }, (_, at) => all.reduce((sum, one) => sum + (one[at] ?? 0), 0));
}

export function countOfDurations(durations: Durations): number {
  return durations.reduce((sum, count) => sum + count, 0);
}

/**
 * The time within which this part of them was done: the upper end of its step.
 *
 * @param part in (0, 1]: 0.95 for p95
 * @returns ms; Infinity when it is longer than every step, null when there are none
 */
export function quantileMs(durations: Durations, part: number): number | null {
  const wanted = countOfDurations(durations) * part;
  if (wanted <= 0) return null;
  let sum = 0;
  const at = durations.findIndex((count) => {
    sum += count;
    // What is added up in another order may differ in the last digit.
    return sum >= wanted - 1e-9;
  });
  return STEPS_MS[at] ?? Number.POSITIVE_INFINITY;
}
