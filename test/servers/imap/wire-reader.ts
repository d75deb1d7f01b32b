import type { Socket } from "node:net";

/** One command line as it came: text (bytes as latin1) and literals in turn. */
export type CommandParts = (string | Buffer)[];

/** Longer lines than this are somebody's mistake; literals have no limit here. */
const LONGEST_LINE = 64 * 1024;

/**
 * Cuts a connection's bytes into lines and commands with their literals (RFC 3501 §4.3, RFC 7888).
 *
 * Lives as long as the connection; STARTTLS moves it to another socket with `attach`.
 */
export class WireReader {
  #buffered: Buffer = Buffer.alloc(0);
  #ended = false;
  #waiting: (() => void) | null = null;
  #socket: Socket | null = null;
  readonly #onData = (chunk: Buffer): void => {
    this.#buffered = this.#buffered.length === 0 ? chunk : Buffer.concat([this.#buffered, chunk]);
    this.#wake();
  };
  readonly #onEnd = (): void => {
    this.#ended = true;
    this.#wake();
  };

  attach(socket: Socket): void {
    this.detach();
    this.#socket = socket;
    socket.on("data", this.#onData);
    socket.on("end", this.#onEnd);
    socket.on("close", this.#onEnd);
    socket.on("error", this.#onEnd);
  }

  /** Lets go of the socket and forgets what came early: bytes sent before TLS began must not count after it (RFC 9051 §11.1). */
  detach(): void {
    this.#socket?.off("data", this.#onData).off("end", this.#onEnd).off("close", this.#onEnd);
    this.#buffered = Buffer.alloc(0);
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** The next line without its line break, or null at the end of the connection. */
  async line(): Promise<string | null> {
    let from = 0;
    for (;;) {
      const end = this.#buffered.indexOf(0x0a, from);
      if (end >= 0) {
        const line = this.#buffered.toString("latin1", 0, end).replace(/\r$/, "");
        this.#buffered = this.#buffered.subarray(end + 1);
        return line;
      }
      if (this.#buffered.length > LONGEST_LINE) return null;
      from = this.#buffered.length;
      if (!(await this.#more())) return null;
    }
  }

  /** The next whole command. `goAhead` is called for each literal whose sender waits for leave. */
  async command(goAhead: () => void): Promise<CommandParts | null> {
    const parts: CommandParts = [];
    for (;;) {
      const line = await this.line();
      if (line === null) return null;
      const literal = /~?\{(\d+)(\+?)\}$/.exec(line);
      if (literal === null) {
        parts.push(line);
        return parts;
      }
      parts.push(line.slice(0, literal.index));
      if (literal[2] === "") goAhead();
      const bytes = await this.#bytes(Number(literal[1]));
      if (bytes === null) return null;
      parts.push(bytes);
    }
  }

  async #bytes(size: number): Promise<Buffer | null> {
    if (this.#buffered.length >= size) return this.#split(size);
    // Collected apart: joining a 60 MB literal chunk by chunk would copy it a thousand times.
    const chunks = [this.#buffered];
    let have = this.#buffered.length;
    while (have < size) {
      this.#buffered = Buffer.alloc(0);
      if (!(await this.#more())) return null;
      chunks.push(this.#buffered);
      have += this.#buffered.length;
    }
    this.#buffered = Buffer.concat(chunks);
    return this.#split(size);
  }

  #split(size: number): Buffer {
    const bytes = Buffer.from(this.#buffered.subarray(0, size));
    this.#buffered = this.#buffered.subarray(size);
    return bytes;
  }

  async #more(): Promise<boolean> {
    const before = this.#buffered.length;
    if (this.#ended) return false;
    await new Promise<void>((resolve) => {
      this.#waiting = resolve;
    });
    return this.#buffered.length > before;
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.();
  }
}
