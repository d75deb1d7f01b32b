import { Worker } from "node:worker_threads";
import type { PdfAnswer, PdfJob } from "./pdf-thread.ts";

/** One document may take so long; then its thread is ended. */
const LONGEST_MS = 15_000;
const MOST_HEAP_MB = 256;
/** The library takes some 60 MB: the thread goes when it has had nothing to do for some time. */
const IDLE_MS = 30_000;

export type PdfReaderOptions = { readonly threadUrl?: URL; readonly longestMs?: number };

/** Takes the words out of PDF documents, one after the other, in a thread that is ended when one asks too much of it. */
export class PdfReader {
  readonly #threadUrl: URL;
  readonly #longestMs: number;
  #thread: Worker | null = null;
  #idle: NodeJS.Timeout | null = null;
  #lastId = 0;

  constructor({ threadUrl, longestMs }: PdfReaderOptions = {}) {
    this.#threadUrl = threadUrl ?? new URL("./pdf-thread.ts", import.meta.url);
    this.#longestMs = longestMs ?? LONGEST_MS;
  }

  /** Not to be called again before it has resolved. @returns "" for a document that cannot be read within the bounds */
  read(bytes: Uint8Array): Promise<string> {
    if (this.#idle !== null) clearTimeout(this.#idle);
    const thread = this.#thread ?? this.#start();
    this.#thread = thread;
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      const done = (text: string): void => {
        clearTimeout(timer);
        thread.off("message", heard);
        thread.off("error", lost);
        thread.off("exit", lost);
        this.#idle = setTimeout(() => void this.close(), IDLE_MS).unref();
        resolve(text);
      };
      const heard = (answer: PdfAnswer): void => {
        if (answer.id === id) done(answer.text);
      };
      const lost = (): void => {
        if (this.#thread === thread) this.#thread = null;
        void thread.terminate();
        done("");
      };
      const timer = setTimeout(lost, this.#longestMs);
      thread.on("message", heard).on("error", lost).on("exit", lost);
      thread.postMessage({ id, bytes } satisfies PdfJob);
    });
  }

  async close(): Promise<void> {
    if (this.#idle !== null) clearTimeout(this.#idle);
    const thread = this.#thread;
    this.#thread = null;
    await thread?.terminate();
  }

  #start(): Worker {
    const thread = new Worker(this.#threadUrl, {
      name: "pdf",
      resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MB, maxYoungGenerationSizeMb: 16 },
    });
    // It holds nothing that is worth waiting for at the end.
    thread.unref();
    return thread;
  }
}
