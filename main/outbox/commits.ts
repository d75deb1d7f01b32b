import type { Database, Writer } from "../store/database.ts";

/** A millisecond or two cost one message nothing, and let five connections share one write. */
const LEAST_GROUP_MS = 2;
/** On a slow disk company is worth as long a wait as the write itself takes, up to this. */
const MOST_GROUP_MS = 20;

type Waiting = { run(tx: Writer): void; done(): void; failed(error: unknown): void };

/**
 * Durable transactions, shared by all that ask in the same turn of the loop: one write to the disk for five connections that
 * finish together. Each promise resolves only once its work is on disk.
 */
export class Commits {
  readonly #db: Database;
  #waiting: Waiting[] = [];
  #flushedAt = Number.NEGATIVE_INFINITY;
  /** How long writes to this disk take of late. */
  #tookMs = 0;

  constructor(db: Database) {
    this.#db = db;
  }

  durably<T>(work: (tx: Writer) => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let result: { value: T } | undefined;
      this.#waiting.push({
        run: (tx) => {
          result = { value: work(tx) };
        },
        done: () => {
          if (result) resolve(result.value);
        },
        failed: reject,
      });
      if (this.#waiting.length === 1) this.#plan();
    });
  }

  /** The first goes at once; while they follow each other closely, they wait for company. */
  #plan(): void {
    const idleMs = performance.now() - this.#flushedAt;
    const groupMs = Math.min(MOST_GROUP_MS, Math.max(LEAST_GROUP_MS, this.#tookMs));
    if (idleMs > groupMs) setImmediate(() => this.#flush());
    else setTimeout(() => this.#flush(), groupMs);
  }

  #flush(): void {
    const group = this.#waiting;
    this.#waiting = [];
    const began = performance.now();
    try {
      this.#db.writeDurably((tx) => {
        for (const one of group) one.run(tx);
      });
    } catch (error) {
      // One of them may have spoiled it for all: each on its own, so that only that one fails.
      if (group.length > 1) for (const one of group) this.#alone(one);
      else group[0]?.failed(error);
      return;
    }
    this.#flushedAt = performance.now();
    this.#tookMs += (this.#flushedAt - began - this.#tookMs) / 4;
    for (const one of group) one.done();
  }

  #alone(one: Waiting): void {
    try {
      this.#db.writeDurably((tx) => one.run(tx));
      one.done();
    } catch (error) {
      one.failed(error);
    }
  }
}
