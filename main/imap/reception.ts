import type { Socket } from "node:net";
import type { LiteralTap } from "./literal-tap.ts";

/** What one read from a line takes at most. */
const PIECE_BYTES = 64 * 1024;
/** One for all lines: what is in it is copied or read before the next piece comes. */
const PIECE = Buffer.allocUnsafeSlow(PIECE_BYTES);

/**
 * Takes in what comes over a line without memory of its own for each piece: a gigabyte of mail is seventeen thousand pieces, which the collector would have to
 * clear away, and with each of them all that has come meanwhile and is still needed is looked through.
 *
 * What a tap waits for goes there at once, everything else into the socket's own queue.
 */
export class Reception {
  tap: LiteralTap | null = null;
  /** For node:net and node:tls, as the line is opened. */
  readonly onread: { readonly buffer: Uint8Array; readonly callback: (count: number, bytes: Uint8Array) => boolean };

  /** @param socketOf the line, once it is open */
  constructor(socketOf: () => Socket) {
    this.onread = {
      buffer: PIECE,
      callback: (count) => {
        const piece = PIECE.subarray(0, count);
        return this.tap?.ready === true ? this.tap.read(piece) : socketOf().push(Buffer.from(piece));
      },
    };
  }
}
