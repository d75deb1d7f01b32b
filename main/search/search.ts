import { Worker } from "node:worker_threads";
import { asFailure, Failure } from "../../shared/failure.ts";
import type { Log } from "../log.ts";
import type { IndexText } from "../mime/index-text.ts";
import { atOnce, breathe } from "../store/slices.ts";
import type { FindInput, Found } from "./finder.ts";
import type { FromSearchThread, SearchThreadData, ToSearchThread } from "./thread-messages.ts";

export type SearchProgress = { readonly indexed: number; readonly toIndex: number };

/** The engine's handle on the search thread. */
export interface Search {
  /** Text that a parse worker had at hand anyway; given away. The queue in the store stays what counts. */
  offer(texts: readonly { messageId: number; text: IndexText }[]): void;
  /** The queue has grown. */
  poke(): void;
  /** Every message is to be taken in (again). @returns when all of them are queued, or the search is closed */
  takeAllIn(): Promise<void>;
  find(input: FindInput): Promise<{ found: Found; tookMs: number }>;
  progress(): SearchProgress;
  close(): Promise<void>;
}

export type SearchOptions = SearchThreadData & {
  readonly log: Log;
  /** Entries of the store's queue that search.db now holds durably. */
  readonly onIndexed: (queueIds: readonly number[]) => void;
  /** Queues every message again, slice by slice. */
  readonly queueAll: () => Generator<void, void>;
  /** Messages that the index turned out to lack. */
  readonly onMissing: (messageIds: readonly number[]) => void;
  readonly onProgress: (progress: SearchProgress) => void;
  /** The index could not be written. */
  readonly onTrouble: (failure: Failure) => void;
  /** The thread starts then, or with the first search. */
  readonly startAfter: Promise<void>;
};

/** A thread that dies at once must not keep a processor busy with dying. */
const RESPAWN_MS = 1000;

/** Runs the search thread, and runs it again when it dies; searches under way then fail as `engine-restarted`. */
export function startSearch(options: SearchOptions): Search {
  return new SearchThread(options);
}

class SearchThread implements Search {
  readonly #options: SearchOptions;
  #worker: Worker | null = null;
  #nextId = 1;
  readonly #asked = new Map<number, { resolve: (value: { found: Found; tookMs: number }) => void; reject: (reason: Failure) => void }>();
  #progress: SearchProgress = { indexed: 0, toIndex: 0 };
  /** Messages are being queued, all of them. */
  #queueing: Generator<void, void> | null = null;
  #closing = false;
  #broken = false;

  constructor(options: SearchOptions) {
    this.#options = options;
    void options.startAfter.then(() => this.#started());
  }

  offer(texts: readonly { messageId: number; text: IndexText }[]): void {
    const message: ToSearchThread = { kind: "offer", texts };
    this.#started()?.postMessage(
      message,
      texts.map(({ text }) => text.bytes.buffer),
    );
  }

  poke(): void {
    // Once it has started it looks by itself.
    this.#worker?.postMessage({ kind: "poke" } satisfies ToSearchThread);
  }

  async takeAllIn(): Promise<void> {
    const queueing = this.#options.queueAll();
    this.#queueing = queueing;
    // Whoever asks again meanwhile begins anew, and this one is over.
    while (this.#queueing === queueing) {
      if (queueing.next().done === true) this.#queueing = null;
      this.poke();
      await breathe();
    }
  }

  find(input: FindInput): Promise<{ found: Found; tookMs: number }> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
      this.#started()?.postMessage({ kind: "find", id, input } satisfies ToSearchThread);
    });
  }

  progress(): SearchProgress {
    return this.#progress;
  }

  async close(): Promise<void> {
    this.#closing = true;
    // Nobody would miss what is not queued after an end in order.
    if (this.#queueing !== null) atOnce(this.#queueing);
    this.#queueing = null;
    const worker = this.#worker;
    if (worker === null) return;
    const ended = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
    worker.postMessage({ kind: "close" } satisfies ToSearchThread);
    await ended;
  }

  #started(): Worker | null {
    if (!this.#closing) this.#worker ??= this.#spawn();
    return this.#worker;
  }

  #spawn(): Worker {
    const { indexFile, storeFile, blobDir, likelyCharsets, log } = this.#options;
    // A thread that broke down left its last transaction behind.
    const workerData: SearchThreadData = { indexFile, storeFile, blobDir, likelyCharsets, compare: this.#options.compare || this.#broken };
    const worker = new Worker(new URL("./search-thread.ts", import.meta.url), {
      workerData,
      name: "search",
      resourceLimits: { maxYoungGenerationSizeMb: 16 },
    });
    worker.on("message", (message: FromSearchThread) => this.#take(message));
    worker.on("error", (error) => {
      this.#broken = true;
      log.error("search-thread-failed", error);
    });
    worker.on("exit", () => {
      for (const { reject } of this.#asked.values()) reject(new Failure("engine-restarted"));
      this.#asked.clear();
      if (!this.#closing) setTimeout(() => this.#respawn(), RESPAWN_MS);
    });
    return worker;
  }

  #respawn(): void {
    if (!this.#closing) this.#worker = this.#spawn();
  }

  #take(message: FromSearchThread): void {
    switch (message.kind) {
      case "ready":
        this.#report({ indexed: message.indexed, toIndex: 0 });
        if (message.fresh) void this.takeAllIn().catch((error: unknown) => this.#options.onTrouble(asFailure(error)));
        else this.poke();
        break;
      case "missing":
        this.#options.onMissing(message.messageIds);
        this.poke();
        break;
      case "indexed":
        this.#options.onIndexed(message.queueIds);
        this.#report({ indexed: message.indexed, toIndex: message.waiting });
        break;
      case "found":
        this.#asked.get(message.id)?.resolve({ found: message.found, tookMs: message.tookMs });
        this.#asked.delete(message.id);
        break;
      case "failed":
        this.#asked.get(message.id)?.reject(Failure.from(message.failure));
        this.#asked.delete(message.id);
        break;
      case "trouble":
        this.#options.log.warn("search-thread-trouble", { code: message.failure.code });
        this.#options.onTrouble(Failure.from(message.failure));
        break;
    }
  }

  #report(progress: SearchProgress): void {
    this.#progress = progress;
    this.#options.onProgress(progress);
  }
}
