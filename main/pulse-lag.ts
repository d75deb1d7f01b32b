import { getHeapStatistics } from "node:v8";
import { type Durations, withDuration } from "../shared/durations.ts";

/** One time in which a thread did not listen. */
export type Pause = { /** ms since the recording began. */ readonly atMs: number; readonly ms: number };

/** How a thread listened and what it held while it was recorded. */
export type Lag = {
  readonly pauses: Durations;
  readonly mostMs: number;
  /** The longest, in the order in which they happened. */
  readonly longest: readonly Pause[];
  /** Bytes; `outside`: what its objects hold outside of the heap, such as buffers, at the end. */
  readonly memory: {
    readonly beganBytes: number;
    readonly mostBytes: number;
    readonly endedBytes: number;
    readonly outsideBytes: number;
    readonly limitBytes: number;
  };
};

const LOOK_EVERY_MS = 10;
const MEASURE_EVERY = 50;
const LONGEST_KEPT = 12;
/** Less than this nobody feels. */
const TOLD_FROM_MS = 20;

/** Looks at the clock a hundred times a second, and notes by how much each look came too late, and when. For a recording only: it keeps the processor awake. */
export class LagMeter {
  readonly #began = performance.now();
  readonly #timer: NodeJS.Timeout;
  readonly #beganBytes = getHeapStatistics().used_heap_size;
  #looks = 0;
  #lookedAt = this.#began;
  #pauses: Durations = [];
  #longest: Pause[] = [];
  #mostMs = 0;
  #mostBytes = this.#beganBytes;

  constructor() {
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS).unref();
  }

  /** Ends it. */
  stop(): Lag {
    clearInterval(this.#timer);
    this.#look();
    const { used_heap_size, external_memory, heap_size_limit } = getHeapStatistics();
    return {
      pauses: this.#pauses,
      mostMs: this.#mostMs,
      longest: this.#longest.toSorted((one, other) => one.atMs - other.atMs),
      memory: {
        beganBytes: this.#beganBytes,
        mostBytes: Math.max(this.#mostBytes, used_heap_size),
        endedBytes: used_heap_size,
        outsideBytes: external_memory,
        limitBytes: heap_size_limit,
      },
    };
  }

  #look(): void {
    const now = performance.now();
    const late = Math.max(0, now - this.#lookedAt - LOOK_EVERY_MS);
    this.#pauses = withDuration(this.#pauses, late);
    this.#mostMs = Math.max(this.#mostMs, late);
    if (late >= TOLD_FROM_MS) this.#note({ atMs: Math.round(now - late - this.#began), ms: Math.round(late) });
    this.#lookedAt = now;
    this.#looks += 1;
    if (this.#looks % MEASURE_EVERY === 0) this.#mostBytes = Math.max(this.#mostBytes, getHeapStatistics().used_heap_size);
  }

  #note(pause: Pause): void {
    this.#longest.push(pause);
    if (this.#longest.length <= LONGEST_KEPT) return;
    const least = Math.min(...this.#longest.map(({ ms }) => ms));
    this.#longest.splice(
      this.#longest.findIndex(({ ms }) => ms === least),
      1,
    );
  }
}
