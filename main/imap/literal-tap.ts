import { randomBytes } from "node:crypto";
import type { Readable, Writable } from "node:stream";

/** Bytes of messages held here at which the line is left alone until somebody has taken some. */
const HELD_AT_MOST = 2 * 1024 * 1024;
/** A line longer than this is passed on before its end is seen. */
const LINE_AT_MOST = 64 * 1024;
const LF = 0x0a;

type State =
  | { readonly kind: "line" }
  /** Bytes of a literal that the library is to see. */
  | { readonly kind: "pass"; left: number }
  /** Bytes of a message, on their way into `bytes`. */
  | { readonly kind: "take"; readonly key: string; readonly bytes: Uint8Array; readonly into: Buffer; filled: number };

/**
 * Takes whole messages out of the line before the library sees them: instead of `BODY[] {57123}` and 57,123 bytes it reads `BODY[] "key"`, and
 * the key gets the bytes here.
 *
 * The library gathers the pieces of a literal and joins them into a new buffer of their own; for a mailbox of a gigabyte that and the clearing away
 * cost as much as the store. Here each byte is copied once, into memory that the caller chose.
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
  #state: State = { kind: "line" };
  /** What of the line has come and was not passed on. */
  #line: Buffer[] = [];
  #lineBytes = 0;
  #full = false;
  #givenUp = false;

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
    return this.#taken;
  }

  /** Taps the line while `work` runs: one command whose answers may hold whole messages. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    const onData = (chunk: Buffer): void => this.#read(chunk);
    const onDrain = (): void => this.#flow();
    const onEnd = (): void => void this.#library.end();
    this.#socket.unpipe(this.#library);
    this.#socket.on("data", onData).on("end", onEnd);
    this.#library.on("drain", onDrain);
    this.#full = false;
    this.#givenUp = false;
    this.#socket.resume();
    try {
      return await work();
    } finally {
      this.#library.off("drain", onDrain);
      this.#socket.off("data", onData).off("end", onEnd);
      this.#passLine();
      this.#held.clear();
      this.#heldBytes = 0;
      // Only a server that sends a message after the end of its answer leaves half of one behind.
      if (this.#state.kind === "take") this.#socket.destroy();
      this.#state = { kind: "line" };
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

  #flow(): void {
    if (this.#full && this.#heldBytes < HELD_AT_MOST && !this.#library.writableNeedDrain) {
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

  #read(chunk: Buffer): void {
    for (let at = 0; at < chunk.byteLength; ) at = this.#readFrom(chunk, at);
  }

  /** @returns where to go on */
  #readFrom(chunk: Buffer, at: number): number {
    const state = this.#state;
    if (state.kind === "line") {
      const end = chunk.indexOf(LF, at) + 1;
      this.#addToLine(chunk.subarray(at, end === 0 ? chunk.byteLength : end));
      if (end === 0) {
        if (this.#lineBytes > LINE_AT_MOST) this.#passLine();
        return chunk.byteLength;
      }
      this.#lineEnded();
      return end;
    }
    if (state.kind === "pass") {
      const end = Math.min(chunk.byteLength, at + state.left);
      this.#pass(chunk.subarray(at, end));
      state.left -= end - at;
      if (state.left === 0) this.#state = { kind: "line" };
      return end;
    }
    const end = Math.min(chunk.byteLength, at + state.bytes.byteLength - state.filled);
    copyInto(state.into, state.filled, chunk, at, end);
    state.filled += end - at;
    this.#taken += end - at;
    if (state.filled === state.bytes.byteLength) this.#messageEnded(state);
    return end;
  }

  #addToLine(piece: Buffer): void {
    this.#line.push(piece);
    this.#lineBytes += piece.byteLength;
  }

  #lineEnded(): void {
    const line = this.#line.length === 1 && this.#line[0] !== undefined ? this.#line[0] : Buffer.concat(this.#line);
    // RFC 9051 §4.3: a literal is announced at the end of a line; ~{…} is a literal8.
    const marker = /(?<body>BODY\[\] )?~?\{(?<size>\d{1,18})\}\r?\n$/u.exec(line.subarray(-48).toString("latin1"));
    const sizeBytes = Number(marker?.groups?.["size"] ?? 0);
    if (marker?.groups?.["body"] === undefined || sizeBytes === 0 || sizeBytes > this.#largest) {
      this.#passLine();
      if (sizeBytes > 0) this.#state = { kind: "pass", left: sizeBytes };
      // Not before the library has read the line that brings a message: else a large one would wait for itself.
      else if (this.#heldBytes >= HELD_AT_MOST) this.#stop();
      return;
    }
    const key = `${this.#secret}${this.#count++}`;
    this.#line = [];
    this.#lineBytes = 0;
    this.#addToLine(line.subarray(0, line.byteLength - marker[0].length));
    this.#addToLine(Buffer.from(`BODY[] "${key}"`));
    const bytes = this.#allocate(sizeBytes);
    this.#state = { kind: "take", key, bytes, into: Buffer.from(bytes.buffer, bytes.byteOffset, sizeBytes), filled: 0 };
  }

  /** The library gets the line with the key only now: then the bytes are here when it asks for them. */
  #messageEnded({ key, bytes }: Extract<State, { kind: "take" }>): void {
    this.#state = { kind: "line" };
    if (this.#givenUp) return;
    this.#held.set(key, bytes);
    this.#heldBytes += bytes.byteLength;
  }

  #passLine(): void {
    for (const piece of this.#line) this.#pass(piece);
    this.#line = [];
    this.#lineBytes = 0;
  }
}

/**
 * Copies a stretch of a chunk, never a whole one at once: `copy` takes `set` for that, which goes word by word into memory that threads share, and byte by
 * byte where that is not aligned like the chunk.
 */
function copyInto(target: Buffer, filled: number, chunk: Buffer, from: number, end: number): void {
  const middle = (from + end) >>> 1;
  chunk.copy(target, filled, from, middle);
  chunk.copy(target, filled + middle - from, middle, end);
}
