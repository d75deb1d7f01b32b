import fc from "fast-check";
import { expect, test } from "vitest";
import {
  hourOf,
  learnConnections,
  learnFromRefusal,
  learnFromSuccess,
  learnLogins,
  limitsOf,
  loginWait,
  NOTHING_LEARNT,
  planPause,
  visitGapMs,
} from "../../main/plan/limits.ts";

const NOW = Date.UTC(2026, 10, 25, 12, 20);
const HOUR = 3_600_000;
const GB = 1_000_000_000;
const hour = hourOf(NOW);
const limit = (bytesADay: number) => ({ bytesADay, connections: null, loginsAMinute: null });

test("a provider whose limit is known is left alone before it is reached, and until enough hours have passed", () => {
  const use = [
    { hour: hour - 20, bytes: 1.2 * GB },
    { hour, bytes: 1.1 * GB },
  ];
  const limits = limitsOf("gmail", NOTHING_LEARNT, NOW);
  const pause = planPause(use, limits, NOTHING_LEARNT, NOW);
  expect(pause).toEqual({ why: "bytes-a-day", until: (hour + 5) * HOUR, bytesADay: 2.5 * GB });
  expect(planPause(use, limits, NOTHING_LEARNT, pause?.until ?? 0)).toBeNull();
  expect(planPause(use, limitsOf(null, NOTHING_LEARNT, NOW), NOTHING_LEARNT, NOW)).toBeNull();
});

test("of the connections that a provider is known to allow some are left to others, and what was learnt is narrower still", () => {
  const connectionsOf = (provider: string | null) => limitsOf(provider, NOTHING_LEARNT, NOW).connections;
  expect(["gmail", "outlook", "yahoo", "icloud", "zoho", "qq", null].map(connectionsOf)).toEqual([9, 12, 3, 3, 2, null, null]);
  expect(limitsOf("yahoo", learnConnections(NOTHING_LEARNT, 1, NOW), NOW).connections).toBe(1);
});

test("a mailbox that may not be looked at often is left alone for as long as its provider says", () => {
  expect([visitGapMs("gmail by POP3"), visitGapMs("gmail"), visitGapMs(null)]).toEqual([600_000, 0, 0]);
});

test("whatever was used when, a pause ends exactly when the day has room again, and never lasts longer than a day and its hour", () => {
  const uses = fc.array(fc.record({ hour: fc.integer({ min: hour - 30, max: hour }), bytes: fc.integer({ min: 0, max: GB }) }), {
    maxLength: 20,
  });
  fc.assert(
    fc.property(uses, fc.integer({ min: 1, max: 4 * GB }), (use, bytesADay) => {
      const pause = planPause(use, limit(bytesADay), NOTHING_LEARNT, NOW);
      const used = use.filter((one) => one.hour >= hour - 24).reduce((sum, { bytes }) => sum + bytes, 0);
      expect(pause !== null).toBe(used >= bytesADay * 0.9);
      if (pause === null) return;
      expect(pause.until).toBeGreaterThan(NOW);
      expect(pause.until).toBeLessThanOrEqual(NOW + 25 * HOUR);
      expect(planPause(use, limit(bytesADay), NOTHING_LEARNT, pause.until)).toBeNull();
      expect(planPause(use, limit(bytesADay), NOTHING_LEARNT, pause.until - 1)).not.toBeNull();
    }),
  );
});

test("a server that will not go on is believed: its limit is what had come, for a week", () => {
  const use = [{ hour, bytes: 700_000_000 }];
  const learnt = learnFromRefusal(NOTHING_LEARNT, use, "Account exceeded command or bandwidth limits", NOW);
  expect(learnt).toMatchObject({ bytesADay: 700_000_000, refusals: 1, blockedUntil: NOW + HOUR });
  const limits = limitsOf(null, learnt, NOW);
  expect(planPause(use, limits, learnt, NOW)).toMatchObject({ why: "bytes-a-day", until: (hour + 25) * HOUR });
  expect(limitsOf(null, learnt, NOW + 8 * 24 * HOUR).bytesADay).toBeNull();
});

test("a refusal after little mail teaches no limit, but a pause that doubles, or the one that was asked for", () => {
  const first = learnFromRefusal(NOTHING_LEARNT, [], "[THROTTLED]", NOW);
  expect(first).toMatchObject({ bytesADay: null, blockedUntil: NOW + HOUR });
  expect(planPause([], limitsOf(null, first, NOW), first, NOW)).toEqual({ why: "server", until: NOW + HOUR, bytesADay: null });
  expect(learnFromRefusal(first, [], "", NOW).blockedUntil).toBe(NOW + 2 * HOUR);
  expect(learnFromRefusal(first, [], "Please try again in 20 minutes", NOW).blockedUntil).toBe(NOW + 20 * 60_000);
  expect(learnFromSuccess(first)).toMatchObject({ refusals: 0, blockedUntil: null });
  let often = first;
  for (let time = 0; time < 12; time += 1) often = learnFromRefusal(often, [], "", NOW);
  expect(often.blockedUntil).toBe(NOW + 24 * HOUR);
});

test("logins are spread over the minute that the server was found to count", () => {
  const logins = [NOW - 50_000, NOW - 20_000, NOW - 10_000];
  const learnt = learnLogins(NOTHING_LEARNT, logins, NOW);
  expect(learnt.loginsAMinute).toBe(2);
  expect(loginWait(logins, 2, NOW)).toBe(40_000);
  expect(loginWait(logins, null, NOW)).toBe(0);
  expect(loginWait([], 2, NOW)).toBe(0);
  expect(learnLogins(NOTHING_LEARNT, [NOW], NOW)).toEqual(NOTHING_LEARNT);
});

test("a connection too many teaches how many there may be, never none", () => {
  expect(limitsOf("gmail", learnConnections(NOTHING_LEARNT, 2, NOW), NOW).connections).toBe(2);
  expect(limitsOf("gmail", NOTHING_LEARNT, NOW).connections).toBe(9);
  expect(learnConnections(NOTHING_LEARNT, 0, NOW).connections).toBe(1);
});
