import { Transform } from "node:stream";

/** Bytes given to the library at a time, and how long it may have the thread until others get it. */
const PIECE_BYTES = 4096;
const TURN_MS = 8;
/** What the answer to one command may have besides whole messages: flags of five million of them have less. */
const MOST_BYTES = 512 * 1024 * 1024;

type Done = (error?: Error | null) => void;

/**
 * Gives the library what a server says in small pieces, and others the thread in between. It reads all lines that have come without a pause; a server
 * that talks without end would have the thread for itself, and with it every account.
 */
export class Pace {
  #bytes = 0;
  #turnBegan = 0;
  #pieceBytes = Number.POSITIVE_INFINITY;

  /** @param onTooMuch an answer has no end: the line is to be cut */
  constructor(parser: unknown, onTooMuch: () => void) {
    if (!(parser instanceof Transform)) throw new Error("this imapflow has no streamer");
    const read = parser._transform.bind(parser);
    parser._transform = (chunk: Buffer, encoding: BufferEncoding, done: Done) => {
      this.#bytes += chunk.byteLength;
      if (this.#bytes > MOST_BYTES) {
        onTooMuch();
        done();
      } else this.#feed(chunk, (piece, next) => read(piece, encoding, next), done);
    };
  }

  /** Signed in. Before that pieces stay as they came: what follows STARTTLS in the same one shows that somebody has put something into the line. */
  trusted(): void {
    this.#pieceBytes = PIECE_BYTES;
  }

  /** A command goes out. */
  began(): void {
    this.#bytes = 0;
  }

  #feed(chunk: Buffer, read: (piece: Buffer, next: Done) => void, done: Done): void {
    let at = 0;
    const next = (error?: Error | null): void => {
      if (error || at >= chunk.byteLength) {
        done(error);
        return;
      }
      const piece = chunk.subarray(at, at + this.#pieceBytes);
      at += piece.byteLength;
      if (performance.now() - this.#turnBegan < TURN_MS) read(piece, next);
      else
        setImmediate(() => {
          this.#turnBegan = performance.now();
          read(piece, next);
        });
    };
    next();
  }
}
