import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type EndedRound, Rounds } from "../../main/health/rounds.ts";
import { openStore, type Store } from "../../main/store/open.ts";
import { addSyncRounds } from "../../main/store/sync-rounds.ts";
import type { AccountId } from "../../shared/ids.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ONE = 1 as AccountId;
const TWO = 2 as AccountId;

/** A store whose time passes by hand, with two accounts. */
function aStore(): { store: Store; time: { now: number }; again: () => Store } {
  const profileDir = mkdtempSync(join(tmpdir(), "satchel-rounds-"));
  const time = { now: Date.UTC(2026, 5, 1, 9) };
  let store = openStore({ profileDir, clock: () => time.now });
  for (const id of [ONE, TWO])
    store.db.connection
      .prepare("INSERT INTO account (id, position, name, address, settings, created_at) VALUES (?, ?, '', '', '{}', 0)")
      .run(id, id);
  onTestFinished(() => {
    store.close();
    rmSync(profileDir, { recursive: true, force: true });
  });
  return {
    store,
    time,
    again: () => {
      store.close();
      store = openStore({ profileDir, clock: () => time.now });
      return store;
    },
  };
}

function round(endedAt: number, tookMs: number, more: Partial<EndedRound> = {}): EndedRound {
  return {
    beganAt: endedAt - tookMs,
    tookMs,
    stages: { list: 200, "sign-in": Math.max(0, tookMs - 200) },
    opened: true,
    first: false,
    outcome: "done",
    failure: null,
    folders: [],
    folderCount: 0,
    messages: 0,
    bytes: 0,
    renamed: 0,
    pause: null,
    ...more,
  };
}

/** A round every three minutes. */
function pass(rounds: Rounds, time: { now: number }, times: number, tookMs: number, account = ONE): void {
  for (let at = 0; at < times; at += 1) {
    time.now += 3 * MINUTE;
    rounds.ended(account, round(time.now, tookMs));
  }
}

test("what is usual for an account is learnt from its own rounds, also from those before a restart, and says of a slow one how slow and why", () => {
  const { store, time, again } = aStore();
  const rounds = new Rounds(store);
  pass(rounds, time, 30, 1200);
  pass(rounds, time, 30, 9000, TWO);
  rounds.keep();
  const later = new Rounds(again());
  time.now += HOUR;
  const slow = later.ended(ONE, round(time.now, 14_000));
  expect(slow).toMatchObject({
    id: 61,
    slow: true,
    notable: true,
    culprit: "sign-in",
    usual: { tookMs: 1200, stages: { "sign-in": 1000 } },
  });
  expect(later.ended(TWO, round(time.now, 14_000))).toMatchObject({ slow: false, notable: false, usual: { tookMs: 9000 } });
  expect(later.page(null, true, 10)).toEqual([slow]);
  expect(later.page(null, false, 2).map(({ id }) => id)).toEqual([62, 61]);
  expect(later.page(61, false, 2).map(({ id }) => id)).toEqual([60, 59]);
});

test("with too few, of a first one and of one with much mail nothing is said", () => {
  const { store, time } = aStore();
  const rounds = new Rounds(store);
  pass(rounds, time, 19, 1200);
  time.now += HOUR;
  expect(rounds.ended(ONE, round(time.now, 60_000))).toMatchObject({ slow: false, usual: null });
  pass(rounds, time, 30, 1200);
  time.now += HOUR;
  expect(rounds.ended(ONE, round(time.now, 60_000, { first: true }))).toMatchObject({ slow: false, usual: null });
  expect(rounds.ended(ONE, round(time.now, 60_000, { messages: 4000 }))).toMatchObject({ slow: false, usual: null, notable: true });
  expect(rounds.ended(ONE, round(time.now, 60_000))).toMatchObject({ slow: true });
});

test("slow ones in a row are counted until one is as usual, and trouble of an hour does not become usual", () => {
  const { store, time } = aStore();
  const rounds = new Rounds(store);
  pass(rounds, time, 40, 1200);
  expect(rounds.streak(ONE)).toBeNull();
  time.now += HOUR;
  const began = time.now;
  pass(rounds, time, 19, 14_000);
  expect(rounds.streak(ONE)).toEqual({ since: began + 3 * MINUTE, lastAt: time.now, count: 19 });
  expect(rounds.streak(TWO)).toBeNull();
  pass(rounds, time, 1, 1300);
  expect(rounds.streak(ONE)).toBeNull();
});

test("seven days are kept, and of a busy account no more than two thousand; those of an account that is gone go", () => {
  const { store, time } = aStore();
  const rounds = new Rounds(store);
  const count = (): number => Number(store.db.connection.prepare("SELECT count(*) FROM sync_round").pluck().get());
  pass(rounds, time, 2100, 1200);
  rounds.keep();
  expect(count()).toBe(2000);
  pass(rounds, time, 10, 1200, TWO);
  rounds.keep();
  expect(count()).toBe(2010);
  time.now += 7 * DAY - 20 * MINUTE;
  pass(rounds, time, 1, 1200, TWO);
  rounds.keep();
  expect(count()).toBeLessThan(12);
  store.db.connection.exec("DELETE FROM account WHERE id = 2");
  pass(rounds, time, 1, 1200);
  rounds.keep();
  expect(count()).toBe(1);
});

test("nothing is written until it is asked for, once an hour, or there are many", () => {
  const { store, time } = aStore();
  const rounds = new Rounds(store);
  const changes = (): number => Number(store.db.connection.prepare("SELECT total_changes()").pluck().get());
  const before = changes();
  pass(rounds, time, 199, 1200);
  expect(changes()).toBe(before);
  expect(rounds.page(null, false, 300)).toHaveLength(199);
  pass(rounds, time, 1, 1200);
  expect(changes()).toBeGreaterThan(before);
  expect(rounds.page(null, false, 300)).toHaveLength(200);
});

test("a row that another version wrote is passed over", () => {
  const { store, time } = aStore();
  const rounds = new Rounds(store);
  pass(rounds, time, 2, 1200);
  rounds.keep();
  store.db.connection.exec(`UPDATE sync_round SET facts = '{"tookMs":"long"}' WHERE id = 1`);
  expect(rounds.page(null, false, 10).map(({ id }) => id)).toEqual([2]);
  expect(() => addSyncRounds(store, [])).not.toThrow();
});
