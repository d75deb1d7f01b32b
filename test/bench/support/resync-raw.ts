import { connect, type Socket } from "node:net";

/** An open connection that asks for everything at once: LIST with STATUS (RFC 5819), the least a look at all folders can cost. */
export class RawStatus {
  readonly #socket: Socket;
  #tag = 0;
  #tail = "";
  #wake: () => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (data: Buffer) => {
      this.#tail = (this.#tail + data.subarray(-4000).toString("latin1")).slice(-4000);
      this.#wake();
    });
  }

  static async open(server: { port: number; user: string; password: string }): Promise<RawStatus> {
    const raw = new RawStatus(connect(server.port, "127.0.0.1"));
    await raw.#command(`LOGIN ${server.user} ${server.password}`);
    return raw;
  }

  /** @returns milliseconds */
  async ask(): Promise<number> {
    const started = performance.now();
    await this.#command('LIST "" "*" RETURN (STATUS (MESSAGES UIDNEXT UIDVALIDITY HIGHESTMODSEQ))');
    return performance.now() - started;
  }

  close(): void {
    this.#socket.destroy();
  }

  async #command(text: string): Promise<void> {
    this.#tag += 1;
    const done = `s${this.#tag} OK`;
    this.#socket.write(`s${this.#tag} ${text}\r\n`);
    while (!this.#tail.includes(done)) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
