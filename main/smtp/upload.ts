import { Readable } from "node:stream";
import type { ByteSource } from "../line/byte-source.ts";
import type { UploadLimit } from "../line/upload-limit.ts";

const PIECE_BYTES = 64 * 1024;

export type UploadHooks = {
  /** The server has answered 354: the first byte is asked for. */
  onStarted(): void;
  /** Bytes handed to the line so far. */
  onBytes(sent: number): void;
  /** The next piece waits for the user's own limit, and not for the server; false: it goes on. */
  onPaced(waits: boolean): void;
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
  readonly #limit: UploadLimit | undefined;
  readonly #gone = new AbortController();

  constructor(source: ByteSource, hooks: UploadHooks, limit?: UploadLimit) {
    super({ highWaterMark: PIECE_BYTES });
    this.#source = source;
    this.#hooks = hooks;
    this.#limit = limit;
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

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#gone.abort();
    done(error);
  }

  async #next(): Promise<void> {
    const left = this.#source.sizeBytes - this.#offset;
    const most = this.#limit?.pieceBytes(PIECE_BYTES) ?? PIECE_BYTES;
    const last = left <= most;
    const piece = await this.#source.read(this.#offset, Math.min(left, most));
    // Before it is released: what waits here can still be taken back.
    await this.#pace(piece.length);
    if (this.destroyed) return;
    if (last) await this.#hooks.release();
    // The connection may have died meanwhile; then nothing more leaves, and the message cannot have arrived.
    if (this.destroyed) return;
    this.#offset += piece.length;
    this.released = last;
    this.#hooks.onBytes(this.#offset);
    this.push(piece);
    if (last) this.push(null);
  }

  async #pace(bytes: number): Promise<void> {
    const wait = this.#limit?.take(bytes, this.#gone.signal) ?? null;
    if (wait === null) return;
    this.#hooks.onPaced(true);
    await wait;
    if (!this.destroyed) this.#hooks.onPaced(false);
  }
}
