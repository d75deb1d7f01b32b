/** How a server ends its lines. RFC 1939 §3 says CRLF; one that ends its own status lines otherwise is taken at its word. */
export type LineEnd = "crlf" | "lf";

const DOT = 0x2e;
const CR = 0x0d;
const LF = 0x0a;

/** `start`: the next byte begins a line. `dot`, `dot-cr`: what was read of a line may be its end and is held back. `cr`: a CR was passed on. */
type State = "start" | "dot" | "dot-cr" | "text" | "cr" | "ended";

/**
 * Takes the dots off a multi-line answer (RFC 1939 §3) and finds its end, however the bytes are cut into chunks. All other bytes come
 * through as they are, a lone CR or LF included: only the line end of the protocol begins a line.
 */
export class DotUnstuffer {
  readonly #lineEnd: LineEnd;
  readonly #mark: string;
  readonly #pass: (part: Uint8Array) => void;
  #state: State = "start";

  constructor(lineEnd: LineEnd, pass: (part: Uint8Array) => void) {
    this.#lineEnd = lineEnd;
    this.#mark = lineEnd === "crlf" ? "\r\n." : "\n.";
    this.#pass = pass;
  }

  /** How many bytes of the chunk, from `from` on, belong to the answer; `ended` says whether that was the last of it. */
  push(chunk: Buffer, from: number): number {
    let at = from;
    while (at < chunk.length && this.#state !== "ended") at = this.#step(chunk, at);
    return at - from;
  }

  get ended(): boolean {
    return this.#state === "ended";
  }

  #step(chunk: Buffer, at: number): number {
    const byte = chunk[at];
    switch (this.#state) {
      case "start":
        if (byte !== DOT) return this.#text(chunk, at);
        this.#state = "dot";
        return at + 1;
      case "dot":
        if (byte === CR && this.#lineEnd === "crlf") this.#state = "dot-cr";
        else if (byte === LF && this.#lineEnd === "lf") this.#state = "ended";
        else return this.#text(chunk, at);
        return at + 1;
      case "dot-cr":
        if (byte === LF) {
          this.#state = "ended";
          return at + 1;
        }
        this.#pass(CR_ALONE);
        return this.#afterCr(chunk, at);
      case "cr":
        return this.#afterCr(chunk, at);
      case "text":
        return this.#text(chunk, at);
      case "ended":
        return at;
    }
  }

  #afterCr(chunk: Buffer, at: number): number {
    if (chunk[at] !== LF) return this.#text(chunk, at);
    this.#pass(chunk.subarray(at, at + 1));
    this.#state = "start";
    return at + 1;
  }

  /** Up to the next line that begins with a dot, or all that is left. */
  #text(chunk: Buffer, at: number): number {
    const found = chunk.indexOf(this.#mark, at, "latin1");
    if (found >= 0) {
      const dot = found + this.#mark.length - 1;
      this.#pass(chunk.subarray(at, dot));
      this.#state = "dot";
      return dot + 1;
    }
    this.#pass(chunk.subarray(at));
    const last = chunk[chunk.length - 1];
    if (this.#lineEnd === "lf") this.#state = last === LF ? "start" : "text";
    else if (last === CR) this.#state = "cr";
    else this.#state = last === LF && chunk.length - at > 1 && chunk[chunk.length - 2] === CR ? "start" : "text";
    return chunk.length;
  }
}

const CR_ALONE = Buffer.from("\r");
