import { performance } from "node:perf_hooks";
import type { AccountHealth } from "../../shared/contract/health.ts";
import { Failure } from "../../shared/failure.ts";
import { type Condition, stateOf } from "./account-health.ts";
import type { AccountWork } from "./account-work.ts";
import { ByteGate } from "./byte-gate.ts";
import { CommitPace } from "./commit-pace.ts";
import { Governor } from "./governor.ts";
import type { LaneState } from "./lane.ts";
import { LineSpeed } from "./line-speed.ts";
import type { ArrivalHints } from "./parse-jobs.ts";
import { AccountRoom } from "./room.ts";
import { RoundWatch } from "./round-watch.ts";
import type { AccountOptions } from "./running-account.ts";
import { systemTimers, type Timers } from "./timers.ts";

/** Bytes between the line and the store. */
const IN_FLIGHT = 8 * 1024 * 1024;
/** Counting is cheap but not free. */
const TELL_EVERY_MS = 200;

const NOTHING_KNOWN: ArrivalHints = { likely: [], senders: new Map() };

type Waiting = { readonly resolve: () => void; readonly reject: (failure: Failure) => void };
type Needs = {
  readonly health: () => AccountHealth;
  /** A provider's pause is over. */
  readonly onResume: () => void;
  /** What waited for another account may go out. */
  readonly onFreed: () => void;
};

/** What every running account keeps, whatever its server speaks: how it is, who waits for it to be compared, and whom to tell. */
export class AccountState {
  readonly timers: Timers;
  readonly work: AccountWork;
  readonly #options: AccountOptions;
  readonly #needs: Needs;
  #condition: Condition;
  #waiting: Waiting[] = [];
  #telling: (() => void) | null = null;
  readonly #stopListening: () => void;
  #stopped = false;

  constructor(options: AccountOptions, needs: Needs) {
    const { account, store, clock } = options;
    this.#options = options;
    this.#needs = needs;
    this.timers = options.timers ?? systemTimers;
    this.#stopListening = store.changes.onOperationsFreed((id) => {
      if (id === account.id) needs.onFreed();
    });
    const log = options.log.with({ account: account.id });
    this.work = {
      accountId: account.id,
      store,
      log,
      clock,
      parsePool: options.parsePool,
      arrivalHints: options.arrivalHints ?? (() => NOTHING_KNOWN),
      gate: new ByteGate(IN_FLIGHT),
      speed: new LineSpeed(clock, () => performance.eventLoopUtilization().idle),
      pace: new CommitPace(),
      round: new RoundWatch({
        clock,
        pause: () => this.work.governor.pause?.why ?? null,
        onRound: (round) => options.onNews?.({ kind: "round", round }),
      }),
      governor: new Governor({
        store,
        accountId: account.id,
        protocol: account.settings.protocol,
        log: options.log,
        clock,
        timers: this.timers,
        onResume: needs.onResume,
      }),
      room: new AccountRoom({ store, accountId: account.id }, account.settings.protocol === "pop3"),
      onIndexText: options.onIndexText,
      onNews: options.onNews,
      progressed: () => {
        options.onNews?.({ kind: "progressed" });
        this.tell();
      },
    };
    this.#condition = {
      lane: { kind: "resting" },
      phase: "idle",
      offline: false,
      paused: account.paused,
      storage: null,
      since: clock(),
      syncedAt: null,
      compared: false,
    };
  }

  get condition(): Condition {
    return this.#condition;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** May connect. */
  get running(): boolean {
    return !this.#stopped && !this.#condition.offline && !this.#condition.paused && this.#condition.storage === null;
  }

  change(news: Partial<Condition>): void {
    const before = stateOf(this.#condition);
    this.#count(news);
    this.#condition = { ...this.#condition, ...news };
    if (stateOf(this.#condition) !== before) this.#condition = { ...this.#condition, since: this.#options.clock() };
    this.tell();
  }

  /** A round is from when a line is wanted until there is nothing more to do on it. */
  followRound(lane: LaneState): void {
    const { round } = this.work;
    if (lane.kind === "connecting" || lane.kind === "working") round.begin();
    else if (lane.kind === "resting") round.end(this.running ? "done" : "cut");
    else round.end(lane.failure);
  }

  #count({ lane, syncedAt }: Partial<Condition>): void {
    const { onNews } = this.#options;
    const before = this.#condition.lane.kind;
    if (lane?.kind === "working" && before === "connecting") onNews?.({ kind: "connected" });
    if (lane?.kind === "waiting" || (lane?.kind === "stopped" && before !== "stopped")) onNews?.({ kind: "failed" });
    if (syncedAt !== undefined) onNews?.({ kind: "compared" });
  }

  /** The health is told, soon and at most five times a second. */
  tell(): void {
    const { onHealth } = this.#options;
    if (!onHealth || this.#telling || this.#stopped) return;
    this.#telling = this.timers.after(TELL_EVERY_MS, () => {
      this.#telling = null;
      onHealth(this.#needs.health());
    });
  }

  /** Resolves when everything has been compared, rejects when that cannot be; `begin` sees to it that it happens. */
  untilCompared(begin: () => void): Promise<void> {
    if (!this.running) return Promise.reject(this.#condition.storage ?? new Failure("working-offline"));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      begin();
    });
  }

  /** Those who wait now: a comparison that begins later than they asked is what they asked for. */
  takeWaiting(): readonly Waiting[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }

  /** The comparison broke off; they wait for the next. */
  giveBackWaiting(waiting: readonly Waiting[]): void {
    this.#waiting.push(...waiting);
  }

  giveUp(failure: Failure): void {
    for (const { reject } of this.takeWaiting()) reject(failure);
  }

  stop(): void {
    this.#stopped = true;
    this.#stopListening();
    this.#telling?.();
    this.work.governor.stop();
  }
}
