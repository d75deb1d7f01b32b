import { statSync } from "node:fs";
import { dirname } from "node:path";
import { Worker } from "node:worker_threads";

/** A log below this is left to grow. */
const WORTH_IT_BYTES = 16 * 1024 * 1024;
const CALM_MS = 1000;
/** The spare copy may be this much older than what it is a copy of, and that of what others did to mail as much. */
const SPARE_AFTER_MS = 5000;
const MAIL_AFTER_MS = 60_000;
/** Of a large store the copy takes seconds to be held against: it may have one of so many. */
const MAIL_SHARE = 20;

/** What the thread is to do. */
export type StoreChore = "checkpoint" | "spare" | "spare-mail";
export type StoreFiles = { readonly file: string; readonly profileDir: string };

/**
 * Brings what was committed from the write-ahead log into the database file, from a thread of its own: that waits for the disk, and the
 * thread that writes must not. (SQLite would do it inside some COMMIT.) Keeps the spare copy as well. The thread is started when there is
 * something to do.
 */
export class Checkpoints {
  readonly #file: string;
  readonly #onError: (error: unknown) => void;
  #thread: Worker | null = null;
  #timer: NodeJS.Timeout | null = null;
  #spareTimer: NodeJS.Timeout | null = null;
  #mailTimer: { readonly timer: NodeJS.Timeout; readonly soon: boolean } | null = null;
  #mailTookMs = 0;
  #closed = false;

  constructor(file: string, onError: (error: unknown) => void) {
    this.#file = file;
    this.#onError = onError;
  }

  /** There was a commit. */
  committed(): void {
    this.mailWanted(false);
    if (this.#timer !== null || this.#closed) return;
    this.#timer = setTimeout(() => this.#look(), CALM_MS);
    this.#timer.unref();
  }

  /** What is kept twice has changed. */
  spareWanted(): void {
    if (this.#spareTimer !== null || this.#closed) return;
    this.#spareTimer = setTimeout(() => {
      this.#spareTimer = null;
      this.#ask("spare");
    }, SPARE_AFTER_MS);
    this.#spareTimer.unref();
  }

  /** What hangs on mail may have changed. `soon`: the user did it. */
  mailWanted(soon: boolean): void {
    if (this.#closed || this.#mailTimer?.soon === true || (this.#mailTimer !== null && !soon)) return;
    if (this.#mailTimer !== null) clearTimeout(this.#mailTimer.timer);
    const look = (): void => {
      this.#mailTimer = null;
      this.#ask("spare-mail");
    };
    const timer = setTimeout(look, Math.max(soon ? SPARE_AFTER_MS : MAIL_AFTER_MS, this.#mailTookMs * MAIL_SHARE));
    timer.unref();
    this.#mailTimer = { timer, soon };
  }

  /** @returns which copies are owed */
  close(): { readonly spare: boolean; readonly mail: boolean } {
    this.#closed = true;
    const [spare, mail] = [this.#spareTimer, this.#mailTimer];
    for (const timer of [this.#timer, spare, mail?.timer]) clearTimeout(timer ?? undefined);
    void this.#thread?.terminate();
    return { spare: spare !== null, mail: mail !== null };
  }

  #look(): void {
    this.#timer = null;
    const log = statSync(`${this.#file}-wal`, { throwIfNoEntry: false });
    if (log === undefined || log.size < WORTH_IT_BYTES) return;
    this.#ask("checkpoint");
  }

  #ask(chore: StoreChore): void {
    this.#thread ??= this.#start();
    this.#thread.postMessage(chore);
  }

  #start(): Worker {
    const thread = new Worker(new URL("./checkpoint-thread.ts", import.meta.url), {
      workerData: { file: this.#file, profileDir: dirname(this.#file) } satisfies StoreFiles,
      name: "checkpoints",
      resourceLimits: { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 64 },
    });
    thread.unref();
    thread.on("message", (tookMs: number) => {
      this.#mailTookMs = tookMs;
    });
    thread.on("error", (error) => {
      this.#thread = null;
      this.#onError(error);
    });
    return thread;
  }
}
