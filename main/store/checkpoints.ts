import { statSync } from "node:fs";
import { Worker } from "node:worker_threads";

/** A log below this is left to grow. */
const WORTH_IT_BYTES = 16 * 1024 * 1024;
const CALM_MS = 1000;

/**
 * Brings what was committed from the write-ahead log into the database file, from a thread of its own: that waits for the disk, and the
 * thread that writes must not. (SQLite would do it inside some COMMIT.) The thread is started when there is something to do.
 */
export class Checkpoints {
  readonly #file: string;
  readonly #onError: (error: unknown) => void;
  #thread: Worker | null = null;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(file: string, onError: (error: unknown) => void) {
    this.#file = file;
    this.#onError = onError;
  }

  /** There was a commit. */
  committed(): void {
    if (this.#timer !== null || this.#closed) return;
    this.#timer = setTimeout(() => this.#look(), CALM_MS);
    this.#timer.unref();
  }

  close(): void {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    void this.#thread?.terminate();
  }

  #look(): void {
    this.#timer = null;
    const log = statSync(`${this.#file}-wal`, { throwIfNoEntry: false });
    if (log === undefined || log.size < WORTH_IT_BYTES) return;
    this.#thread ??= this.#start();
    this.#thread.postMessage("checkpoint");
  }

  #start(): Worker {
    const thread = new Worker(new URL("./checkpoint-thread.ts", import.meta.url), {
      workerData: this.#file,
      name: "checkpoints",
      resourceLimits: { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 64 },
    });
    thread.unref();
    thread.on("error", (error) => {
      this.#thread = null;
      this.#onError(error);
    });
    return thread;
  }
}
