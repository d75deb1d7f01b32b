import type { ReadResult } from "../sync/parse-jobs.ts";

const MOST = 24;
const LONGEST = 2_000_000;
/** Characters of all that is kept. */
const ALTOGETHER = 8_000_000;

/**
 * Readings of the messages that were opened or read ahead last: the frame that asks for a message's page a moment later, and whoever opens
 * it, need not wait until it is read and cleaned once more.
 */
export class LastReadings {
  readonly #kept = new Map<string, ReadResult>();
  #size = 0;

  /** @param key names the message's bytes and everything that the reading depends on */
  keep(key: string, reading: ReadResult): void {
    this.#forget(key);
    const size = sizeOf(reading);
    if (size > LONGEST) return;
    this.#kept.set(key, reading);
    this.#size += size;
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MOST && this.#size <= ALTOGETHER) break;
      this.#forget(oldest);
    }
  }

  find(key: string): ReadResult | undefined {
    const found = this.#kept.get(key);
    if (found === undefined) return undefined;
    // The order of the map is the order of use.
    this.#kept.delete(key);
    this.#kept.set(key, found);
    return found;
  }

  #forget(key: string): void {
    const found = this.#kept.get(key);
    if (found === undefined) return;
    this.#kept.delete(key);
    this.#size -= sizeOf(found);
  }
}

function sizeOf({ html, text }: ReadResult): number {
  return (html?.length ?? 0) + text.length;
}
