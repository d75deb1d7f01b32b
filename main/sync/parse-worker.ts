import { Worker } from "node:worker_threads";
import type { Log } from "../log.ts";
import type { Answer, Batch, Numbered, ThreadData } from "./parse-jobs.ts";

export type WorkerOptions = {
  readonly threadUrl: URL;
  readonly blobDir: string;
  readonly memory: SharedArrayBuffer;
  readonly log: Log;
  readonly maxHeapMb: number;
  /** As long as this at one job, and the thread is ended. */
  readonly stuckMs: number;
  readonly answered: (answers: readonly Answer[]) => void;
  /** The thread is gone. `guilty` was being done when it died; `others` were waiting behind it or not yet answered. */
  readonly died: (guilty: Numbered | null, others: readonly Numbered[]) => void;
};

/** Looks at a thread within the time after which it counts as stuck: one that has slept with the computer is given another. */
const LOOKS = 3;

export function bytesOf({ job }: Numbered): number {
  if (job.kind !== "arrive") return 0;
  return job.bytes instanceof Uint8Array ? job.bytes.byteLength : job.bytes.sizeBytes;
}

/** Batches a thread has to have at hand so that it never waits for the next one, also while the engine is at a transaction of 25 ms. */
const MOST_BATCHES = 8;

/** One parser thread, started when the first batch comes and again after a death. */
export class ParseWorker {
  readonly #options: WorkerOptions;
  readonly #waiting = new Map<number, Numbered>();
  #batches = 0;
  #thread: Worker | null = null;
  #current = new Int32Array(new SharedArrayBuffer(4));
  #bytes = 0;
  #watch: NodeJS.Timeout | null = null;

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  get canTake(): boolean {
    return this.#batches < MOST_BATCHES;
  }

  get idle(): boolean {
    return this.#batches === 0;
  }

  /** Of what it has not answered yet; batches count for a little, so that an idle thread comes before a busy one. */
  get waitingBytes(): number {
    return this.#bytes + this.#batches;
  }

  /** Starts the thread before there is anything for it to do. */
  prepare(): void {
    this.#thread ??= this.#start();
  }

  /** What is kept here can be done again when the thread dies. */
  send(batch: Batch): void {
    this.#thread ??= this.#start();
    for (const entry of batch.jobs) {
      this.#waiting.set(entry.id, entry);
      this.#bytes += bytesOf(entry);
    }
    this.#batches++;
    // Work under way keeps the process up, an idle thread does not.
    this.#thread.ref();
    this.#thread.postMessage(batch);
    this.#watch ??= this.#watchOver(this.#thread);
  }

  /** No message may keep a thread for ever: those of other accounts wait behind it. */
  #watchOver(thread: Worker): NodeJS.Timeout {
    let at = 0;
    let looks = 0;
    const timer = setInterval(() => {
      const now = Atomics.load(this.#current, 0);
      looks = now !== 0 && now === at ? looks + 1 : 0;
      at = now;
      if (looks < LOOKS) return;
      clearInterval(timer);
      this.#options.log.warn("parse-thread-stuck", {});
      void thread.terminate();
    }, this.#options.stuckMs / LOOKS);
    timer.unref();
    return timer;
  }

  #unwatch(): void {
    if (this.#watch !== null) clearInterval(this.#watch);
    this.#watch = null;
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
      if (this.#batches === 0) {
        thread.unref();
        this.#unwatch();
      }
      for (const { id } of answers) {
        const entry = this.#waiting.get(id);
        if (entry !== undefined) this.#bytes -= bytesOf(entry);
        this.#waiting.delete(id);
      }
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
    this.#bytes = 0;
    this.#unwatch();
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
    this.#unwatch();
    await thread?.terminate();
  }
}
