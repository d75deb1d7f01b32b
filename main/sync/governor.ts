import type { Failure } from "../../shared/failure.ts";
import type { AccountId } from "../../shared/ids.ts";
import type { Log } from "../log.ts";
import { type Eta, type Measured, measure, NOTHING_MEASURED, planEta, speedOf, steady } from "../plan/download-eta.ts";
import {
  type Learnt,
  type Limits,
  learnConnections,
  learnFromRefusal,
  learnFromSuccess,
  learnLogins,
  limitsOf,
  loginWait,
  type Pause,
  planPause,
  visitGapMs,
} from "../plan/limits.ts";
import { noteUse, readLearnt, readUse, writeLearnt } from "../store/limits.ts";
import type { Store } from "../store/open.ts";
import type { Timers } from "./timers.ts";

export type GovernorNeeds = {
  readonly store: Store;
  readonly accountId: AccountId;
  readonly protocol: "imap" | "pop3";
  readonly log: Log;
  readonly clock: () => number;
  readonly timers: Timers;
  /** A pause is over. */
  readonly onResume: () => void;
};

const MINUTE = 60_000;
/** A longer stretch without news is sleep, and no work. */
const LONGEST_STRETCH = 10 * MINUTE;

/**
 * Keeps one account within what its provider allows: counts what comes, learns from refusals, says when mail in bulk has to wait, and tells
 * when it may go on. What the user opens and does passes by.
 */
export class Governor {
  readonly #needs: GovernorNeeds;
  readonly #provider: string | null;
  #learnt: Learnt;
  #logins: number[] = [];
  #resuming: { until: number; cancel: () => void } | null = null;
  #metered = false;
  #came = 0;
  #messages = 0;
  #measured: Measured = NOTHING_MEASURED;
  /** Since when, and beyond how many bytes, work is measured; null while nothing is fetched. */
  #stretch: { readonly at: number; readonly came: number } | null = null;
  #told: Eta | null = null;

  constructor(needs: GovernorNeeds) {
    this.#needs = needs;
    const { provider, learnt } = readLearnt(needs.store, needs.accountId);
    this.#provider = provider !== null && needs.protocol === "pop3" ? `${provider} by POP3` : provider;
    this.#learnt = learnt;
  }

  /** Null while mail in bulk may come. */
  get pause(): Pause | { readonly why: "metered"; readonly until: null; readonly bytesADay: null } | null {
    const { store, accountId, clock } = this.#needs;
    const pause = planPause(readUse(store, accountId), this.limits, this.#learnt, clock());
    if (pause !== null) this.#resumeAt(pause.until);
    return pause ?? (this.#metered ? { why: "metered", until: null, bytesADay: null } : null);
  }

  /** Between two visits that nobody asked for, ms. */
  get visitGapMs(): number {
    return visitGapMs(this.#provider);
  }

  get limits(): Limits {
    return limitsOf(this.#provider, this.#learnt, this.#needs.clock());
  }

  /** The network counts what goes over it. */
  setMetered(on: boolean): void {
    this.#metered = on;
  }

  /** Mail came; written with the rows that it became. */
  arrived(bytes: number, messages: number): void {
    const { store, accountId, clock } = this.#needs;
    noteUse(store, accountId, bytes);
    this.#came += bytes;
    this.#messages += messages;
    // What somebody opens may come while the rest has to wait.
    if ((this.#learnt.blockedUntil ?? 0) <= clock()) this.#learn(learnFromSuccess(this.#learnt));
  }

  /**
   * When the rest will be here, asked whenever the account's state is: measures how fast it comes meanwhile. Null while that is not known.
   *
   * @param unlisted messages to come whose size nobody has told yet: they are taken to be like those that came
   * @param working mail is being fetched
   * @param may the account may go on by itself; else nobody knows when it will
   */
  eta(listedBytes: number, { unlisted, working, may }: { unlisted: number; working: boolean; may: boolean }): Eta | null {
    const { store, accountId, clock } = this.#needs;
    const now = clock();
    const { pause } = this;
    const before = this.#stretch;
    this.#stretch = working && pause === null ? { at: now, came: this.#came } : null;
    if (before !== null && now > before.at && now - before.at <= LONGEST_STRETCH)
      this.#measured = measure(this.#measured, this.#came - before.came, now - before.at);
    const bytesPerSecond = speedOf(this.#measured);
    const bytesToGo = listedBytes + (unlisted * this.#came) / Math.max(1, this.#messages);
    if (!may || bytesToGo <= 0 || bytesPerSecond === null || pause?.why === "metered") {
      this.#told = null;
      return null;
    }
    const { bytesADay } = this.limits;
    const { blockedUntil } = this.#learnt;
    const next = planEta({ bytesToGo, bytesPerSecond, use: readUse(store, accountId), bytesADay, blockedUntil }, now);
    this.#told = steady(this.#told, next, now);
    return this.#told;
  }

  /** Seconds that so much mail in bulk takes from now on, pauses and a provider's day included; null while nobody can know. */
  secondsFor(bytes: number, lineBytesPerSecond: number | null): number | null {
    const { store, accountId, clock } = this.#needs;
    const bytesPerSecond = speedOf(this.#measured) ?? lineBytesPerSecond;
    if (bytesPerSecond === null || bytesPerSecond <= 0 || this.#metered) return null;
    const now = clock();
    const facts = { bytesToGo: bytes, bytesPerSecond, use: readUse(store, accountId), bytesADay: this.limits.bytesADay };
    return Math.ceil((planEta({ ...facts, blockedUntil: this.#learnt.blockedUntil }, now).finishAt - now) / 1000);
  }

  /** The server would not send bulk. */
  refused(failure: Failure): void {
    const { store, accountId, clock, log } = this.#needs;
    this.#learn(learnFromRefusal(this.#learnt, readUse(store, accountId), failure.serverWords ?? "", clock()));
    log.info("limits.refused", { code: failure.code, until: this.#learnt.blockedUntil ?? 0 });
  }

  /** The server would not have another connection beside `open` ones. */
  connectionRefused(failure: Failure, open: number): void {
    if (failure.code === "too-many-connections") this.#learn(learnConnections(this.#learnt, open, this.#needs.clock()));
    if (failure.code === "throttled") this.#learn(learnLogins(this.#learnt, this.#logins, this.#needs.clock()));
  }

  /** Resolves when one more login fits into the minute, or when nobody wants it any more. */
  async login(signal: AbortSignal): Promise<void> {
    const { clock, timers } = this.#needs;
    const waitMs = loginWait(this.#logins, this.limits.loginsAMinute, clock());
    if (waitMs > 0) {
      await new Promise<void>((resolve) => {
        const cancel = timers.after(waitMs, resolve);
        signal.addEventListener("abort", () => {
          cancel();
          resolve();
        });
      });
    }
    this.#logins = [...this.#logins.filter((at) => at > clock() - MINUTE), clock()];
  }

  stop(): void {
    this.#resuming?.cancel();
    this.#resuming = null;
  }

  #learn(next: Learnt): void {
    if (next === this.#learnt) return;
    this.#learnt = next;
    writeLearnt(this.#needs.store, this.#needs.accountId, next);
  }

  #resumeAt(until: number): void {
    if (this.#resuming?.until === until) return;
    this.stop();
    const { clock, timers, onResume } = this.#needs;
    const cancel = timers.after(Math.max(MINUTE, until - clock()), () => {
      this.#resuming = null;
      onResume();
    });
    this.#resuming = { until, cancel };
  }
}
