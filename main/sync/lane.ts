import { asFailure, type Failure } from "../../shared/failure.ts";
import type { Session } from "../imap/session.ts";
import { backoffMs } from "../plan/backoff.ts";
import { reactionTo } from "../plan/reaction.ts";
import type { Timers } from "./timers.ts";

/** A connection as far as a lane has to do with it, whatever is spoken on it. */
export type Line = {
  readonly closed: boolean;
  onClosed(listener: (failure: Failure) => void): void;
  bytesReceived(): number;
  end(): Promise<void>;
  destroy(): void;
};

/** What a lane needs to live: one connection that is kept up and kept busy. */
export type LaneOptions<L extends Line> = {
  /** `refused`: the last try ended because the server did not take the token. */
  readonly open: (signal: AbortSignal, refused: boolean) => Promise<L>;
  /** Works until there is nothing more to do or the line breaks (then it rejects). */
  readonly work: (session: L) => Promise<void>;
  readonly timers: Timers;
  readonly clock: () => number;
  readonly random: () => number;
  readonly onState: (state: LaneState) => void;
  /** Log out when there has been nothing to do for so long; null = stay. Asked whenever the work is done. */
  readonly idleMs: () => number | null;
};

export type LaneState =
  | { readonly kind: "resting" }
  | { readonly kind: "connecting" }
  | { readonly kind: "working" }
  | { readonly kind: "waiting"; readonly failure: Failure; readonly nextTryAt: number }
  | { readonly kind: "stopped"; readonly failure: Failure };

/**
 * One connection with its life: opens when there is work, works, waits for more, and after a failure tries again with growing pauses.
 * Everything runs through `#turn`, one at a time.
 */
export class Lane<L extends Line = Session> {
  readonly #options: LaneOptions<L>;
  #session: L | null = null;
  #turning: Promise<void> | null = null;
  /** How often the line was put down: what that broke off has not failed, also where the line was released again before it had ended. */
  #holds = 0;
  #wanted = false;
  #attempt = 0;
  #tokenTried = false;
  #refused = false;
  #held = true;
  #stopped = false;
  #cancel: (() => void) | null = null;
  #opening: AbortController | null = null;
  #lostAtRest: (() => void) | null = null;

  constructor(options: LaneOptions<L>) {
    this.#options = options;
  }

  /** There is work. Does nothing while the lane waits for its next try or is held. */
  poke(): void {
    this.#wanted = true;
    if (this.#held || this.#stopped || this.#turning || (this.#cancel && !this.#session)) return;
    this.#cancelTimer();
    this.#turning = this.#turn().finally(() => {
      this.#turning = null;
      if (this.#wanted) this.poke();
    });
  }

  /** Looks whether a resting line lives, and tells nobody about it: an account that rests is not at work. One that is not there is opened, one that died is told. */
  look(probe: (session: L) => Promise<unknown>): void {
    const session = this.#session;
    if (session === null || session.closed || this.#turning) {
      this.poke();
      return;
    }
    this.#cancelTimer();
    const holds = this.#holds;
    this.#turning = probe(session)
      .then(
        () => this.#restLater(),
        (error: unknown) => this.#failed(asFailure(error), holds),
      )
      .finally(() => {
        this.#turning = null;
        if (this.#wanted) this.poke();
      });
  }

  /** Tries now, whatever the pause or the reason for having stopped. */
  retryNow(): void {
    this.#stopped = false;
    this.#tokenTried = false;
    this.#refused = false;
    if (!this.#session) this.#cancelTimer();
    this.poke();
  }

  /** May connect again, and does so at once. */
  release(): void {
    this.unlock();
    this.retryNow();
  }

  /** May connect again when there is work. */
  unlock(): void {
    this.#held = false;
    this.#stopped = false;
    this.#attempt = 0;
  }

  /** Puts the line down until `release`. */
  async hold(): Promise<void> {
    this.#held = true;
    this.#holds += 1;
    this.#wanted = false;
    this.#cancelTimer();
    const session = this.#session;
    this.#session = null;
    session?.destroy();
    this.#opening?.abort();
    // Asking for the credential cannot be broken off; a line that is made after it is dropped, and nobody waits for that.
    if (session) await this.#turning;
    this.#options.onState({ kind: "resting" });
  }

  /** Told once, when the server closes the line while it rests; at once when it has. */
  onLostAtRest(tell: () => void): void {
    if (this.#session?.closed !== false && !this.#turning) tell();
    else this.#lostAtRest = tell;
  }

  /** The network is another one: an old line may look alive for minutes. Cut it, unless bytes come within `graceMs`. */
  renew(graceMs: number): void {
    this.#attempt = 0;
    const session = this.#session;
    if (session && this.#turning) {
      const before = session.bytesReceived();
      this.#options.timers.after(graceMs, () => {
        if (!session.closed && session.bytesReceived() === before) session.destroy();
      });
    } else if (session) {
      this.#session = null;
      session.destroy();
    }
    this.retryNow();
  }

  get session(): L | null {
    return this.#session;
  }

  async #turn(): Promise<void> {
    const { onState } = this.#options;
    const holds = this.#holds;
    this.#wanted = false;
    try {
      if (!this.#session || this.#session.closed) {
        onState({ kind: "connecting" });
        this.#opening = new AbortController();
        const session = await this.#options.open(this.#opening.signal, this.#refused);
        this.#refused = false;
        if (this.#held || holds !== this.#holds) {
          session.destroy();
          return;
        }
        this.#session = session;
        session.onClosed(() => this.#lost(session));
      }
      onState({ kind: "working" });
      await this.#options.work(this.#session);
      this.#attempt = 0;
      this.#tokenTried = false;
      onState({ kind: "resting" });
      this.#restLater();
    } catch (error) {
      this.#failed(asFailure(error), holds);
    }
  }

  /** @param holds as it was when the turn began */
  #failed(failure: Failure, holds: number): void {
    this.#session?.destroy();
    this.#session = null;
    if (this.#held || holds !== this.#holds) return;
    const reaction = reactionTo(failure, this.#tokenTried);
    if (reaction === "stop") {
      this.#stopped = true;
      this.#options.onState({ kind: "stopped", failure });
      return;
    }
    this.#wanted = true;
    if (reaction === "fresh-credential") {
      this.#tokenTried = true;
      this.#refused = true;
      return;
    }
    const waitMs = backoffMs(this.#attempt++, this.#options.random());
    this.#options.onState({ kind: "waiting", failure, nextTryAt: this.#options.clock() + waitMs });
    this.#cancelTimer();
    this.#cancel = this.#options.timers.after(waitMs, () => {
      this.#cancel = null;
      this.poke();
    });
  }

  /** A resting line that the server closes (many do after half an hour) is opened again by the next work. */
  #lost(session: L): void {
    if (this.#session !== session || this.#turning) return;
    this.#session = null;
    // There is nothing to put down any more; without a line a timer that runs means a pause between two tries.
    this.#cancelTimer();
    const tell = this.#lostAtRest;
    this.#lostAtRest = null;
    tell?.();
  }

  #restLater(): void {
    const idleMs = this.#options.idleMs();
    if (idleMs === null || this.#wanted) return;
    this.#cancelTimer();
    this.#cancel = this.#options.timers.after(idleMs, () => {
      this.#cancel = null;
      const session = this.#session;
      this.#session = null;
      void session?.end();
    });
  }

  #cancelTimer(): void {
    this.#cancel?.();
    this.#cancel = null;
  }
}
