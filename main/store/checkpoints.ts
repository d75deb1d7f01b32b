import { statSync } from "node:fs";
import { dirname } from "node:path";
import { Worker } from "node:worker_threads";

/** A log below this is left to grow, and one that was begun anew is cut down to it: what is longer is as long as its file. */
export const WORTH_IT_BYTES = 16 * 1024 * 1024;
/** From here on bulk sees to it that the log comes to an end. */
const LONG_BYTES = 32 * 1024 * 1024;
const CALM_MS = 1000;
/** The spare copy may be this much older than what it is a copy of, and that of what others did to mail as much. */
const SPARE_AFTER_MS = 5000;
const MAIL_AFTER_MS = 60_000;
/** Of a large store the copy takes seconds to be held against: it may have one of so many. */
const MAIL_SHARE = 20;

/** What the thread is to do. */
export type StoreChore = "checkpoint" | "spare" | "spare-mail";
export type ChoreDone = { readonly chore: StoreChore; readonly tookMs: number };
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
  /** The thread is bringing over what is in the log. */
  #pass: PromiseWithResolvers<void> | null = null;
  /** Of a long log most has been brought over. */
  #nearly = false;

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

  /**
   * For those who write much: what to wait for before the next commit; undefined while there is nothing. The log begins anew only with a commit that finds all of it in the
   * file. With commit upon commit that never happens, and the log would grow until SQLite brings it over inside one of them.
   */
  room(): Promise<void> | undefined {
    if (this.#closed || this.#logBytes() < LONG_BYTES) {
      this.#nearly = false;
      return undefined;
    }
    if (this.#pass !== null) return this.#nearly ? this.#pass.promise : undefined;
    const { promise } = this.#checkpoint();
    // The rest of it takes a moment, in which nothing is written.
    if (this.#nearly) return promise;
    void promise.then(() => {
      this.#nearly = true;
    });
    return undefined;
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
    this.#passed();
    return { spare: spare !== null, mail: mail !== null };
  }

  #look(): void {
    this.#timer = null;
    if (this.#pass === null && this.#logBytes() >= WORTH_IT_BYTES) this.#checkpoint();
  }

  #logBytes(): number {
    return statSync(`${this.#file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  }

  #checkpoint(): PromiseWithResolvers<void> {
    const pass = Promise.withResolvers<void>();
    this.#pass = pass;
    this.#ask("checkpoint");
    return pass;
  }

  #passed(): void {
    this.#pass?.resolve();
    this.#pass = null;
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
    thread.on("message", ({ chore, tookMs }: ChoreDone) => {
      if (chore === "checkpoint") this.#passed();
      else if (chore === "spare-mail") this.#mailTookMs = tookMs;
    });
    thread.on("error", (error) => {
      this.#thread = null;
      // Nobody waits for one that is gone.
      this.#passed();
      this.#onError(error);
    });
    return thread;
  }
}
