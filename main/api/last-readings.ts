import type { ReadResult } from "../sync/parse-jobs.ts";

const MOST = 8;
const LONGEST = 2_000_000;

/**
 * Readings that were just answered, for the frames that ask for the same message's page a moment later: then it need not be read and cleaned
 * a second time. Each is handed out once.
 */
export class LastReadings {
  readonly #kept = new Map<string, ReadResult>();

  /** @param key names the message's bytes and everything that the reading depends on */
  keep(key: string, reading: ReadResult): void {
    if (reading.html === null || reading.html.length > LONGEST) return;
    this.#kept.delete(key);
    this.#kept.set(key, reading);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST && oldest !== undefined) this.#kept.delete(oldest);
  }

  take(key: string): ReadResult | undefined {
    const found = this.#kept.get(key);
    this.#kept.delete(key);
    return found;
  }
}
