import fc from "fast-check";
import { expect, test } from "vitest";
import { batchBytes } from "../../main/plan/backfill.ts";
import { measure, NOTHING_MEASURED, planEta, speedOf, steady } from "../../main/plan/download-eta.ts";
import { type HourUse, hourOf, limitsOf, NOTHING_LEARNT, planPause } from "../../main/plan/limits.ts";

const NOW = Date.UTC(2026, 10, 25, 12, 20);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MB = 1_000_000;
const GB = 1000 * MB;
const FACTS = { bytesToGo: 600 * MB, bytesPerSecond: MB, use: [], bytesADay: null, blockedUntil: null };

test("without a limit the rest takes its bytes at the measured speed, after the pause that the server asked for", () => {
  expect(planEta(FACTS, NOW)).toEqual({ finishAt: NOW + 600_000, bytesADay: null });
  expect(planEta({ ...FACTS, blockedUntil: NOW + HOUR }, NOW)).toEqual({ finishAt: NOW + HOUR + 600_000, bytesADay: null });
});

test("a day's limit counts only where it is in the way, what came before included", () => {
  expect(planEta({ ...FACTS, bytesADay: 2.5 * GB }, NOW)).toEqual({ finishAt: NOW + 600_000, bytesADay: null });
  const use = [{ hour: hourOf(NOW) - 2, bytes: 2 * GB }];
  const eta = planEta({ ...FACTS, use, bytesADay: 2.5 * GB }, NOW);
  // 250 MB of today are left; the other 350 come when the two GB are a day old.
  expect(eta).toEqual({ finishAt: (hourOf(NOW) + 23) * HOUR + 350_000, bytesADay: 2.5 * GB });
});

test("of 10 TB it is said in years, and counted in no time", () => {
  const { finishAt } = planEta({ ...FACTS, bytesToGo: 10_000 * GB, bytesPerSecond: 20 * MB, bytesADay: 2.5 * GB }, NOW);
  expect((finishAt - NOW) / DAY / (10_000 / 2.25)).toBeCloseTo(1, 1);
});

test("nothing is said of the speed before some of it was seen", () => {
  expect(speedOf(NOTHING_MEASURED)).toBeNull();
  expect(speedOf(measure(NOTHING_MEASURED, 5 * MB, 1000))).toBeNull();
  expect(speedOf(measure(NOTHING_MEASURED, 0, 60_000))).toBeNull();
  expect(speedOf(measure(NOTHING_MEASURED, 5 * MB, 5000))).toBe(MB);
});

test("what was said stays while it is nearly right, and gives way when it is not", () => {
  const told = { finishAt: NOW + 600_000, bytesADay: null };
  expect(steady(told, { finishAt: NOW + 620_000, bytesADay: null }, NOW)).toBe(told);
  const later = { finishAt: NOW + 700_000, bytesADay: null };
  expect(steady(told, later, NOW)).toBe(later);
});

type Download = { readonly tenths: { readonly said: number; readonly took: number }[]; readonly mostInADay: number; readonly here: number };

/** A first download by the rules that the program keeps, from a provider like Gmail; each batch comes as fast as `speedOver` says. */
function download(sizes: Float64Array, bytesADay: number, speedOver: (seconds: number) => number): Download {
  const limits = { ...limitsOf("gmail", NOTHING_LEARNT, NOW), bytesADay };
  const use = new Map<number, number>();
  const came: { at: number; bytes: number }[] = [];
  const asked: { at: number; finishAt: number }[] = [];
  const total = sizes.reduce((sum, size) => sum + size, 0);
  let measured = NOTHING_MEASURED;
  let told: ReturnType<typeof planEta> | null = null;
  let now = NOW;
  let [next, left, mostInADay, inADay, oldest] = [0, total, 0, 0, 0];
  const countedUse = (): HourUse[] => [...use].filter(([hour]) => hour >= hourOf(now) - 25).map(([hour, bytes]) => ({ hour, bytes }));
  while (next < sizes.length) {
    const bytesPerSecond = speedOf(measured);
    if (bytesPerSecond !== null) {
      told = steady(told, planEta({ bytesToGo: left, bytesPerSecond, use: countedUse(), bytesADay, blockedUntil: null }, now), now);
      if (1 - left / total >= (asked.length + 1) / 10) asked.push({ at: now, finishAt: told.finishAt });
    }
    const pause = planPause(countedUse(), limits, NOTHING_LEARNT, now);
    if (pause !== null) {
      now = pause.until;
      continue;
    }
    const most = batchBytes(bytesPerSecond);
    let bytes = 0;
    while (next < sizes.length && bytes < most) {
      bytes += sizes[next] ?? 0;
      next += 1;
    }
    const ms = Math.max(1, (bytes * 1000) / speedOver(4));
    measured = measure(measured, bytes, ms);
    now += ms;
    left -= bytes;
    use.set(hourOf(now), (use.get(hourOf(now)) ?? 0) + bytes);
    came.push({ at: now, bytes });
    inADay += bytes;
    for (; (came[oldest]?.at ?? now) <= now - DAY; oldest += 1) inADay -= came[oldest]?.bytes ?? 0;
    mostInADay = Math.max(mostInADay, inADay);
  }
  return { tenths: asked.map(({ at, finishAt }) => ({ said: finishAt - at, took: now - at })), mostInADay, here: next };
}

/** Chance that is the same each time. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

test("of 200,000 messages under Gmail's limits each tenth of the way says within a fifth how long the rest takes, and no limit is hit", () => {
  const setting = fc.record({
    seed: fc.integer({ min: 1, max: 2 ** 31 }),
    /** Bytes a second. */
    speed: fc.constantFrom(60_000, 400_000, 2 * MB, 8 * MB),
    /** Of a message. */
    usual: fc.constantFrom(25_000, 60_000, 150_000),
    /** By how much the line is faster or slower from second to second. */
    varies: fc.constantFrom(0, 0.25, 0.5),
  });
  fc.assert(
    fc.property(setting, ({ seed, speed, usual, varies }) => {
      const random = chance(seed);
      // Most are small, a few are large.
      const sizes = Float64Array.from({ length: 200_000 }, () => Math.round(usual * (0.2 + 0.8 * -Math.log(1 - random()))));
      const second = (): number => speed * (1 + varies * (2 * random() - 1));
      const run = download(
        sizes,
        2.5 * GB,
        (seconds) => Array.from({ length: seconds }, second).reduce((sum, one) => sum + one, 0) / seconds,
      );
      expect(run.here).toBe(200_000);
      expect(run.mostInADay).toBeLessThan(2.5 * GB);
      expect(run.tenths.length).toBe(9);
      for (const { said, took } of run.tenths) expect(Math.abs(said - took) / took).toBeLessThan(0.2);
    }),
    { numRuns: 15 },
  );
}, 60_000);
