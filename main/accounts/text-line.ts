import type { Socket } from "node:net";

/** Longest line that is waited for, bytes. */
const MOST = 64 * 1024;

/** Why a line gave no answer: it ended, or time ran out. */
export class NoAnswer extends Error {
  readonly code: "ECONNRESET" | "ETIMEDOUT";

  constructor(code: "ECONNRESET" | "ETIMEDOUT") {
    super(code);
    this.code = code;
  }
}

/** A connection spoken over line by line, before anybody has signed in. One question at a time. */
export class TextLine {
  readonly socket: Socket;
  readonly #stepMs: number;
  #text = "";
  #ended: Error | null = null;
  #wake: () => void = () => {};

  constructor(socket: Socket, stepMs: number) {
    this.socket = socket;
    this.#stepMs = stepMs;
    const end = (error: Error): void => {
      this.#ended ??= error;
      this.#wake();
    };
    socket.on("data", this.#take);
    socket.on("error", end);
    socket.on("end", () => end(new NoAnswer("ECONNRESET")));
    socket.on("close", () => end(new NoAnswer("ECONNRESET")));
  }

  readonly #take = (chunk: Buffer): void => {
    this.#text += chunk.toString("utf8");
    if (this.#text.length > MOST) this.socket.destroy();
    this.#wake();
  };

  /** Lines up to and including the first one that is `last`, without their ends. @throws NoAnswer, or the socket's error */
  async read(last: (line: string) => boolean): Promise<string[]> {
    const lines: string[] = [];
    const deadline = performance.now() + this.#stepMs;
    for (;;) {
      const end = this.#text.indexOf("\n");
      if (end >= 0) {
        const line = this.#text.slice(0, end).replace(/\r$/u, "");
        this.#text = this.#text.slice(end + 1);
        lines.push(line);
        if (last(line)) return lines;
        continue;
      }
      if (this.#ended !== null) {
        // Whoever says half a line and leaves has said it.
        if (this.#text !== "") return [...lines, this.#text.slice(0, 1000)];
        throw this.#ended;
      }
      await this.#more(deadline - performance.now());
    }
  }

  async #more(leftMs: number): Promise<void> {
    if (leftMs <= 0) throw new NoAnswer("ETIMEDOUT");
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, leftMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  say(line: string): void {
    this.socket.write(`${line}\r\n`);
  }

  /** Gives the socket away, for TLS: what was said before it counts for nothing. @returns whether something was */
  release(): boolean {
    this.socket.off("data", this.#take);
    return this.#text !== "";
  }
}
