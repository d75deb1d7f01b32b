import { Worker } from "node:worker_threads";
import { Failure } from "../../shared/failure.ts";
import type { Log } from "../log.ts";
import type { DraftAnswer, DraftJob, DraftResults } from "./draft-jobs.ts";

type Waiting = { resolve(result: unknown): void; reject(error: Failure): void };

/**
 * Composing encodes attachments and waits for the disk, quoting parses: a thread of its own does both, so that the engine never
 * stands still. Started at the first job at the latest, and again after it died.
 */
export class DraftWorker {
  readonly #log: Log;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #next = 1;

  constructor(log: Log) {
    this.#log = log;
  }

  run<K extends DraftJob["kind"]>(job: Extract<DraftJob, { kind: K }>): Promise<DraftResults[K]> {
    const worker = this.#running();
    return new Promise((resolve, reject) => {
      const id = this.#next++;
      // The thread answers each kind of job with its own result.
      this.#waiting.set(id, { resolve: (result) => resolve(result as DraftResults[K]), reject });
      worker.postMessage({ id, job });
    });
  }

  /** Starts the thread, which takes a quarter of a second, before there is something to do. */
  warmUp(): void {
    this.#running();
  }

  #running(): Worker {
    this.#worker ??= this.#start();
    return this.#worker;
  }

  #start(): Worker {
    const worker = new Worker(new URL("./draft-thread.ts", import.meta.url));
    worker.unref();
    worker.on("message", (answer: DraftAnswer) => {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if ("failure" in answer) waiting?.reject(Failure.from(answer.failure));
      else waiting?.resolve(answer.result);
    });
    const died = (error: unknown): void => {
      if (this.#worker !== worker) return;
      this.#worker = null;
      this.#log.error("outbox.draft-thread-died", error);
      // The drafts are untouched; the user asks again.
      for (const { reject } of this.#waiting.values()) reject(new Failure("engine-restarted", { cause: error }));
      this.#waiting.clear();
    };
    worker.on("error", died);
    worker.on("exit", (code) => died(new Error(`the thread ended with ${code}`)));
    return worker;
  }

  async stop(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }
}
