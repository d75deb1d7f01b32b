import type { Socket } from "node:net";

/** The line ended or failed before what was waited for had come. */
export class LineEnded extends Error {
  override readonly name = "LineEnded";
}

/**
 * Reads what a proxy says byte by byte, and nothing of what the server behind it says: that stays in the socket for whoever gets it.
 */
export class Handshake {
  readonly #socket: Socket;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** @throws LineEnded */
  async exactly(count: number): Promise<Buffer> {
    for (;;) {
      const found: Buffer | null = this.#socket.read(count);
      // At its end a stream gives what is left, which is too little.
      if (found !== null && found.length === count) return found;
      if (found !== null) throw new LineEnded();
      await this.#more();
    }
  }

  /** The head of an HTTP answer, without the blank line. @throws LineEnded, also when it is longer than `mostBytes` */
  async head(mostBytes: number): Promise<string> {
    let head = "";
    while (!head.endsWith("\r\n\r\n")) {
      if (head.length >= mostBytes) throw new LineEnded();
      head += (await this.exactly(1)).toString("latin1");
    }
    return head.slice(0, -4);
  }

  #more(): Promise<void> {
    const socket = this.#socket;
    if (socket.readableEnded || socket.destroyed) return Promise.reject(new LineEnded());
    // Whoever begins to listen is told at once of what is there already. To look at too little of it anew each time would leave nobody else a turn.
    const before = socket.readableLength;
    let told = before === 0;
    return new Promise((resolve, reject) => {
      const settled = (how: () => void) => () => {
        socket.off("readable", came);
        socket.off("close", went);
        socket.off("end", went);
        how();
      };
      const arrived = settled(resolve);
      const came = (): void => {
        if (told || socket.readableLength > before) arrived();
        told = true;
      };
      const went = settled(() => reject(new LineEnded()));
      socket.on("readable", came);
      socket.on("end", went);
      socket.on("close", went);
    });
  }
}
