import { Worker } from "node:worker_threads";
import type { Log } from "../log.ts";
import type { Answer, Batch, Numbered, ThreadData } from "./parse-jobs.ts";

export type WorkerOptions = {
  readonly threadUrl: URL;
  readonly blobDir: string;
  readonly memory: SharedArrayBuffer;
  readonly log: Log;
  readonly maxHeapMb: number;
  readonly answered: (answers: readonly Answer[]) => void;
  /** The thread is gone. `guilty` was being done when it died; `others` were waiting behind it or not yet answered. */
  readonly died: (guilty: Numbered | null, others: readonly Numbered[]) => void;
};

/** Batches a thread has to have at hand so that it never waits for the next one. */
const MOST_BATCHES = 2;

/** One parser thread, started when the first batch comes and again after a death. */
export class ParseWorker {
  readonly #options: WorkerOptions;
  readonly #waiting = new Map<number, Numbered>();
  #batches = 0;
  #thread: Worker | null = null;
  #current = new Int32Array(new SharedArrayBuffer(4));

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  get canTake(): boolean {
    return this.#batches < MOST_BATCHES;
  }

  get idle(): boolean {
    return this.#batches === 0;
  }

  /** Starts the thread before there is anything for it to do. */
  prepare(): void {
    this.#thread ??= this.#start();
  }

  /** What is kept here can be done again when the thread dies. */
  send(batch: Batch): void {
    this.#thread ??= this.#start();
    for (const entry of batch.jobs) this.#waiting.set(entry.id, entry);
    this.#batches++;
    // Work under way keeps the process up, an idle thread does not.
    this.#thread.ref();
    this.#thread.postMessage(batch);
  }

  #start(): Worker {
    const current = new Int32Array(new SharedArrayBuffer(4));
    this.#current = current;
    const { blobDir, memory } = this.#options;
    const workerData: ThreadData = { blobDir, memory, current };
    const thread = new Worker(this.#options.threadUrl, {
      workerData,
      name: "parse",
      // Mail is read and forgotten: a large nursery would only hold on to memory.
      resourceLimits: { maxOldGenerationSizeMb: this.#options.maxHeapMb, maxYoungGenerationSizeMb: 16 },
    });
    thread.on("message", (answers: readonly Answer[]) => {
      this.#batches--;
      if (this.#batches === 0) thread.unref();
      for (const { id } of answers) this.#waiting.delete(id);
      this.#options.answered(answers);
    });
    thread.on("error", (error) => this.#options.log.error("parse-thread-failed", error));
    thread.on("exit", (code) => this.#exited(thread, code));
    thread.unref();
    return thread;
  }

  #exited(thread: Worker, code: number): void {
    if (this.#thread !== thread) return;
    this.#thread = null;
    this.#batches = 0;
    const guiltyId = Atomics.load(this.#current, 0);
    const lost = [...this.#waiting.values()];
    this.#waiting.clear();
    if (lost.length > 0) this.#options.log.warn("parse-thread-restarted", { code, lost: lost.length });
    this.#options.died(
      lost.find(({ id }) => id === guiltyId) ?? null,
      lost.filter(({ id }) => id !== guiltyId),
    );
  }

  async close(): Promise<void> {
    const thread = this.#thread;
    this.#thread = null;
    await thread?.terminate();
  }
}
