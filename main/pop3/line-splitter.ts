import { ProtocolError } from "./reply-parser.ts";

/** Bytes of one listing that are taken in: some 700,000 messages. */
const LONGEST_LISTING = 64 * 1024 * 1024;
const LONGEST_LINE = 8192;

/** Makes lines of the bytes of a listing. */
export class LineSplitter {
  readonly lines: string[] = [];
  #rest = "";
  #bytes = 0;

  /** @throws ProtocolError when a line or the whole has no end in sight */
  push(part: Uint8Array): void {
    this.#bytes += part.byteLength;
    if (this.#bytes > LONGEST_LISTING) throw new ProtocolError("a listing without end");
    // A character of several bytes may be cut here: listings are ASCII but for odd ids, which latin1 keeps apart as well.
    const lines = (this.#rest + Buffer.from(part).toString("latin1")).split("\n");
    this.#rest = lines.pop() ?? "";
    if (this.#rest.length > LONGEST_LINE) throw new ProtocolError("a line of a listing without end");
    for (const line of lines) this.lines.push(line.endsWith("\r") ? line.slice(0, -1) : line);
  }
}
