import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Alert,
  type AlertFacts,
  alertKey,
  DISK_LOW_BYTES,
  mutesAt,
  planAlerts,
  planTelling,
  type Told,
} from "../../main/plan/alerts.ts";

const NOW = Date.UTC(2026, 5, 1, 12);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NO_SYNC_MS = 30 * MINUTE;
const OUTBOX_OLD_MS = 15 * MINUTE;
const WELL: AlertFacts = {
  now: NOW,
  awakeSince: NOW - 5 * HOUR,
  workOffline: false,
  noSyncMs: NO_SYNC_MS,
  outboxOldMs: OUTBOX_OLD_MS,
  accounts: [{ accountId: 1, state: "up-to-date", syncedAt: NOW - MINUTE, heardAt: null, slow: null }],
  dueAt: [],
  freeBytes: 50e9,
};
const account = (more: Partial<AlertFacts["accounts"][number]>): AlertFacts => ({
  ...WELL,
  accounts: [{ accountId: 1, state: "offline", syncedAt: NOW - NO_SYNC_MS, heardAt: null, slow: null, ...more }],
});
const kinds = (facts: AlertFacts): string[] => planAlerts(facts).map(alertKey);

describe("an account that has not been compared with its server", () => {
  test("is told of after thirty minutes, with since when", () => {
    expect(planAlerts(account({}))).toEqual([{ kind: "no-sync", accountId: 1, since: NOW - NO_SYNC_MS }]);
    expect(kinds(account({ syncedAt: NOW - NO_SYNC_MS + 1 }))).toEqual([]);
  });

  test("is told of after as long as the user has chosen", () => {
    const late = account({ syncedAt: NOW - 2 * HOUR });
    expect(kinds({ ...late, noSyncMs: 2 * HOUR })).toEqual(["no-sync:1"]);
    expect(kinds({ ...late, noSyncMs: 2 * HOUR + 1 })).toEqual([]);
    expect(kinds({ ...WELL, dueAt: [NOW - HOUR], outboxOldMs: HOUR })).toEqual(["outbox-old"]);
    expect(kinds({ ...WELL, dueAt: [NOW - HOUR], outboxOldMs: HOUR + 1 })).toEqual([]);
  });

  test("is not told of while its first mail is still coming, or when it was never heard of and the program has just been opened", () => {
    expect(kinds(account({ syncedAt: null, heardAt: NOW - MINUTE }))).toEqual([]);
    expect(kinds({ ...account({ syncedAt: null }), awakeSince: NOW - MINUTE })).toEqual([]);
    expect(planAlerts(account({ syncedAt: null }))).toEqual([{ kind: "no-sync", accountId: 1, since: null }]);
  });

  test("is not told of when the computer slept meanwhile, when the user works offline, and when something else says it already", () => {
    expect(kinds({ ...account({ syncedAt: NOW - 9 * HOUR }), awakeSince: NOW - MINUTE })).toEqual([]);
    expect(kinds({ ...account({}), workOffline: true })).toEqual([]);
    expect(kinds(account({ state: "paused" }))).toEqual([]);
    expect(kinds(account({ state: "stopped" }))).toEqual([]);
  });

  test("is told of though its last comparison lies in the future of a clock that was set back", () => {
    expect(kinds({ ...account({ syncedAt: NOW + 9 * HOUR }), now: NOW + NO_SYNC_MS })).toEqual([]);
    expect(kinds({ ...account({ syncedAt: NOW }), now: NOW + NO_SYNC_MS })).toEqual(["no-sync:1"]);
  });
});

describe("an account whose synchronisations take longer than usual", () => {
  const slow = { since: NOW - 12 * MINUTE, lastAt: NOW - MINUTE, count: 3 };
  const well = { state: "up-to-date", syncedAt: NOW - MINUTE } as const;

  test("is told of when three in a row were slow over ten minutes, with since when", () => {
    expect(planAlerts(account({ ...well, slow }))).toEqual([{ kind: "slow-sync", accountId: 1, since: slow.since }]);
    expect(kinds(account({ ...well, slow: { ...slow, count: 2 } }))).toEqual([]);
    expect(kinds(account({ ...well, slow: { ...slow, since: slow.lastAt - 9 * MINUTE } }))).toEqual([]);
  });

  test("is not told of twice where it is not compared at all, nor from before a sleep, nor an hour later", () => {
    expect(kinds(account({ slow }))).toEqual(["no-sync:1"]);
    expect(kinds({ ...account({ ...well, slow }), awakeSince: NOW - 5 * MINUTE })).toEqual([]);
    expect(kinds(account({ ...well, slow: { ...slow, lastAt: NOW - HOUR, since: NOW - 3 * HOUR } }))).toEqual([]);
    expect(kinds({ ...account({ ...well, slow }), workOffline: true })).toEqual([]);
    expect(kinds(account({ ...well, state: "paused", slow }))).toEqual([]);
  });
});

test("a message that should have gone fifteen minutes ago is told of, one that is to go later is not", () => {
  expect(planAlerts({ ...WELL, dueAt: [NOW + HOUR, NOW - OUTBOX_OLD_MS] })).toEqual([
    { kind: "outbox-old", accountId: null, since: NOW - OUTBOX_OLD_MS },
  ]);
  expect(kinds({ ...WELL, dueAt: [NOW + HOUR, NOW - OUTBOX_OLD_MS + 1] })).toEqual([]);
});

test("a disk that is nearly full is told of; one that says nothing is not", () => {
  expect(kinds({ ...WELL, freeBytes: DISK_LOW_BYTES - 1 })).toEqual(["disk-low"]);
  expect(kinds({ ...WELL, freeBytes: DISK_LOW_BYTES })).toEqual([]);
  expect(kinds({ ...WELL, freeBytes: null })).toEqual([]);
});

describe("what is told", () => {
  const alert: Alert = { kind: "no-sync", accountId: 1, since: NOW };

  test("is told once, however often it comes and goes, until it has been well for an hour", () => {
    const told: number[] = [];
    let known: Told = new Map();
    for (let minute = 0; minute < 240; minute += 5) {
      const now = NOW + minute * MINUTE;
      // It flaps for an hour, then is well for two.
      const open = minute < 60 ? minute % 10 === 0 : minute >= 180;
      const { tell, told: next } = planTelling(open ? [alert] : [], known, {}, now);
      known = next;
      if (tell.length > 0) told.push(minute);
    }
    expect(told).toEqual([0, 180]);
  });

  test("comes together, and what is muted is not among it until the mute has run out", () => {
    const disk: Alert = { kind: "disk-low", accountId: null, since: null };
    const mutes = { "no-sync:1": NOW + HOUR, "disk-low": null };
    const second: Alert = { ...alert, accountId: 2 };
    const first = planTelling([alert, second, disk], new Map(), mutes, NOW);
    expect(first.tell).toEqual([second]);
    const later = planTelling([alert, second, disk], first.told, mutes, NOW + HOUR);
    expect(later.tell).toEqual([alert]);
    expect(mutesAt(mutes, NOW + HOUR)).toEqual({ "disk-low": null });
  });

  test("whatever happens in a day, nothing is told twice within an hour of being so", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.boolean()), { maxLength: 288 }), (looks) => {
        let known: Told = new Map();
        const lastTrue = new Map<string, number>();
        for (const [at, open] of looks.entries()) {
          const now = NOW + at * 5 * MINUTE;
          const alerts = ([1, 2] as const).filter((_, n) => open[n] === true).map((accountId) => ({ ...alert, accountId }));
          const { tell, told } = planTelling(alerts, known, {}, now);
          known = told;
          for (const one of tell) expect(now - (lastTrue.get(alertKey(one)) ?? 0)).toBeGreaterThanOrEqual(HOUR);
          for (const one of alerts) lastTrue.set(alertKey(one), now);
        }
      }),
    );
  });
});
