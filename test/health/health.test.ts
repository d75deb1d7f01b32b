import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Health } from "../../main/health/health.ts";
import { Rounds } from "../../main/health/rounds.ts";
import { Tally } from "../../main/health/tally.ts";
import { Traces } from "../../main/health/traces.ts";
import { silentLog } from "../../main/log.ts";
import { noteUse } from "../../main/store/limits.ts";
import { openStore, type Store } from "../../main/store/open.ts";
import { writeSettings } from "../../main/store/settings.ts";
import type { AccountHealth } from "../../shared/contract/health.ts";
import { quantileMs } from "../../shared/durations.ts";
import type { AccountId } from "../../shared/ids.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ONE = 1 as AccountId;
const TWO = 2 as AccountId;

/** A program whose time passes by hand: five minutes from one look to the next. */
class Watched {
  readonly store: Store;
  readonly tally: Tally;
  readonly rounds: Rounds;
  readonly health: Health;
  readonly notices: string[] = [];
  accounts: AccountHealth[] = [];
  leaving: { accountId: AccountId; dueAt: number }[] = [];
  offline = false;
  static now = Date.UTC(2026, 5, 1, 9);
  #work: (() => void) | null = null;
  #changed: (() => void)[] = [];

  constructor(profileDir: string) {
    const clock = (): number => Watched.now;
    this.store = openStore({ profileDir, clock });
    for (const id of [ONE, TWO]) addAccountRow(this.store, id);
    this.tally = new Tally(clock);
    this.rounds = new Rounds(this.store);
    this.health = new Health({
      store: this.store,
      profileDir,
      log: silentLog,
      timers: {
        after: (_ms, work) => {
          this.#work = work;
          for (const heard of this.#changed.splice(0)) heard();
          return () => {
            this.#work = null;
          };
        },
      },
      tally: this.tally,
      traces: new Traces({ db: this.store.db, clock, log: silentLog, outbox: () => [] }),
      rounds: this.rounds,
      accounts: () => this.accounts,
      nameOf: (id) => `Account ${id}`,
      leaving: () => this.leaving,
      workOffline: () => this.offline,
      notice: (code, params) => this.notices.push(`${code} ${JSON.stringify(params)}`),
      onChange: () => undefined,
    });
  }

  /** Lets time pass, and one look with it. */
  async pass(ms: number): Promise<void> {
    Watched.now += ms;
    const looked = new Promise<void>((resolve) => this.#changed.push(resolve));
    this.#work?.();
    await looked;
  }

  async end(): Promise<void> {
    await this.health.close();
    this.store.close();
  }

  get commits(): number {
    return Number(this.store.db.connection.prepare<[], { n: number }>("SELECT total_changes() AS n").get()?.n);
  }
}

function addAccountRow(store: Store, id: AccountId): void {
  store.db.connection
    .prepare("INSERT OR IGNORE INTO account (id, position, name, address, settings, created_at) VALUES (?, ?, '', '', '{}', 0)")
    .run(id, id);
}

function accountHealth(accountId: AccountId, more: Partial<AccountHealth> = {}): AccountHealth {
  return {
    accountId,
    state: "up-to-date",
    phase: "idle",
    done: 0,
    total: 0,
    bytesToGo: 0,
    onDemand: 0,
    kept: { bytes: 0, limitBytes: null, by: null, full: false },
    pending: 0,
    since: 0,
    syncedAt: Watched.now,
    nextTryAt: null,
    pause: null,
    eta: null,
    failure: null,
    ...more,
  };
}

function profile(): string {
  const dir = mkdtempSync(join(tmpdir(), "satchel-health-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

test("what was counted is kept hour by hour, added up over starts of the program in one hour, and forgotten after seven days", async () => {
  const dir = profile();
  const first = new Watched(dir);
  const begin = Math.floor(Watched.now / HOUR);
  first.accounts = [accountHealth(ONE, { pending: 3 })];
  first.tally.happened(ONE, "connected");
  first.tally.happened(ONE, "failed");
  for (let ms = 1; ms <= 100; ms += 1) first.tally.answered(ms);
  noteUse(first.store, ONE, 5000);
  await first.pass(5 * MINUTE);
  first.tally.happened(ONE, "compared");
  await first.end();

  const second = new Watched(dir);
  second.accounts = [accountHealth(ONE)];
  second.tally.happened(ONE, "connected");
  second.tally.answered(2500);
  const { program, accounts } = await second.health.history();
  expect(accounts).toEqual([{ accountId: ONE, hour: begin, connected: 2, failed: 1, lagMs: 5 * MINUTE, waiting: 3, bytes: 5000 }]);
  expect(program.map(({ hour }) => hour)).toEqual([begin]);
  expect([0.5, 0.95, 1].map((part) => quantileMs(program[0]?.requests ?? [], part))).toEqual([70, 100, 3000]);
  await second.pass(HOUR);
  expect((await second.health.history()).program.map(({ hour }) => hour)).toEqual([begin, begin + 1]);
  await second.pass(7 * 24 * HOUR + 2 * HOUR);
  const later = await second.health.history();
  expect(later.program.map(({ hour }) => hour - begin)).toEqual([1 + 7 * 24 + 2]);
  expect(later.accounts.map(({ hour }) => hour - begin)).toEqual([1 + 7 * 24 + 2]);
  await second.end();
});

test("today is what came since midnight, earlier hours with it", async () => {
  const watched = new Watched(profile());
  watched.accounts = [accountHealth(ONE), accountHealth(TWO, { pending: 2 })];
  watched.leaving = [{ accountId: TWO, dueAt: Watched.now }];
  noteUse(watched.store, ONE, 700);
  watched.tally.happened(ONE, "failed");
  await watched.pass(HOUR);
  noteUse(watched.store, ONE, 300);
  watched.tally.happened(ONE, "failed");
  const { accounts, threads, databaseBytes, freeBytes } = await watched.health.vitals();
  expect(accounts.map(({ accountId, waiting, today }) => [accountId, waiting, today.bytes, today.failed])).toEqual([
    [ONE, 0, 1000, 2],
    [TWO, 3, 0, 0],
  ]);
  expect(threads.find(({ thread }) => thread === "engine")?.heapBytes).toBeGreaterThan(1e6);
  expect(databaseBytes).toBeGreaterThan(10_000);
  expect(freeBytes).toBeGreaterThan(0);
  await watched.end();
});

test("an idle program writes once an hour and no more", async () => {
  const watched = new Watched(profile());
  watched.accounts = [accountHealth(ONE)];
  Watched.now = Math.ceil(Watched.now / HOUR) * HOUR + MINUTE;
  await watched.pass(0);
  const before = watched.commits;
  for (let look = 0; look < 11; look += 1) await watched.pass(5 * MINUTE);
  expect(watched.commits).toBe(before);
  await watched.pass(5 * MINUTE);
  expect(watched.commits).toBeGreaterThan(before);
  await watched.end();
});

test("two accounts without a sync, and a message that waits, are one notice; a muted account is none", async () => {
  const watched = new Watched(profile());
  const since = Watched.now;
  const unheard = (id: AccountId): AccountHealth => accountHealth(id, { state: "offline", syncedAt: since });
  watched.health.mute("no-sync", TWO, 2 * HOUR);
  watched.accounts = [unheard(ONE), unheard(TWO)];
  for (let look = 0; look < 5; look += 1) await watched.pass(5 * MINUTE);
  expect(watched.notices).toEqual([]);
  for (let look = 0; look < 6; look += 1) await watched.pass(5 * MINUTE);
  expect(watched.notices).toEqual(['health-no-sync {"name":"Account 1","minutes":30}']);
  const { alerts } = await watched.health.vitals();
  expect(alerts).toEqual([
    { kind: "no-sync", accountId: ONE, since, muted: null },
    { kind: "no-sync", accountId: TWO, since, muted: { until: since + 2 * HOUR } },
  ]);
  watched.leaving = [{ accountId: ONE, dueAt: Watched.now - 10 * MINUTE }];
  watched.health.mute("no-sync", TWO, 0);
  await watched.pass(5 * MINUTE);
  expect(watched.notices.slice(1)).toEqual(['health-several {"count":2}']);
  await watched.end();
});

test("the user says after how long an account is told of", async () => {
  const watched = new Watched(profile());
  writeSettings(watched.store, { alertNoSyncMinutes: 60 });
  watched.accounts = [accountHealth(ONE, { state: "offline", syncedAt: Watched.now })];
  for (let look = 0; look < 11; look += 1) await watched.pass(5 * MINUTE);
  expect(watched.notices).toEqual([]);
  await watched.pass(5 * MINUTE);
  expect(watched.notices).toEqual(['health-no-sync {"name":"Account 1","minutes":60}']);
  await watched.end();
});

test("a computer that slept for a night tells of nothing when it wakes up", async () => {
  const watched = new Watched(profile());
  watched.accounts = [accountHealth(ONE, { state: "offline" })];
  await watched.pass(9 * HOUR);
  await watched.pass(5 * MINUTE);
  expect(watched.notices).toEqual([]);
  for (let look = 0; look < 6; look += 1) await watched.pass(5 * MINUTE);
  expect(watched.notices).toHaveLength(1);
  await watched.end();
});

test("an account whose synchronisations are slow one after the other is one notice, that can be muted, and is well when the next is as usual", async () => {
  const watched = new Watched(profile());
  watched.accounts = [accountHealth(ONE)];
  const synchronise = (tookMs: number): void => {
    const { now } = Watched;
    const stages = { "sign-in": tookMs };
    const nothing = { folders: [], folderCount: 0, messages: 0, bytes: 0, renamed: 0, pause: null, failure: null } as const;
    watched.accounts = [accountHealth(ONE)];
    watched.rounds.ended(ONE, {
      ...nothing,
      folders: [],
      beganAt: now - tookMs,
      tookMs,
      stages,
      opened: true,
      first: false,
      outcome: "done",
    });
  };
  for (let look = 0; look < 40; look += 1) {
    synchronise(1200);
    await watched.pass(5 * MINUTE);
  }
  expect(watched.notices).toEqual([]);
  for (let look = 0; look < 5; look += 1) {
    synchronise(14_000);
    await watched.pass(5 * MINUTE);
  }
  expect(watched.notices).toEqual(['health-slow-sync {"name":"Account 1","minutes":15}']);
  watched.health.mute("slow-sync", ONE, null);
  expect((await watched.health.vitals()).alerts).toMatchObject([{ kind: "slow-sync", accountId: ONE, muted: { until: null } }]);
  synchronise(1200);
  await watched.pass(5 * MINUTE);
  expect((await watched.health.vitals()).alerts).toEqual([]);
  expect(watched.notices).toHaveLength(1);
  await watched.end();
});
