import { randomBytes } from "node:crypto";
import type { Readable, Writable } from "node:stream";
import { type RowItems, readRow } from "./message-row.ts";

/** Bytes of messages held here at which the line is left alone until somebody has taken some. */
const HELD_AT_MOST = 2 * 1024 * 1024;
/** A line longer than this is passed on before its end is seen. */
const LINE_AT_MOST = 64 * 1024;
/** What the answers to one command may say of messages, without their bytes: a server that tells of the same ones without end is cut off. */
const TOLD_AT_MOST = 512 * 1024 * 1024;
const LF = 0x0a;

/** A message that came, and what was said of it. */
export type TappedRow = RowItems & { readonly bytes: Uint8Array };
/** While the promise is open, nothing more is read from the line. */
export type OnTappedRow = (row: TappedRow) => void | Promise<void>;

type State =
  | { readonly kind: "line" }
  /** Bytes of a literal that the library is to see. */
  | { readonly kind: "pass"; left: number }
  /** Bytes of a message, on their way into `bytes`. */
  | { readonly kind: "take"; readonly key: string; readonly bytes: Uint8Array; readonly into: Buffer; filled: number };

const LINE: State = { kind: "line" };

/**
 * Takes whole messages out of the line before the library sees them. An answer that says what nearly all of them say is handed over at once, and the library
 * never hears of it; of any other it reads `BODY[] "key"` instead of `BODY[] {57123}` and 57,123 bytes, and the key gets the bytes here.
 *
 * The library gathers the pieces of a literal and joins them into a new buffer of their own, and takes each answer through a reader of everything that IMAP may
 * say and half a dozen promises; for a mailbox of a gigabyte that and the clearing away cost as much as the store. Here each byte is copied once, into
 * memory that the caller chose.
 */
export class LiteralTap {
  readonly #socket: Readable;
  readonly #library: Writable;
  readonly #allocate: (sizeBytes: number) => Uint8Array;
  readonly #largest: number;
  // Nobody can put a message into somebody else's place by writing a key.
  readonly #secret = randomBytes(12).toString("hex");
  readonly #held = new Map<string, Uint8Array>();
  #heldBytes = 0;
  #count = 0;
  #taken = 0;
  #told = 0;
  #toldBefore = 0;
  #open = false;
  #state: State = LINE;
  /** What of the line has come and was not passed on, a character for each byte. */
  #line = "";
  /** The message that the line so far has brought, if it is one. */
  #whole: { readonly key: string; readonly bytes: Uint8Array } | null = null;
  #full = false;
  #givenUp = false;
  #onRow: OnTappedRow = () => undefined;
  /** Rows whose takers are not ready for more. */
  #owed = 0;
  #paid: (() => void) | null = null;
  #failure: { readonly error: unknown } | null = null;

  /**
   * @param largest literals beyond it are left to the library, which ends the connection
   * @param allocate memory for one message, of exactly that length
   */
  constructor(socket: Readable, library: Writable, largest: number, allocate: (sizeBytes: number) => Uint8Array) {
    this.#socket = socket;
    this.#library = library;
    this.#largest = largest;
    this.#allocate = allocate;
  }

  /** Bytes taken out of the line since the beginning. */
  get takenBytes(): number {
    return this.#taken + this.#told;
  }

  /** Nothing that came before waits to be read: what comes now may be given to `read`. */
  get ready(): boolean {
    return this.#open && this.#socket.readableLength === 0;
  }

  /** Nobody wants more of what is coming. */
  get givenUp(): boolean {
    return this.#givenUp;
  }

  /**
   * Taps the line while `work` runs: one command whose answers may hold whole messages.
   *
   * @param onRow gets each message of which nothing special is said; when it fails, `during` fails, after the answer has been read to its end
   */
  async during<T>(onRow: OnTappedRow, work: () => Promise<T>): Promise<T> {
    const onData = (chunk: Buffer): void => void this.read(chunk);
    const onDrain = (): void => this.#flow();
    const onEnd = (): void => void this.#library.end();
    this.#socket.unpipe(this.#library);
    this.#socket.on("data", onData).on("end", onEnd);
    this.#library.on("drain", onDrain);
    this.#onRow = onRow;
    this.#full = false;
    this.#givenUp = false;
    this.#failure = null;
    this.#toldBefore = this.#told;
    this.#open = true;
    this.#socket.resume();
    try {
      const done = await work();
      if (this.#owed > 0) await new Promise<void>((resolve) => (this.#paid = resolve));
      this.#throwFailure();
      return done;
    } finally {
      this.#open = false;
      this.#library.off("drain", onDrain);
      this.#socket.off("data", onData).off("end", onEnd);
      this.#passLine();
      this.#held.clear();
      this.#heldBytes = 0;
      // Only a server that sends a message after the end of its answer leaves half of one behind.
      if (this.#state.kind === "take") this.#socket.destroy();
      this.#state = LINE;
      if (!this.#socket.destroyed && !this.#library.destroyed) this.#socket.pipe(this.#library);
    }
  }

  /** Nobody wants the rest of this answer: it is read to its end without being held. */
  giveUp(): void {
    this.#givenUp = true;
    this.#held.clear();
    this.#heldBytes = 0;
    this.#flow();
  }

  /** The bytes that a key stands for, once. */
  take(key: string): Uint8Array | undefined {
    const bytes = this.#held.get(key);
    if (bytes === undefined) return undefined;
    this.#held.delete(key);
    this.#heldBytes -= bytes.byteLength;
    this.#flow();
    return bytes;
  }

  /**
   * Reads what has come. Nothing of the chunk is kept.
   * @returns whether more may come
   */
  read(chunk: Buffer): boolean {
    for (let at = 0; at < chunk.byteLength; ) at = this.#readFrom(chunk, at);
    return !this.#full;
  }

  #throwFailure(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }

  #flow(): void {
    if (this.#full && this.#owed === 0 && this.#heldBytes < HELD_AT_MOST && !this.#library.writableNeedDrain) {
      this.#full = false;
      this.#socket.resume();
    }
  }

  #pass(bytes: Uint8Array): void {
    if (bytes.byteLength === 0 || this.#library.destroyed) return;
    if (!this.#library.write(bytes)) this.#stop();
  }

  #stop(): void {
    this.#full = true;
    this.#socket.pause();
  }

  /** @returns where to go on */
  #readFrom(chunk: Buffer, at: number): number {
    const state = this.#state;
    if (state.kind === "line") {
      const end = chunk.indexOf(LF, at) + 1;
      this.#line += chunk.toString("latin1", at, end === 0 ? chunk.byteLength : end);
      if (end === 0) {
        if (this.#line.length > LINE_AT_MOST) this.#passLine();
        return chunk.byteLength;
      }
      this.#lineEnded();
      return end;
    }
    if (state.kind === "pass") {
      const end = Math.min(chunk.byteLength, at + state.left);
      // A copy: the chunk's memory is used again.
      this.#pass(Buffer.from(chunk.subarray(at, end)));
      state.left -= end - at;
      if (state.left === 0) this.#state = LINE;
      return end;
    }
    const end = Math.min(chunk.byteLength, at + state.bytes.byteLength - state.filled);
    copyInto(state.into, state.filled, chunk, at, end);
    state.filled += end - at;
    this.#taken += end - at;
    if (state.filled === state.bytes.byteLength) this.#messageEnded(state);
    return end;
  }

  #lineEnded(): void {
    const line = this.#line;
    // RFC 9051 §4.3: a literal is announced at the end of a line; ~{…} is a literal8.
    const marker = line.endsWith("}\r\n") || line.endsWith("}\n") ? MARKER.exec(line.slice(-48)) : null;
    const sizeBytes = Number(marker?.groups?.["size"] ?? 0);
    if (marker?.groups?.["body"] !== undefined && sizeBytes > 0 && sizeBytes <= this.#largest) {
      this.#keepWhole();
      const key = `${this.#secret}${this.#count++}`;
      this.#line = `${line.slice(0, line.length - marker[0].length)}BODY[] "${key}"`;
      const bytes = this.#allocate(sizeBytes);
      this.#state = { kind: "take", key, bytes, into: Buffer.from(bytes.buffer, bytes.byteOffset, sizeBytes), filled: 0 };
      return;
    }
    if (sizeBytes === 0 && this.#whole !== null && this.#handOver(this.#whole, line)) return;
    this.#passLine();
    if (sizeBytes > 0) this.#state = { kind: "pass", left: sizeBytes };
    // Not before the library has read the line that brings a message: else a large one would wait for itself.
    else if (this.#heldBytes >= HELD_AT_MOST) this.#stop();
  }

  /** @returns whether the line was one of those that the library need not see */
  #handOver({ key, bytes }: { readonly key: string; readonly bytes: Uint8Array }, line: string): boolean {
    const items = readRow(line, key);
    if (items === null) return false;
    this.#whole = null;
    this.#line = "";
    this.#told += line.length;
    if (this.#told - this.#toldBefore > TOLD_AT_MOST) this.#socket.destroy();
    if (this.#givenUp) return true;
    try {
      const { uid, modseq, flags, internalDate } = items;
      const taking = this.#onRow({ uid, modseq, flags, internalDate, bytes });
      if (taking !== undefined) this.#wait(taking);
    } catch (error) {
      this.#failed(error);
    }
    return true;
  }

  #wait(taking: Promise<void>): void {
    this.#owed += 1;
    this.#stop();
    void taking
      .catch((error: unknown) => this.#failed(error))
      .then(() => {
        this.#owed -= 1;
        this.#flow();
        if (this.#owed === 0) this.#paid?.();
      });
  }

  #failed(error: unknown): void {
    this.#failure ??= { error };
    this.giveUp();
  }

  #messageEnded({ key, bytes }: Extract<State, { kind: "take" }>): void {
    this.#state = LINE;
    this.#whole = { key, bytes };
  }

  /** The library gets the line with the key only when the bytes are here. */
  #keepWhole(): void {
    if (this.#whole === null) return;
    const { key, bytes } = this.#whole;
    this.#whole = null;
    if (this.#givenUp) return;
    this.#held.set(key, bytes);
    this.#heldBytes += bytes.byteLength;
  }

  #passLine(): void {
    this.#keepWhole();
    const line = this.#line;
    this.#line = "";
    this.#pass(Buffer.from(line, "latin1"));
  }
}

const MARKER = /(?<body>BODY\[\] )?~?\{(?<size>\d{1,18})\}\r?\n$/u;

/**
 * Copies a stretch of a chunk, never a whole one at once: `copy` takes `set` for that, which goes word by word into memory that threads share, and byte by
 * byte where that is not aligned like the chunk.
 */
function copyInto(target: Buffer, filled: number, chunk: Buffer, from: number, end: number): void {
  const middle = (from + end) >>> 1;
  chunk.copy(target, filled, from, middle);
  chunk.copy(target, filled + middle - from, middle, end);
}
