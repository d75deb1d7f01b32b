import { connect, type Socket } from "node:net";

/** One answer of the server: its text with every literal replaced by a mark, and the literals in order. */
export interface PlainResponse {
  /** The line without CRLF; each literal stands as `{n}` in it. */
  line: string;
  literals: Buffer[];
}

export interface PlainAnswer {
  status: "OK" | "NO" | "BAD";
  text: string;
  untagged: PlainResponse[];
}

/**
 * The least IMAP connection that can judge a server: commands out, raw answers in, nothing interpreted.
 *
 * Tests use it to look at a mailbox past the client that they test.
 */
export class PlainImap {
  readonly #socket: Socket;
  #buffered: Buffer = Buffer.alloc(0);
  #tag = 0;
  #failure: Error | null = null;
  #waiting: (() => void) | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => {
      this.#buffered = this.#buffered.length === 0 ? chunk : Buffer.concat([this.#buffered, chunk]);
      this.#wake();
    });
    socket.on("error", (error) => this.#fail(error));
    socket.on("close", () => this.#fail(new Error("the IMAP server closed the connection")));
  }

  /** Connects without TLS and reads the greeting. */
  static async open(port: number): Promise<PlainImap> {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    const client = new PlainImap(socket);
    await client.#read();
    return client;
  }

  get closed(): boolean {
    return this.#failure !== null;
  }

  /** Sends a command made of text and literals in turn; literals go out non-synchronising (RFC 7888). */
  async send(...parts: readonly (string | Buffer)[]): Promise<PlainAnswer> {
    const tag = `p${++this.#tag}`;
    this.sendRaw(`${tag} `, ...parts);
    const untagged: PlainResponse[] = [];
    for (;;) {
      const response = await this.#read();
      if (!response.line.startsWith(`${tag} `)) {
        untagged.push(response);
        continue;
      }
      const [, status, text] = /^\S+ (OK|NO|BAD) ?(.*)$/s.exec(response.line) ?? [];
      if (status === undefined) throw new Error(`not an IMAP answer: ${response.line}`);
      return { status: status as PlainAnswer["status"], text: text ?? "", untagged };
    }
  }

  /** Writes a command with a tag of the caller's and does not wait; read what comes with `next`. */
  sendRaw(...parts: readonly (string | Buffer)[]): void {
    const out = parts.flatMap((part) => {
      if (typeof part === "string") return [Buffer.from(part)];
      return [Buffer.from(`${part.includes(0) ? "~" : ""}{${part.length}+}\r\n`), part];
    });
    this.#socket.write(Buffer.concat([...out, Buffer.from("\r\n")]));
  }

  /** The next response of whatever kind. */
  next(): Promise<PlainResponse> {
    return this.#read();
  }

  /** As `send`, but anything except OK is an error. */
  async expectOk(...parts: readonly (string | Buffer)[]): Promise<PlainResponse[]> {
    const answer = await this.send(...parts);
    if (answer.status !== "OK") throw new Error(`IMAP server answered ${answer.status} ${answer.text}`);
    return answer.untagged;
  }

  close(): void {
    this.#socket.destroy();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#wake();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.();
  }

  async #read(): Promise<PlainResponse> {
    let line = "";
    const literals: Buffer[] = [];
    for (;;) {
      const piece = (await this.#takeLine()).toString("latin1");
      line += piece;
      const size = /~?\{(\d+)\}$/.exec(piece)?.[1];
      if (size === undefined) return { line: Buffer.from(line, "latin1").toString("utf8"), literals };
      literals.push(await this.#take(Number(size)));
    }
  }

  async #takeLine(): Promise<Buffer> {
    let from = 0;
    for (;;) {
      const end = this.#buffered.indexOf("\r\n", from);
      if (end >= 0) {
        const line = this.#buffered.subarray(0, end);
        this.#buffered = this.#buffered.subarray(end + 2);
        return line;
      }
      from = Math.max(0, this.#buffered.length - 1);
      await this.#more();
    }
  }

  async #take(size: number): Promise<Buffer> {
    while (this.#buffered.length < size) await this.#more();
    const bytes = this.#buffered.subarray(0, size);
    this.#buffered = this.#buffered.subarray(size);
    return bytes;
  }

  async #more(): Promise<void> {
    if (this.#failure !== null) throw this.#failure;
    await new Promise<void>((resolve) => {
      this.#waiting = resolve;
    });
  }
}

/** An IMAP quoted string. */
export function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
