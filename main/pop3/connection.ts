import { connect, isIP, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import { Failure } from "../../shared/failure.ts";
import { type Answer, ReplyParser } from "./reply-parser.ts";

/** Milliseconds. */
export type Deadlines = {
  /** For the line, TLS included. */
  readonly connect: number;
  /** From the moment at which an answer is due to the end of its status line. */
  readonly answer: number;
  /** Without a byte of the lines that follow. */
  readonly silence: number;
};
export const DEADLINES: Deadlines = { connect: 20_000, answer: 60_000, silence: 60_000 };

/** The server said -ERR (`line` is what it said), or the line went (`cause`). Translated by outcomes. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly line: string;

  constructor(line: string) {
    super("the server refused");
    this.line = line;
  }
}
export class LineLost extends Error {
  override readonly name = "LineLost";
  readonly code: string;

  constructor(code: "ETIMEDOUT" | "ECONNRESET", message: string) {
    super(message);
    this.code = code;
  }
}

export type Place = {
  readonly host: string;
  readonly port: number;
  /** How its certificate is verified (main/line/trust). */
  readonly trust: ConnectionOptions;
  /** One that is open already, through a proxy; null: a line of our own. */
  readonly line: Socket | null;
};

export type Ask = {
  readonly multiline?: boolean;
  /** Takes the lines of the answer; a promise is back-pressure. */
  readonly onBytes?: (part: Uint8Array) => void | Promise<void>;
};

type Waiting = {
  readonly line: string | null;
  readonly answer: Answer;
  readonly fail: (error: unknown) => void;
};

/** Commands on the wire at once where the server allows it (RFC 2449 §6.6): few enough that neither side's buffers fill up. */
const MOST_ON_WIRE = 32;

/** One line to a POP3 server: commands in, answers out, in order. It knows nothing of what they mean. */
export class Connection {
  readonly #place: Place;
  readonly #deadlines: Deadlines;
  readonly #queue: Waiting[] = [];
  readonly #onWire: Waiting[] = [];
  readonly #listeners = new Set<(error: unknown) => void>();
  #socket: Socket;
  #parser: ReplyParser;
  #timer: NodeJS.Timeout | null = null;
  #timerMs = 0;
  #holds: Promise<void>[] = [];
  #ended: { readonly error: unknown } | null = null;
  #received = 0;
  /** Set when the server offers it. */
  pipelining = false;
  /** The line is TLS. */
  secure = false;

  private constructor(place: Place, deadlines: Deadlines, socket: Socket) {
    this.#place = place;
    this.#deadlines = deadlines;
    this.#socket = socket;
    this.#parser = this.#newParser();
  }

  /** Opens the line; the greeting is the answer to `greeting()`. */
  static async open(
    place: Place,
    security: "tls" | "starttls" | "plain",
    deadlines: Deadlines,
    signal?: AbortSignal,
    onLine: () => void = () => undefined,
  ): Promise<Connection> {
    const plain = place.line ?? connect({ host: place.host, port: place.port, noDelay: true });
    const connection = new Connection(place, deadlines, plain);
    const giveUp = () => connection.destroy(new LineLost("ECONNRESET", "given up"));
    try {
      signal?.throwIfAborted();
      signal?.addEventListener("abort", giveUp, { once: true });
      if (place.line === null) await connection.#opened(plain, "connect");
      if (security === "tls") {
        onLine();
        await connection.#encrypt();
      }
      connection.#listen();
      return connection;
    } catch (error) {
      connection.destroy(error);
      throw error;
    } finally {
      signal?.removeEventListener("abort", giveUp);
    }
  }

  get closed(): boolean {
    return this.#ended !== null;
  }

  /** For what binds to the line. */
  get socket(): Socket {
    return this.#socket;
  }

  get bytesReceived(): number {
    return this.#received;
  }

  onClosed(listener: (error: unknown) => void): void {
    if (this.#ended) listener(this.#ended.error);
    else this.#listeners.add(listener);
  }

  /** The server speaks first. */
  greeting(): Promise<string> {
    return this.#enqueue(null, {});
  }

  /**
   * Sends one command and resolves with the status line of its answer, when all of it is here.
   * @throws Refused, LineLost, ProtocolError or an error of the socket
   */
  ask(line: string, ask: Ask = {}): Promise<string> {
    return this.#enqueue(line, ask);
  }

  /** TLS from here on. What the server sent behind its consent is thrown away. */
  async startTls(): Promise<void> {
    await this.ask("STLS");
    // The parser was halted in the same turn in which the consent was read.
    try {
      await this.#encrypt();
      this.#listen();
    } catch (error) {
      this.destroy(error);
      throw error;
    }
  }

  /** Cuts the line; everything that waits fails with `error`. */
  destroy(error: unknown = new LineLost("ECONNRESET", "closed")): void {
    this.#end(error);
  }

  #newParser(): ReplyParser {
    return new ReplyParser(() => {
      const next = this.#onWire[0];
      return next?.answer;
    });
  }

  #opened(socket: Socket, event: "connect" | "secureConnect"): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new LineLost("ETIMEDOUT", "no line in time")), this.#deadlines.connect);
      const settled = (how: () => void) => () => {
        clearTimeout(timer);
        how();
      };
      socket.once(event, settled(resolve));
      socket.on("error", (error) => settled(() => reject(error))());
      socket.once(
        "close",
        settled(() => reject(this.#ended?.error ?? new LineLost("ECONNRESET", "closed"))),
      );
    });
  }

  async #encrypt(): Promise<void> {
    const { host, trust } = this.#place;
    const plain = this.#socket;
    plain.removeAllListeners("data");
    const secured = connectTls({
      socket: plain,
      // RFC 6066 §3: addresses are no server names; the certificate is checked against the host all the same.
      ...(isIP(host) === 0 ? { servername: host } : {}),
      host,
      ...trust,
    });
    this.#socket = secured;
    await this.#opened(secured, "secureConnect");
    this.secure = true;
    this.#parser = this.#newParser();
  }

  #listen(): void {
    const socket = this.#socket;
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    socket.on("error", (error) => this.#end(error));
    socket.on("close", () => this.#end(new LineLost("ECONNRESET", "closed by the server")));
    // Half a line is none: what was asked will not be answered.
    socket.on("end", () => this.#end(new LineLost("ECONNRESET", "closed by the server")));
  }

  #take(chunk: Buffer): void {
    this.#received += chunk.length;
    if (this.#ended) return;
    try {
      this.#parser.push(chunk);
    } catch (error) {
      this.#end(error);
      return;
    }
    if (this.#holds.length > 0) this.#pauseFor(this.#holds);
    this.#holds = [];
  }

  #pauseFor(holds: readonly Promise<void>[]): void {
    const socket = this.#socket;
    socket.pause();
    this.#stopClock();
    Promise.all(holds).then(
      () => {
        if (this.#ended) return;
        this.#restartClock(this.#deadlines.silence);
        socket.resume();
      },
      (error: unknown) => this.#end(error),
    );
  }

  #enqueue(line: string | null, { multiline = false, onBytes }: Ask): Promise<string> {
    return new Promise((resolve, reject) => {
      if (this.#ended) return reject(this.#ended.error);
      // A line end inside would be a second command, written by whoever wrote the user name.
      if (line !== null && /[\r\n\0]/u.test(line)) return reject(new Failure("invalid-input"));
      let said = "";
      const answer: Answer = {
        multiline,
        status: (status) => {
          said = status;
          if (multiline) this.#restartClock(this.#deadlines.silence);
        },
        bytes: (part) => {
          this.#restartClock(this.#deadlines.silence);
          const held = onBytes?.(part);
          if (held) this.#holds.push(held);
        },
        end: () => {
          this.#onWire.shift();
          this.#stopClock();
          if (line === "STLS" && /^\+OK/iu.test(said)) this.#parser.halt();
          if (said.startsWith("-")) reject(new Refused(said));
          else resolve(said);
          this.#send();
        },
      };
      this.#queue.push({ line, answer, fail: reject });
      this.#send();
    });
  }

  #send(): void {
    const most = this.pipelining ? MOST_ON_WIRE : 1;
    let lines = "";
    while (this.#onWire.length < most) {
      const next = this.#queue.shift();
      if (next === undefined) break;
      this.#onWire.push(next);
      if (next.line !== null) lines += `${next.line}\r\n`;
    }
    if (lines !== "") this.#socket.write(lines, "utf8");
    if (this.#onWire.length > 0 && this.#timer === null) this.#restartClock(this.#deadlines.answer);
  }

  #restartClock(ms: number): void {
    if (this.#ended) return;
    if (this.#timer !== null && this.#timerMs === ms) return void this.#timer.refresh();
    this.#stopClock();
    this.#timerMs = ms;
    this.#timer = setTimeout(() => this.#end(new LineLost("ETIMEDOUT", "no answer in time")), ms);
  }

  #stopClock(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #end(error: unknown): void {
    if (this.#ended) return;
    this.#ended = { error };
    this.#stopClock();
    this.#parser.halt();
    this.#socket.destroy();
    // A server that says why before it closes says it to nobody (an auto-logout); its words are the better reason.
    const waiting = [...this.#onWire.splice(0), ...this.#queue.splice(0)];
    for (const { fail } of waiting) fail(error);
    for (const listener of this.#listeners) listener(error);
    this.#listeners.clear();
  }
}
