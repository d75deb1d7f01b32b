import { type Durations, withDuration } from "../../shared/durations.ts";
import type { AccountId } from "../../shared/ids.ts";

/** What was counted of one account since it was asked last. */
export type AccountTally = {
  readonly connected: number;
  readonly failed: number;
  /** The longest time between two comparisons with its server, ms. */
  readonly lagMs: number;
  /** ms UTC; something of its mail came or went. */
  readonly heardAt: number;
};

type Counting = { connected: number; failed: number; lagMs: number; heardAt: number; comparedAt: number };

/** Counts while things happen, and costs nothing while nothing does. */
export class Tally {
  readonly #clock: () => number;
  readonly #accounts = new Map<AccountId, Counting>();
  #requests: Durations = [];
  #from: number;

  constructor(clock: () => number) {
    this.#clock = clock;
    this.#from = clock();
  }

  /** A window got its answer. */
  answered(tookMs: number): void {
    this.#requests = withDuration(this.#requests, tookMs);
  }

  happened(account: AccountId, what: "connected" | "failed" | "compared" | "progressed"): void {
    const counting = this.#of(account);
    const now = this.#clock();
    if (what === "connected" || what === "failed") counting[what] += 1;
    if (what !== "failed") counting.heardAt = now;
    if (what !== "compared") return;
    counting.lagMs = Math.max(counting.lagMs, now - counting.comparedAt);
    counting.comparedAt = now;
  }

  /** Nobody could have compared anything before now: the computer slept, or the user works offline. */
  beginAnew(): void {
    this.#from = this.#clock();
    for (const counting of this.#accounts.values()) counting.comparedAt = this.#from;
  }

  account(account: AccountId): AccountTally {
    const { connected, failed, lagMs, heardAt, comparedAt } = this.#of(account);
    return { connected, failed, lagMs: Math.max(lagMs, this.#clock() - comparedAt), heardAt };
  }

  get requests(): Durations {
    return this.#requests;
  }

  /** What was counted is kept elsewhere. */
  clear(): void {
    this.#requests = [];
    for (const counting of this.#accounts.values()) Object.assign(counting, { connected: 0, failed: 0, lagMs: 0 });
  }

  #of(account: AccountId): Counting {
    const known = this.#accounts.get(account);
    if (known !== undefined) return known;
    const fresh = { connected: 0, failed: 0, lagMs: 0, heardAt: 0, comparedAt: this.#from };
    this.#accounts.set(account, fresh);
    return fresh;
  }
}
