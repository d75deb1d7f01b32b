import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  judge,
  kindOf,
  LEARNT_AFTER_MS,
  LEARNT_FROM_MS,
  LEAST_SAMPLES,
  MOST_SAMPLES,
  type RoundFacts,
  streakOf,
  usualOf,
} from "../../main/plan/sync-baseline.ts";

const NOW = Date.UTC(2026, 5, 8, 12);
const MINUTE = 60_000;
const QUIET: RoundFacts = {
  endedAt: NOW - 2 * LEARNT_AFTER_MS,
  tookMs: 1200,
  stages: { list: 200, "sign-in": 300 },
  done: true,
  opened: false,
  first: false,
  folders: 0,
  messages: 0,
  bytes: 0,
};
const round = (tookMs: number, more: Partial<RoundFacts> = {}): RoundFacts => ({ ...QUIET, tookMs, ...more });
const rounds = (took: readonly number[], more: Partial<RoundFacts> = {}): RoundFacts[] =>
  took.map((ms, at) => round(ms, { endedAt: QUIET.endedAt - at * MINUTE, ...more }));
const usual = (of: readonly RoundFacts[]) => usualOf(of, "nothing", NOW);
const some = fc.array(fc.integer({ min: 1, max: 60_000 }), { minLength: LEAST_SAMPLES, maxLength: MOST_SAMPLES });

describe("what is usual", () => {
  test("is told in the words of the feature: 14 s where 1.2 s are usual, because signing in took 12 s", () => {
    const known = usual(rounds(Array.from({ length: 30 }, (_, at) => 1100 + (at % 3) * 100)));
    expect(judge(round(14_000, { stages: { list: 250, "sign-in": 12_000 } }), known ?? never())).toEqual({
      usualMs: 1200,
      slow: true,
      culprit: { stage: "sign-in", tookMs: 12_000, usualMs: 300 },
    });
  });

  test("is not known from fewer than twenty, and not from others of another kind, cut off, first after a start, or with much mail", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60_000 }), { maxLength: LEAST_SAMPLES - 1 }), (took) => {
        const others: Partial<RoundFacts>[] = [{ done: false }, { first: true }, { opened: true }, { folders: 1 }, { messages: 101 }];
        expect(
          usual([
            ...rounds(took),
            ...others.flatMap((other) =>
              rounds(
                Array.from({ length: 40 }, () => 5),
                other,
              ),
            ),
          ]),
        ).toBeNull();
      }),
    );
    expect(kindOf(round(1, { folders: 2, bytes: 10_000_001 }))).toBeNull();
    expect(kindOf(round(1, { folders: 2, messages: 3, opened: true }))).toBe("some-opened");
  });

  test("does not depend on the order in which rounds are known, nor on how long one took that is forgotten, too young, or beyond the two hundred", () => {
    fc.assert(
      fc.property(some, fc.integer({ min: 1, max: 1e7 }), fc.infiniteStream(fc.nat()), (took, other, shuffle) => {
        const known = rounds(took);
        const outside = [
          round(other, { endedAt: NOW - LEARNT_FROM_MS }),
          round(other, { endedAt: NOW - LEARNT_AFTER_MS + 1 }),
          round(other, { endedAt: NOW + MINUTE }),
        ];
        const mixed = [...known, ...outside]
          .map((one) => ({ one, at: shuffle.next().value ?? 0 }))
          .toSorted((one, next) => one.at - next.at)
          .map(({ one }) => one);
        expect(usual(mixed)).toEqual(usual(known));
      }),
    );
    const newest = rounds(Array.from({ length: MOST_SAMPLES }, () => 100));
    const older = rounds(
      Array.from({ length: 500 }, () => 90_000),
      { endedAt: NOW - 3 * 24 * 60 * MINUTE },
    );
    expect(usual([...older, ...newest])?.tookMs).toBe(100);
  });

  test("lies among what was, and one in eight, however long, neither moves it beyond the others nor makes it believe anything", () => {
    fc.assert(
      fc.property(some, fc.integer({ min: 1, max: 1e7 }), (took, wild) => {
        const few = Math.floor(took.length / 8);
        const known = usual(rounds([...took.slice(few), ...took.slice(0, few).map(() => wild)])) ?? never();
        const rest = took.slice(few);
        expect(known.tookMs).toBeGreaterThanOrEqual(Math.min(...rest));
        expect(known.tookMs).toBeLessThanOrEqual(Math.max(...rest));
        expect(known.mostMs).toBeLessThanOrEqual(Math.max(Math.min(...rest) + 2000, 12 * Math.max(...rest)));
      }),
    );
  });
});

describe("a round", () => {
  test("is slow only when it takes three times as long as usual, two seconds more, and longer than one in seven did before", () => {
    fc.assert(
      fc.property(some, fc.integer({ min: 1, max: 1e6 }), (took, ms) => {
        const known = usual(rounds(took)) ?? never();
        const { slow, usualMs } = judge(round(ms), known);
        if (slow) {
          expect(ms).toBeGreaterThan(3 * usualMs);
          expect(ms).toBeGreaterThan(usualMs + 2000);
          expect(took.filter((one) => one >= ms).length).toBeLessThanOrEqual(took.length * 0.15);
        }
        expect(judge(round(usualMs), known).slow).toBe(false);
        // What takes still longer is no less slow.
        if (slow) expect(judge(round(ms + 1), known).slow).toBe(true);
      }),
    );
  });

  test("that often takes long on purpose is usual: one in five with seven seconds makes no other of seven seconds slow", () => {
    const known = usual(rounds(Array.from({ length: 100 }, (_, at) => (at % 5 === 0 ? 7000 : 100)))) ?? never();
    expect(judge(round(7000), known).slow).toBe(false);
    expect(judge(round(14_000), known).slow).toBe(true);
  });

  test("names the stage that is furthest beyond what it usually takes, not the longest", () => {
    const known =
      usual(
        rounds(
          Array.from({ length: 20 }, () => 3000),
          { stages: { list: 2500, connect: 100 } },
        ),
      ) ?? never();
    expect(judge(round(12_000, { stages: { list: 5900, connect: 5800 } }), known).culprit?.stage).toBe("connect");
  });
});

test("slow rounds in a row count from the last that was not", () => {
  const at = (minute: number, slow: boolean) => ({ endedAt: NOW + minute * MINUTE, slow });
  expect(streakOf([])).toBeNull();
  expect(streakOf([at(0, true), at(1, false)])).toBeNull();
  expect(streakOf([at(0, true), at(1, false), at(2, true), at(5, true), at(9, true)])).toEqual({
    since: NOW + 2 * MINUTE,
    lastAt: NOW + 9 * MINUTE,
    count: 3,
  });
});

function never(): never {
  throw new Error("nothing is known");
}
