import type { Database, Writer } from "../store/database.ts";

/** A millisecond or two cost one message nothing, and let five connections share one write. */
const LEAST_GROUP_MS = 2;
/** On a slow disk company is worth as long a wait as the write itself takes, up to this. */
const MOST_GROUP_MS = 20;

type Waiting = { run(tx: Writer): void; done(): void; failed(error: unknown): void };

/**
 * Durable transactions, shared by all that ask while the disk is busy with the ones before: one write for five connections that
 * finish together. Each promise resolves only once its work is on disk; the thread does not stand still for that.
 */
export class Commits {
  readonly #db: Database;
  #waiting: Waiting[] = [];
  #syncing = false;
  #flushedAt = Number.NEGATIVE_INFINITY;
  /** How long writes to this disk take of late. */
  #tookMs = 0;
  /** Lines on which a message is under way, and those of them that stand still for what waits to be written. */
  #lines = 0;
  #standing = 0;
  #cancel = (): void => {};

  constructor(db: Database) {
    this.#db = db;
  }

  /** A line begins to carry a message, of which something will have to be written before its end may leave. */
  lineBegins(): void {
    this.#lines += 1;
  }

  lineEnds(): void {
    this.#lines -= 1;
    this.#hurry();
  }

  /** As `durably`, for a line that stands still meanwhile. When all do, there is no more company to wait for. */
  releases<T>(work: (tx: Writer) => T): Promise<T> {
    this.#standing += 1;
    const written = this.durably(work);
    this.#hurry();
    return written;
  }

  #hurry(): void {
    if (this.#syncing || this.#waiting.length === 0 || this.#standing < this.#lines) return;
    this.#cancel();
    this.#soon();
  }

  #soon(): void {
    const planned = setImmediate(() => this.#flush());
    this.#cancel = () => clearImmediate(planned);
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
      if (this.#waiting.length === 1 && !this.#syncing) this.#plan();
    });
  }

  /** The first goes at once; while they follow each other closely, they wait for company. */
  #plan(): void {
    const idleMs = performance.now() - this.#flushedAt;
    const groupMs = Math.min(MOST_GROUP_MS, Math.max(LEAST_GROUP_MS, this.#tookMs));
    if (idleMs > groupMs || (this.#lines > 0 && this.#standing >= this.#lines)) {
      this.#soon();
      return;
    }
    const planned = setTimeout(() => this.#flush(), groupMs);
    this.#cancel = () => clearTimeout(planned);
  }

  #flush(): void {
    const group = this.#waiting;
    this.#waiting = [];
    this.#standing = 0;
    try {
      this.#db.write((tx) => {
        for (const one of group) one.run(tx);
      });
    } catch (error) {
      // One of them may have spoiled it for all: each on its own, so that only that one fails.
      if (group.length > 1) for (const one of group) this.#alone(one);
      else group[0]?.failed(error);
      return;
    }
    void this.#settle(group);
  }

  async #settle(group: readonly Waiting[]): Promise<void> {
    this.#syncing = true;
    const began = performance.now();
    try {
      await this.#db.synced();
      for (const one of group) one.done();
    } catch (error) {
      // Committed it is, and perhaps not on disk: nobody may act on it.
      for (const one of group) one.failed(error);
    }
    this.#syncing = false;
    this.#flushedAt = performance.now();
    this.#tookMs += (this.#flushedAt - began - this.#tookMs) / 4;
    if (this.#waiting.length > 0) this.#plan();
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
