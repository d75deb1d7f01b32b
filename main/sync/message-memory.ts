/** Where a message lies in the memory that all parse threads see. */
export type MemoryPlace = { readonly at: number; readonly sizeBytes: number };

const ALIGNED = 64;

/**
 * Memory that several threads see, for messages on their way from the line to the parse threads: written by the one, read by the other,
 * never copied in between, and nothing for the collector to clear away.
 */
export class MessageMemory {
  readonly buffer: SharedArrayBuffer;
  /** Unused stretches, by where they begin; neighbours are joined. */
  readonly #free: { at: number; size: number }[];
  readonly #dropped = new FinalizationRegistry((place: MemoryPlace) => this.giveBack(place));

  constructor(sizeBytes: number) {
    this.buffer = new SharedArrayBuffer(sizeBytes);
    this.#free = [{ at: 0, size: sizeBytes }];
  }

  /** Memory of that length; what was in it before may still be. Memory of its own where there is no room. */
  take(sizeBytes: number): Uint8Array {
    const size = rounded(sizeBytes);
    const index = this.#free.findIndex((stretch) => stretch.size >= size);
    const stretch = this.#free[index];
    if (stretch === undefined) return new Uint8Array(sizeBytes);
    const { at } = stretch;
    if (stretch.size === size) this.#free.splice(index, 1);
    else {
      stretch.at += size;
      stretch.size -= size;
    }
    const bytes = new Uint8Array(this.buffer, at, sizeBytes);
    this.#dropped.register(bytes, { at, sizeBytes }, bytes);
    return bytes;
  }

  /**
   * The place of bytes that `take` gave: from now on it is the caller's, to be given back. Null for other memory. What nobody claims comes back by
   * itself: an answer that was broken off, a message that nobody had asked for.
   */
  claim(bytes: Uint8Array): MemoryPlace | null {
    if (bytes.buffer !== this.buffer) return null;
    this.#dropped.unregister(bytes);
    return { at: bytes.byteOffset, sizeBytes: bytes.byteLength };
  }

  giveBack({ at, sizeBytes }: MemoryPlace): void {
    const size = rounded(sizeBytes);
    const next = this.#free.findIndex((stretch) => stretch.at > at);
    const index = next === -1 ? this.#free.length : next;
    const before = this.#free[index - 1];
    const after = this.#free[index];
    const joinsBefore = before !== undefined && before.at + before.size === at;
    const joinsAfter = after !== undefined && at + size === after.at;
    if (joinsBefore) {
      before.size += size + (joinsAfter ? after.size : 0);
      if (joinsAfter) this.#free.splice(index, 1);
    } else if (joinsAfter) {
      after.at = at;
      after.size += size;
    } else this.#free.splice(index, 0, { at, size });
  }
}

function rounded(sizeBytes: number): number {
  return Math.max(ALIGNED, Math.ceil(sizeBytes / ALIGNED) * ALIGNED);
}
