import { DotUnstuffer, type LineEnd } from "./dot-unstuffing.ts";

/** RFC 2449 §4 allows 512 bytes with the line end; some servers put a whole paragraph and a link into a refusal. */
export const LONGEST_STATUS = 8192;

/** Who waits for one answer. */
export type Answer = {
  /** After a positive status, lines follow up to the lone dot. */
  readonly multiline: boolean;
  /** The status line without its end. */
  status(line: string): void;
  /** Bytes of the lines, dots taken off. */
  bytes(part: Uint8Array): void;
  /** The answer is complete; the next bytes are the next one's. */
  end(): void;
};

/** What the server sent is not POP3: nothing after it can be trusted. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
  /** What it said, as far as it can be shown. */
  readonly words: string;

  constructor(message: string, words = "") {
    super(message);
    this.words = words;
  }
}

/** Cuts what the server sends into answers, in the order of the commands. It keeps no more than one line, so its memory is bounded. */
export class ReplyParser {
  readonly #next: () => Answer | undefined;
  #line: Buffer[] = [];
  #lineBytes = 0;
  #answer: Answer | null = null;
  #body: DotUnstuffer | null = null;
  #halted = false;

  /** @param next the answer that is due; undefined: nobody asked anything */
  constructor(next: () => Answer | undefined) {
    this.#next = next;
  }

  /** @throws ProtocolError */
  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length && !this.#halted) at += this.#body === null ? this.#status(chunk, at) : this.#lines(this.#body, chunk, at);
  }

  /** What else came is thrown away: before TLS, anybody may have put it there (RFC 2595 §4, CVE-2011-0411). */
  halt(): void {
    this.#halted = true;
    this.#line = [];
  }

  #status(chunk: Buffer, at: number): number {
    const end = chunk.indexOf(0x0a, at);
    const part = chunk.subarray(at, end < 0 ? chunk.length : end);
    this.#lineBytes += part.length;
    if (this.#lineBytes > LONGEST_STATUS) throw new ProtocolError("a status line without end");
    // Copied: the chunk's memory may be used again.
    this.#line.push(Buffer.from(part));
    if (end < 0) return part.length;
    const whole = Buffer.concat(this.#line);
    this.#line = [];
    this.#lineBytes = 0;
    const lineEnd: LineEnd = whole.at(-1) === 0x0d ? "crlf" : "lf";
    this.#begin(whole.subarray(0, lineEnd === "crlf" ? -1 : undefined).toString("utf8"), lineEnd);
    return part.length + 1;
  }

  #begin(line: string, lineEnd: LineEnd): void {
    // "+ " or a lone "+" asks for more of a sign-in (RFC 1734 §3).
    if (!/^(?:\+OK|-ERR|\+(?= |$))/iu.test(line)) throw new ProtocolError("not an answer of POP3", line.slice(0, 200));
    const answer = this.#next();
    if (answer === undefined) throw new ProtocolError("an answer that nobody asked for", line.slice(0, 200));
    answer.status(line);
    if (answer.multiline && /^\+OK/iu.test(line)) {
      this.#answer = answer;
      this.#body = new DotUnstuffer(lineEnd, (part) => answer.bytes(part));
    } else answer.end();
  }

  #lines(body: DotUnstuffer, chunk: Buffer, at: number): number {
    const taken = body.push(chunk, at);
    if (body.ended) {
      const answer = this.#answer;
      this.#body = null;
      this.#answer = null;
      answer?.end();
    }
    return taken;
  }
}
