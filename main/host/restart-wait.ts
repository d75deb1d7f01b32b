const FIRST_MS = 50;
const LONGEST_MS = 30_000;
const HEALTHY_AFTER_MS = 60_000;

/** Paces the restarts of a thread: the first is at once, each that follows a short life waits twice as long, up to 30 s. */
export class RestartWait {
  readonly #now: () => number;
  #startedAt = 0;
  #waitMs = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  started(): void {
    this.#startedAt = this.#now();
  }

  /** @returns milliseconds to wait before the next start */
  ended(): number {
    if (this.#now() - this.#startedAt >= HEALTHY_AFTER_MS) this.#waitMs = 0;
    const wait = this.#waitMs;
    this.#waitMs = Math.min(LONGEST_MS, wait === 0 ? FIRST_MS : wait * 2);
    return wait;
  }
}
