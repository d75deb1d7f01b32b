import type { AccountHealth } from "../../shared/contract/health.ts";
import type { AccountHour, AccountVitals, ProgramHour } from "../../shared/contract/vitals.ts";
import { type Durations, sumOfDurations } from "../../shared/durations.ts";
import type { AccountId } from "../../shared/ids.ts";
import { believedOf, hourOf } from "../plan/limits.ts";
import { sumOfThreads, type ThreadState } from "../pulse.ts";
import {
  addAccountHours,
  addHours,
  addProgramHours,
  type AccountHour as KeptAccountHour,
  type ProgramHour as KeptHour,
  readBytes,
  readHours,
} from "../store/health.ts";
import { readLearnt } from "../store/limits.ts";
import type { Store } from "../store/open.ts";
import type { Tally } from "./tally.ts";

export type HoursNeeds = {
  readonly store: Store;
  readonly tally: Tally;
  readonly accounts: () => readonly AccountHealth[];
  /** Messages that go by themselves: whose, and when each was due, ms UTC. None while the outbox is paused. */
  readonly leaving: () => readonly { readonly accountId: AccountId; readonly dueAt: number }[];
};

/** The hour that is being counted, and the seven days before it. */
export class Hours {
  readonly #needs: HoursNeeds;
  #hour: number;
  #memoryBytes = 0;
  #databaseBytes = 0;
  #waiting = 0;
  #pauses: Record<string, Durations> = {};
  #waitingOf = new Map<AccountId, number>();

  constructor(needs: HoursNeeds) {
    this.#needs = needs;
    this.#hour = hourOf(needs.store.clock());
  }

  /** Another one has begun. */
  get isOver(): boolean {
    return hourOf(this.#needs.store.clock()) !== this.#hour;
  }

  get requests(): Durations {
    return this.#needs.tally.requests;
  }

  pausesOf(thread: string): Durations {
    return this.#pauses[thread] ?? [];
  }

  /** What the threads said since they were asked last. */
  take(states: readonly ThreadState[]): void {
    for (const { thread, pauses } of sumOfThreads(states)) this.#pauses[thread] = sumOfDurations([this.pausesOf(thread), pauses]);
  }

  measure(databaseBytes: number): void {
    const { accounts, leaving } = this.#needs;
    this.#memoryBytes = Math.max(this.#memoryBytes, process.memoryUsage.rss());
    this.#databaseBytes = databaseBytes;
    this.#waiting = Math.max(this.#waiting, leaving().length);
    for (const { accountId, pending } of accounts())
      this.#waitingOf.set(accountId, Math.max(this.#waitingOf.get(accountId) ?? 0, pending + this.#leavingOf(accountId)));
  }

  /** Writes what was counted, and begins to count anew. */
  keep(): void {
    const { store, tally } = this.#needs;
    addHours(store, this.#accounts(), this.#program());
    tally.clear();
    this.#hour = hourOf(store.clock());
    this.#memoryBytes = 0;
    this.#waiting = 0;
    this.#pauses = {};
    this.#waitingOf = new Map();
  }

  /** With the hour that is being counted; oldest first. */
  history(): { program: ProgramHour[]; accounts: AccountHour[] } {
    const kept = readHours(this.#needs.store, this.#hour);
    const bytes = this.#bytesFrom(0);
    const accounts = withThis(kept.accounts, this.#accounts(), sameAccountHour, addAccountHours);
    return {
      program: withThis(kept.program, [this.#program()], (one, other) => one.hour === other.hour, addProgramHours).map((one) => ({
        ...one,
        requests: [...one.requests],
        pauses: Object.fromEntries(Object.entries(one.pauses).map(([thread, pauses]) => [thread, [...pauses]])),
      })),
      accounts: accounts.map((one) => ({ ...one, bytes: bytes(one.accountId, one.hour, one.hour) })),
    };
  }

  /** How each account is, and what it did since midnight of this computer's day. */
  vitals(): AccountVitals[] {
    const { store, accounts } = this.#needs;
    const midnight = hourOf(new Date(store.clock()).setHours(0, 0, 0, 0));
    const today = this.history().accounts.filter(({ hour }) => hour >= midnight);
    const bytes = this.#bytesFrom(midnight);
    return accounts().map(({ accountId, syncedAt, pending }) => {
      const hours = today.filter((one) => one.accountId === accountId);
      return {
        accountId,
        syncedAt,
        waiting: pending + this.#leavingOf(accountId),
        learnt: this.#learntOf(accountId),
        today: {
          bytes: bytes(accountId, midnight, this.#hour),
          connected: hours.reduce((sum, { connected }) => sum + connected, 0),
          failed: hours.reduce((sum, { failed }) => sum + failed, 0),
          lagMs: Math.max(0, ...hours.map(({ lagMs }) => lagMs)),
        },
      };
    });
  }

  #learntOf(account: AccountId): AccountVitals["learnt"] {
    const { store } = this.#needs;
    const believed = believedOf(readLearnt(store, account).learnt, store.clock());
    const { connections, loginsAMinute, bytesADay, learntAt: at } = believed;
    return { connections, loginsAMinute, bytesADay, at };
  }

  #leavingOf(account: AccountId): number {
    return this.#needs.leaving().filter(({ accountId }) => accountId === account).length;
  }

  #accounts(): KeptAccountHour[] {
    return this.#needs.accounts().map(({ accountId }) => {
      const { connected, failed, lagMs } = this.#needs.tally.account(accountId);
      return { accountId, hour: this.#hour, connected, failed, lagMs, waiting: this.#waitingOf.get(accountId) ?? 0 };
    });
  }

  #program(): KeptHour {
    return {
      hour: this.#hour,
      memoryBytes: this.#memoryBytes,
      databaseBytes: this.#databaseBytes,
      waiting: this.#waiting,
      requests: this.requests,
      pauses: this.#pauses,
    };
  }

  #bytesFrom(from: number): (account: AccountId, first: number, last: number) => number {
    const rows = readBytes(this.#needs.store, from);
    return (account, first, last) =>
      rows.reduce((sum, { accountId, hour, bytes }) => (accountId === account && hour >= first && hour <= last ? sum + bytes : sum), 0);
  }
}

function sameAccountHour(one: KeptAccountHour, other: KeptAccountHour): boolean {
  return one.accountId === other.accountId && one.hour === other.hour;
}

/** An earlier start of the program may have counted in the same hour. */
function withThis<T>(kept: readonly T[], now: readonly T[], same: (one: T, other: T) => boolean, add: (one: T, other: T) => T): T[] {
  const others = kept.filter((one) => !now.some((other) => same(one, other)));
  const sums = now.map((one) => {
    const before = kept.find((other) => same(one, other));
    return before === undefined ? one : add(before, one);
  });
  return [...others, ...sums];
}
