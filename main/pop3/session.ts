import type { Credential, ServerSettings } from "../../shared/contract/accounts.ts";
import { Failure } from "../../shared/failure.ts";
import type { OpeningStage } from "../line/opening-stage.ts";
import { asPinned } from "../line/pinned.ts";
import { type Securing, type TlsSessions, tlsSessions } from "../line/tls-sessions.ts";
import { openTunnel } from "../line/tunnel.ts";
import type { Log } from "../log.ts";
import type { Via } from "../plan/proxy.ts";
import { bindingOf } from "../sasl/binding.ts";
import { Connection, DEADLINES, type Deadlines } from "./connection.ts";
import { LineSplitter } from "./line-splitter.ts";
import { asPop3Failure, type Doing, type Where } from "./outcomes.ts";
import { type Capabilities, parseCapabilities, parseSizes, parseStat, parseUids, timestampOf, WITHOUT_CAPA } from "./replies.ts";
import { chooseSignIn, signIn } from "./sign-in.ts";

export type SessionOptions = {
  readonly server: ServerSettings;
  readonly credential: () => Promise<Credential>;
  readonly log: Log;
  /** PEM of authorities trusted besides the built-in ones; for tests and private servers. */
  readonly ca?: string | undefined;
  readonly deadlines?: Partial<Deadlines>;
  /** Gives up while still connecting. */
  readonly signal?: AbortSignal;
  /** The way there; left out = directly. */
  readonly via?: Via | undefined;
  /** Left out = those of the program. */
  readonly sessions?: TlsSessions | undefined;
  /** Hears how far the line has come: `connect` until there is one, `secure` while TLS is made, `greet` until the server speaks, then `sign-in`. */
  readonly onStage?: ((stage: OpeningStage) => void) | undefined;
};

/**
 * One signed-in POP3 connection (RFC 1939). Commands may be given at any time and are answered in order; where the server allows
 * it they travel together. Any of them rejects with a Failure. Nothing is deleted before `quit` has resolved.
 */
export interface Session {
  readonly capabilities: Capabilities;
  /** What the server said first, without its +OK. */
  readonly greeting: string;
  stat(): Promise<{ count: number; bytes: number }>;
  /** Bytes of each message, by number: what the server believes, which need not be what it sends. */
  sizes(): Promise<Map<number, number>>;
  /** Unique ids by number. @throws Failure `not-supported` */
  uids(): Promise<Map<number, string>>;
  /** The header, up to and including the blank line. @throws Failure `not-supported`, `message-gone` */
  header(number: number): Promise<Buffer>;
  /**
   * The message, byte for byte as the server has it. A promise of `onBytes` is back-pressure; its rejection ends the connection.
   * @throws Failure `message-gone` or of kind refused: then the connection is still good
   */
  retrieve(number: number, onBytes: (part: Uint8Array) => void | Promise<void>): Promise<void>;
  /** Marks it; a connection that ends without `quit` deletes nothing (RFC 1939 §6). */
  delete(number: number): Promise<void>;
  /** Commits the deletions. Rejects when it is not known that it did. */
  quit(): Promise<void>;
  onClosed(listener: (failure: Failure) => void): void;
  readonly closed: boolean;
  bytesReceived(): number;
  /** QUIT if there is time for it; never rejects. */
  end(): Promise<void>;
  /** Cuts the line. */
  destroy(): void;
}

const LOOPBACK = new Set(["127.0.0.1", "::1", "localhost"]);
const FAREWELL_MS = 2000;

/** Connects, secures and signs in. @throws Failure of kind offline, throttled, untrusted, auth or refused; the connection is closed then */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { server, log, signal } = options;
  if (server.security === "plain" && !LOOPBACK.has(server.host)) throw new Failure("no-secure-login", { params: { host: server.host } });
  const credential = await options.credential();
  const where: Where = { host: server.host, port: server.port, token: credential.kind === "token" };
  let doing: Doing = "greeting";
  let connection: Connection | null = null;
  let securing: Securing | null = null;
  const giveUp = () => connection?.destroy();
  try {
    signal?.throwIfAborted();
    options.onStage?.("connect");
    const deadlines = { ...DEADLINES, ...options.deadlines };
    const line = await openTunnel(options.via, server.host, server.port, { connectMs: deadlines.connect, signal });
    securing = (options.sessions ?? tlsSessions).secure(server, options.ca, line);
    const place = { host: server.host, port: server.port, trust: securing.tls, line };
    connection = await Connection.open(place, server.security, deadlines, signal, () => options.onStage?.("secure"));
    options.onStage?.("greet");
    signal?.addEventListener("abort", giveUp, { once: true });
    const greeting = (await connection.greeting()).replace(/^\+OK\s*/iu, "");
    log.debug("pop3.greeted", { greeting: greeting.slice(0, 200) });
    // What came before TLS may be anybody's: the timestamp is not used then, and CAPA is asked after it (RFC 2595 §4).
    const timestamp = server.security === "starttls" ? null : timestampOf(greeting);
    if (server.security === "starttls") {
      doing = "stls";
      options.onStage?.("secure");
      // Never skipped: a server that does not offer it refuses, and that is the end of it.
      await connection.startTls();
    }
    doing = "sign-in";
    options.onStage?.("sign-in");
    const before = await askCapabilities(connection);
    // RFC 6856 §2: before the sign-in, so that name and password may be UTF-8 as well.
    if (before.utf8) await optional(connection.ask("UTF8"));
    const open = connection;
    const how = chooseSignIn(server, credential, { capabilities: before, timestamp, binding: bindingOf(connection.socket) });
    log.debug("pop3.signing-in", { how: how.kind, secure: connection.secure });
    await signIn(how, (command) => open.ask(command));
    doing = "command";
    // Some servers offer more once they know who is there, and other delays (RFC 2449 §6.5).
    const capabilities = before.known ? await askCapabilities(connection) : before;
    connection.pipelining = capabilities.pipelining;
    const resumed = securing.kept(connection.socket);
    log.info("pop3.signed-in", { pipelining: capabilities.pipelining, utf8: capabilities.utf8, resumed });
    return new SignedIn(connection, capabilities, greeting, where);
  } catch (error) {
    connection?.destroy();
    if (signal?.aborted === true) throw new Failure("line-closed", { params: { host: where.host, port: where.port }, cause: error });
    const failure = asPop3Failure(error, where, doing);
    securing?.failed(failure);
    throw await asPinned(failure, server, "pop3", options.via);
  } finally {
    signal?.removeEventListener("abort", giveUp);
  }
}

async function askCapabilities(connection: Connection): Promise<Capabilities> {
  const splitter = new LineSplitter();
  const offered = await optional(connection.ask("CAPA", { multiline: true, onBytes: (part) => splitter.push(part) }));
  return offered ? parseCapabilities(splitter.lines) : WITHOUT_CAPA;
}

/** Whether the server did it; a refusal is an answer here. */
async function optional(asked: Promise<string>): Promise<boolean> {
  try {
    await asked;
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === "Refused") return false;
    throw error;
  }
}

class SignedIn implements Session {
  readonly capabilities: Capabilities;
  readonly greeting: string;
  readonly #connection: Connection;
  readonly #where: Where;

  constructor(connection: Connection, capabilities: Capabilities, greeting: string, where: Where) {
    this.#connection = connection;
    this.capabilities = capabilities;
    this.greeting = greeting;
    this.#where = where;
  }

  stat(): Promise<{ count: number; bytes: number }> {
    return this.#translated("command", async () => parseStat(await this.#connection.ask("STAT")));
  }

  sizes(): Promise<Map<number, number>> {
    return this.#translated("command", async () => parseSizes(await this.#listing("LIST")));
  }

  uids(): Promise<Map<number, string>> {
    if (!this.capabilities.uidl) return Promise.reject(this.#unsupported("UIDL"));
    return this.#translated("command", async () => parseUids(await this.#listing("UIDL")));
  }

  header(number: number): Promise<Buffer> {
    if (!this.capabilities.top) return Promise.reject(this.#unsupported("TOP"));
    const parts: Uint8Array[] = [];
    return this.#translated("message", async () => {
      await this.#connection.ask(`TOP ${number} 0`, { multiline: true, onBytes: (part) => void parts.push(Buffer.from(part)) });
      return Buffer.concat(parts);
    });
  }

  retrieve(number: number, onBytes: (part: Uint8Array) => void | Promise<void>): Promise<void> {
    return this.#translated("message", async () => void (await this.#connection.ask(`RETR ${number}`, { multiline: true, onBytes })));
  }

  delete(number: number): Promise<void> {
    return this.#translated("message", async () => void (await this.#connection.ask(`DELE ${number}`)));
  }

  async quit(): Promise<void> {
    try {
      await this.#translated("command", () => this.#connection.ask("QUIT"));
    } finally {
      this.#connection.destroy();
    }
  }

  onClosed(listener: (failure: Failure) => void): void {
    this.#connection.onClosed((error) => listener(asPop3Failure(error, this.#where, "command")));
  }

  get closed(): boolean {
    return this.#connection.closed;
  }

  bytesReceived(): number {
    return this.#connection.bytesReceived;
  }

  async end(): Promise<void> {
    if (this.closed) return;
    const cut = setTimeout(() => this.destroy(), FAREWELL_MS);
    await this.quit().catch(() => undefined);
    clearTimeout(cut);
  }

  destroy(): void {
    this.#connection.destroy();
  }

  async #listing(command: string): Promise<string[]> {
    const splitter = new LineSplitter();
    await this.#connection.ask(command, { multiline: true, onBytes: (part) => splitter.push(part) });
    return splitter.lines;
  }

  async #translated<T>(doing: Doing, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const failure = asPop3Failure(error, this.#where, doing);
      // Out of step with the server: whatever it says next would be taken for the answer to something else.
      if (failure.code === "bad-reply") this.#connection.destroy(error);
      throw failure;
    }
  }

  #unsupported(what: string): Failure {
    return new Failure("not-supported", { params: { what, host: this.#where.host } });
  }
}
