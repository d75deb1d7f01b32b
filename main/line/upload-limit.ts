import { FULL_BUCKET, pieceBytes, takeBytes } from "../plan/upload-bucket.ts";
import type { ByteSource } from "./byte-source.ts";

export type UploadLimitNeeds = {
  readonly clock: () => number;
  readonly timers: {
    /** Runs `work` once after `ms`; the answer takes it back. */
    after(ms: number, work: () => void): () => void;
  };
  /** Bytes a second over all lines together; null = as fast as they are. */
  readonly bytesASecond: () => number | null;
};

type Waiting = { readonly bytes: number; readonly go: () => void };

/** What leaves over all lines together, at the pace that the user has set. Pieces go in the order in which they were asked for. */
export class UploadLimit {
  readonly #needs: UploadLimitNeeds;
  readonly #waiting: Waiting[] = [];
  #bytesASecond: number | null;
  #bucket = FULL_BUCKET;
  #cancel = (): void => {};

  constructor(needs: UploadLimitNeeds) {
    this.#needs = needs;
    this.#bytesASecond = needs.bytesASecond();
  }

  /** The setting may have changed: whoever waits goes on by the new one. */
  changed(): void {
    const next = this.#needs.bytesASecond();
    if (next === this.#bytesASecond) return;
    this.#bytesASecond = next;
    this.#serve();
  }

  /** The piece to ask for at a time, at most `most`. */
  pieceBytes(most: number): number {
    return pieceBytes(this.#bytesASecond, most);
  }

  /** Null when they may leave now; else resolves when they may, or when nobody wants them any more. */
  take(bytes: number, signal?: AbortSignal): Promise<void> | null {
    if (this.#waiting.length === 0 && this.#takeNow(bytes) === 0) return null;
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiting = { bytes, go: resolve };
    this.#waiting.push(waiting);
    const leave = (): void => {
      const at = this.#waiting.indexOf(waiting);
      if (at < 0) return;
      this.#waiting.splice(at, 1);
      resolve();
      this.#serve();
    };
    signal?.addEventListener("abort", leave, { once: true });
    this.#serve();
    return promise.finally(() => signal?.removeEventListener("abort", leave));
  }

  /** The same bytes, read no faster than they may leave. */
  paced(source: ByteSource): ByteSource {
    return {
      sizeBytes: source.sizeBytes,
      read: async (offset, length, into) => {
        await this.take(length);
        return await source.read(offset, length, into);
      },
    };
  }

  /** @returns how long they have to wait, ms */
  #takeNow(bytes: number): number {
    const taken = takeBytes(this.#bucket, bytes, this.#bytesASecond, this.#needs.clock());
    if (taken.kind === "wait") return taken.waitMs;
    this.#bucket = taken.bucket;
    return 0;
  }

  #serve(): void {
    this.#cancel();
    this.#cancel = () => {};
    for (let [first] = this.#waiting; first !== undefined; [first] = this.#waiting) {
      const waitMs = this.#takeNow(first.bytes);
      if (waitMs > 0) {
        this.#cancel = this.#needs.timers.after(waitMs, () => this.#serve());
        return;
      }
      this.#waiting.shift();
      first.go();
    }
  }
}
