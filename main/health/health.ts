import type { AccountHour, ProgramHour, Trace, Vitals } from "../../shared/contract/vitals.ts";
import type { AccountId } from "../../shared/ids.ts";
import type { Log } from "../log.ts";
import type { AlertFacts, AlertKind } from "../plan/alerts.ts";
import { sumOfThreads } from "../pulse.ts";
import { readSettings } from "../store/settings.ts";
import type { SyncRound } from "../store/sync-rounds.ts";
import { Alerting, type AlertingNeeds } from "./alerting.ts";
import { Hours, type HoursNeeds } from "./hours.ts";
import type { Rounds } from "./rounds.ts";
import { Sizes } from "./sizes.ts";
import { type Recorded, Threads } from "./threads.ts";
import type { Traces } from "./traces.ts";

export type HealthNeeds = HoursNeeds &
  AlertingNeeds & {
    readonly profileDir: string;
    readonly log: Log;
    readonly timers: { after(ms: number, work: () => void): () => void };
    readonly traces: Traces;
    readonly rounds: Rounds;
    readonly workOffline: () => boolean;
    /** What windows show has changed. */
    readonly onChange: () => void;
  };

const MINUTE_MS = 60_000;
const ROUNDS_AT_ONCE = 30;
/** One look costs a millisecond, and an idle computer is woken for it. */
const LOOK_EVERY_MS = 5 * MINUTE_MS;
/** A look that comes so much too late was slept through. */
const SLEPT_MS = MINUTE_MS;

/** How Satchel is: looked at every five minutes and whenever somebody asks, and kept hour by hour for seven days. Nothing of it leaves the computer. */
export class Health {
  readonly #needs: HealthNeeds;
  readonly #threads = new Threads("engine");
  readonly #sizes: Sizes;
  readonly #hours: Hours;
  readonly #alerting: Alerting;
  readonly #startedAt: number;
  readonly #unsubscribe: () => void;
  #awakeSince: number;
  #lookedAt: number;
  #cancel: (() => void) | null = null;
  #closed = false;
  #stopRecording: (() => void) | null = null;

  constructor(needs: HealthNeeds) {
    this.#needs = needs;
    const { store, profileDir } = needs;
    const now = store.clock();
    this.#startedAt = now;
    this.#awakeSince = now;
    this.#lookedAt = now;
    this.#sizes = new Sizes(store, profileDir);
    this.#hours = new Hours(needs);
    this.#alerting = new Alerting(needs);
    this.#unsubscribe = store.changes.subscribe(() => this.#threads.stir());
    this.#lookLater();
  }

  /** The engine has something to do. */
  stir(): void {
    this.#threads.stir();
  }

  /** The computer was asleep: nothing that did not happen meanwhile is a fault. */
  woke(): void {
    this.#awakeSince = this.#needs.store.clock();
    this.#needs.tally.beginAnew();
  }

  async vitals(): Promise<Vitals> {
    const states = await this.#threads.states();
    this.#hours.take(states);
    const [databaseBytes, indexBytes, mail, freeBytes] = await Promise.all([
      this.#sizes.database(),
      this.#sizes.index(),
      this.#sizes.mail(),
      this.#sizes.free(),
    ]);
    this.#hours.measure(databaseBytes);
    const at = this.#needs.store.clock();
    this.#alerting.look(this.#facts(freeBytes));
    return {
      at,
      startedAt: this.#startedAt,
      memoryBytes: process.memoryUsage.rss(),
      databaseBytes,
      indexBytes,
      mail,
      freeBytes,
      requests: [...this.#hours.requests],
      threads: sumOfThreads(states).map((one) => ({ ...one, pauses: [...this.#hours.pausesOf(one.thread)] })),
      accounts: this.#hours.vitals(),
      alerts: this.#alerting.open(at),
      lastRound: this.#needs.rounds.lastId,
    };
  }

  async history(): Promise<{ program: ProgramHour[]; accounts: AccountHour[] }> {
    this.#hours.measure(await this.#sizes.database());
    return this.#hours.history();
  }

  traces(): Trace[] {
    return this.#needs.traces.list();
  }

  /** Newest first. @param before the id of the last of the page above */
  rounds(before: number | null, notable: boolean): SyncRound[] {
    return this.#needs.rounds.page(before, notable, ROUNDS_AT_ONCE);
  }

  /** @param forMs null = for good; 0 = no longer */
  mute(kind: AlertKind, accountId: AccountId | null, forMs: number | null): void {
    this.#alerting.mute({ kind, accountId }, forMs, this.#needs.store.clock());
    this.#needs.onChange();
  }

  /** @returns null while another recording is under way */
  async record(seconds: number): Promise<Recorded[] | null> {
    if (this.#stopRecording !== null) return null;
    const ended = new Promise<void>((resolve) => {
      const cancel = this.#needs.timers.after(seconds * 1000, resolve);
      this.#stopRecording = () => {
        cancel();
        resolve();
      };
    });
    try {
      return await this.#threads.record(ended);
    } finally {
      this.#stopRecording = null;
    }
  }

  stopRecording(): void {
    this.#stopRecording?.();
  }

  /** Keeps what was counted. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#cancel?.();
    this.#unsubscribe();
    this.stopRecording();
    await this.#keep();
    this.#threads.close();
  }

  #lookLater(): void {
    this.#cancel = this.#needs.timers.after(LOOK_EVERY_MS, () => {
      this.#look()
        .catch((error: unknown) => this.#needs.log.error("health.not-looked", error))
        .finally(() => {
          if (!this.#closed) this.#lookLater();
        });
    });
  }

  async #look(): Promise<void> {
    const { store, workOffline, tally, onChange } = this.#needs;
    const now = store.clock();
    // A clock that was set counts as sleep.
    if (Math.abs(now - this.#lookedAt - LOOK_EVERY_MS) > SLEPT_MS) this.woke();
    this.#lookedAt = now;
    if (workOffline()) tally.beginAnew();
    const freeBytes = await this.#sizes.free();
    if (this.#closed) return;
    if (this.#alerting.look(this.#facts(freeBytes))) onChange();
    if (this.#hours.isOver) await this.#keep();
    else this.#hours.measure(await this.#sizes.database());
  }

  async #keep(): Promise<void> {
    this.#hours.take(await this.#threads.states());
    this.#hours.measure(await this.#sizes.database());
    this.#hours.keep();
    this.#needs.rounds.keep();
  }

  #facts(freeBytes: number | null): AlertFacts {
    const { store, tally, accounts, leaving, workOffline, rounds } = this.#needs;
    const { alertNoSyncMinutes, alertOutboxMinutes } = readSettings(store);
    return {
      now: store.clock(),
      awakeSince: this.#awakeSince,
      workOffline: workOffline(),
      noSyncMs: alertNoSyncMinutes * MINUTE_MS,
      outboxOldMs: alertOutboxMinutes * MINUTE_MS,
      accounts: accounts().map(({ accountId, state, syncedAt }) => ({
        accountId,
        state,
        syncedAt,
        heardAt: tally.account(accountId).heardAt || null,
        slow: rounds.streak(accountId),
      })),
      dueAt: leaving().map(({ dueAt }) => dueAt),
      freeBytes,
    };
  }
}
