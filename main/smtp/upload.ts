import { Readable } from "node:stream";
import type { ByteSource } from "../line/byte-source.ts";

const PIECE_BYTES = 64 * 1024;

export type UploadHooks = {
  /** The server has answered 354: the first byte is asked for. */
  onStarted(): void;
  /** Bytes handed to the line so far. */
  onBytes(sent: number): void;
  /** Called before the last piece and the final dot; they leave only after it resolves. */
  release(): Promise<void>;
};

/**
 * The message on its way into DATA. Its last piece waits for `release()`, so that the caller can write down that the message
 * may be out before it can be. A small message is one piece, and waits whole.
 *
 * `released` tells the two halves apart: while it is false the server cannot have the end of the message, whatever happened.
 */
export class Upload extends Readable {
  released = false;
  #started = false;
  #offset = 0;
  readonly #source: ByteSource;
  readonly #hooks: UploadHooks;

  constructor(source: ByteSource, hooks: UploadHooks) {
    super({ highWaterMark: PIECE_BYTES });
    this.#source = source;
    this.#hooks = hooks;
  }

  get started(): boolean {
    return this.#started;
  }

  override _read(): void {
    if (!this.#started) {
      this.#started = true;
      this.#hooks.onStarted();
    }
    this.#next().catch((error: unknown) => {
      this.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  }

  async #next(): Promise<void> {
    const left = this.#source.sizeBytes - this.#offset;
    const last = left <= PIECE_BYTES;
    const piece = await this.#source.read(this.#offset, Math.min(left, PIECE_BYTES));
    if (last) await this.#hooks.release();
    // The connection may have died meanwhile; then nothing more leaves, and the message cannot have arrived.
    if (this.destroyed) return;
    this.#offset += piece.length;
    this.released = last;
    this.#hooks.onBytes(this.#offset);
    this.push(piece);
    if (last) this.push(null);
  }
}
