import { appendFileSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import { join } from "node:path";

const FLUSH_AFTER_MS = 200;

/**
 * The log in files of a folder: `satchel.log` is the newest, `satchel.1.log` the one before. Lines are gathered and written behind the
 * caller's back; a disk that refuses them loses log lines and nothing else.
 */
export class LogFiles {
  readonly #folder: string;
  readonly #maxBytes: number;
  readonly #keep: number;
  #waiting: string[] = [];
  #sizeBytes: number;
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(folder: string, options: { maxBytes?: number; keep?: number } = {}) {
    this.#folder = folder;
    this.#maxBytes = options.maxBytes ?? 2 * 1024 * 1024;
    this.#keep = options.keep ?? 5;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#sizeBytes = existsSync(this.#file(0)) ? statSync(this.#file(0)).size : 0;
  }

  readonly push = (line: string): void => {
    this.#waiting.push(line);
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_AFTER_MS).unref();
  };

  /** Writes what waits; settles when it is in the file. */
  flush(): Promise<void> {
    const text = this.#take();
    if (text === "") return this.#writing;
    this.#writing = this.#writing.then(async () => {
      try {
        this.#rotate(Buffer.byteLength(text));
        await appendFile(this.#file(0), text, { mode: 0o600 });
      } catch (error) {
        this.#complain(error);
      }
    });
    return this.#writing;
  }

  /** For the last moments of a process: writes without waiting. */
  flushNow(): void {
    const text = this.#take();
    if (text === "") return;
    try {
      appendFileSync(this.#file(0), text, { mode: 0o600 });
    } catch (error) {
      this.#complain(error);
    }
  }

  #take(): string {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const text = this.#waiting.map((line) => `${line}\n`).join("");
    this.#waiting = [];
    return text;
  }

  #rotate(comingBytes: number): void {
    if (this.#sizeBytes + comingBytes > this.#maxBytes && this.#sizeBytes > 0) {
      rmSync(this.#file(this.#keep - 1), { force: true });
      for (let age = this.#keep - 2; age >= 0; age -= 1) {
        if (existsSync(this.#file(age))) renameSync(this.#file(age), this.#file(age + 1));
      }
      this.#sizeBytes = 0;
    }
    this.#sizeBytes += comingBytes;
  }

  #file(age: number): string {
    return join(this.#folder, age === 0 ? "satchel.log" : `satchel.${age}.log`);
  }

  #complained = false;
  #complain(error: unknown): void {
    if (this.#complained) return;
    this.#complained = true;
    process.stderr.write(`The log cannot be written: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}
