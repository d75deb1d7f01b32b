import { connect, type Socket } from "node:net";
import type { Address } from "../../shared/address.ts";
import type { DirectorySettings } from "../../shared/contract/directory.ts";
import { Failure } from "../../shared/failure.ts";
import { Handshake, LineEnded } from "../line/handshake.ts";
import { type Securing, type TlsSessions, tlsSessions } from "../line/tls-sessions.ts";
import { openTunnel, secured } from "../line/tunnel.ts";
import type { Via } from "../plan/proxy.ts";
import { BrokenBer, readHead, TAG } from "./ber.ts";
import {
  bindRequest,
  parseMessage,
  personOf,
  resultOf,
  SAID,
  type Said,
  searchRequest,
  startTlsRequest,
  unbindRequest,
} from "./ldap-messages.ts";
import { asDirectoryFailure, LdapRefused } from "./ldap-outcomes.ts";

/** More than this for a handful of people is no directory. */
const MOST_BYTES = 1024 * 1024;
/** RFC 4511 §A.1: time, size and the administrator's limit; what came until then is good. */
const CUT_SHORT: ReadonlySet<number> = new Set([3, 4, 11]);

export type Asking = {
  readonly settings: DirectorySettings;
  /** null where nobody signs in. */
  readonly password: string | null;
  /** Milliseconds for all of it. */
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
  /** The way there; left out = directly. */
  readonly via?: Via | undefined;
  /** PEM of authorities in the place of the built-in ones. */
  readonly ca?: string | undefined;
  /** Left out = those of the program. */
  readonly sessions?: TlsSessions | undefined;
};

/**
 * Asks a directory (LDAP, RFC 4511) for people in whose names or addresses every word of `text` stands; "" stands in all. One line for each question.
 *
 * @throws Failure of kind offline, untrusted, auth or refused
 */
export async function askDirectory(asking: Asking, text: string, limit: number): Promise<Address[]> {
  const { settings, password, deadlineMs } = asking;
  const { host, port, base, bindDn } = settings;
  const where = { host, port, base };
  // RFC 4513 §5.1.2: a name without a password is let in as nobody, which would look like a sign-in.
  if (bindDn !== null && (password ?? "") === "") throw new Failure("no-credential", { params: where });
  const late = AbortSignal.timeout(deadlineMs);
  const signal = asking.signal === undefined ? late : AbortSignal.any([late, asking.signal]);
  let line: OpenLine | null = null;
  try {
    line = await openLine(asking, signal);
    const talk = new Talk(line.socket);
    if (bindDn !== null) await talk.expect(SAID.bound, (id) => bindRequest(id, bindDn, password ?? ""));
    const words = text.split(/\s+/u).filter((word) => word !== "");
    const people = await talk.search(base, words, limit, Math.ceil(deadlineMs / 1000));
    line.securing.kept(line.socket);
    talk.end();
    return people;
  } catch (error) {
    if (late.aborted) throw new Failure("timed-out", { params: where, cause: error });
    const failure = asDirectoryFailure(error, where);
    line?.securing.failed(failure);
    throw failure;
  } finally {
    line?.close();
  }
}

type OpenLine = { readonly socket: Socket; readonly securing: Securing; close(): void };

/** Opens the line and secures it: nothing but the wish for TLS is said before. */
async function openLine({ settings, via, ca, deadlineMs, sessions }: Asking, signal: AbortSignal): Promise<OpenLine> {
  const { host, port, security, bindDn } = settings;
  signal.throwIfAborted();
  const tunnel = await openTunnel(via, host, port, { connectMs: deadlineMs, signal });
  const plain = tunnel ?? connect({ host, port, noDelay: true });
  const cut = (): void => void plain.destroy();
  signal.addEventListener("abort", cut, { once: true });
  // Whatever goes wrong is told by who waits; without a listener it would end the process.
  plain.on("error", () => undefined);
  const close = (): void => {
    signal.removeEventListener("abort", cut);
    cut();
  };
  let securing: Securing | null = null;
  try {
    if (tunnel === null) await connected(plain);
    securing = (sessions ?? tlsSessions).secure({ host, port, security, user: bindDn ?? "" }, ca, tunnel);
    if (security === "starttls") await agreeToTls(plain, { host, port });
    const socket = await secured(plain, host, securing.tls);
    const end = (): void => {
      socket.destroy();
      close();
    };
    return { socket, securing, close: end };
  } catch (error) {
    close();
    securing?.failed(asDirectoryFailure(error, { host, port, base: "" }));
    throw error;
  }
}

function connected(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", reject);
    socket.once("close", () => reject(new LineEnded()));
  });
}

/** What the server says beyond its consent stays in the socket, where it is no TLS: nobody can put an answer there. */
async function agreeToTls(plain: Socket, params: { host: string; port: number }): Promise<void> {
  try {
    await new Talk(plain).expect(SAID.extended, startTlsRequest);
  } catch (error) {
    if (error instanceof LdapRefused) throw new Failure("starttls-missing", { params, serverWords: error.words, cause: error });
    throw error;
  }
}

/** Questions and answers on one line, one after the other. */
class Talk {
  readonly #socket: Socket;
  readonly #incoming: Handshake;
  #id = 0;
  #heard = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#incoming = new Handshake(socket);
  }

  /** Asks what is answered in one message. @throws LdapRefused, BrokenBer, LineEnded */
  async expect(tag: number, request: (id: number) => Buffer): Promise<void> {
    this.#socket.write(request(++this.#id));
    const said = await this.#next();
    if (said.tag !== tag) throw new BrokenBer("an answer to something else");
    const result = resultOf(said);
    if (result.code !== 0) throw new LdapRefused(result);
  }

  /** @throws LdapRefused, BrokenBer, LineEnded */
  async search(base: string, words: readonly string[], limit: number, seconds: number): Promise<Address[]> {
    this.#socket.write(searchRequest(++this.#id, base, words, limit, seconds));
    const people: Address[] = [];
    for (;;) {
      const said = await this.#next();
      if (said.tag === SAID.entry) {
        const person = personOf(said);
        if (person !== null && people.length < limit) people.push(person);
      } else if (said.tag === SAID.done) {
        const result = resultOf(said);
        if (result.code === 0 || (CUT_SHORT.has(result.code) && people.length > 0)) return people;
        throw new LdapRefused(result);
      } else if (said.tag !== SAID.reference && said.tag !== SAID.meanwhile) throw new BrokenBer("no answer to a search");
    }
  }

  end(): void {
    this.#socket.end(unbindRequest(++this.#id));
  }

  async #next(): Promise<Said> {
    const head = await readHead((count) => this.#take(count));
    if (head.tag !== TAG.sequence) throw new BrokenBer("no message of LDAP");
    const said = parseMessage(await this.#take(head.length));
    // RFC 4511 §4.4.1: unasked, under the number 0, the server takes its leave.
    if (said.id === 0 && said.tag === SAID.extended) throw new LdapRefused({ ...resultOf(said), code: 52 });
    if (said.id !== this.#id) throw new BrokenBer("an answer to something else");
    return said;
  }

  async #take(count: number): Promise<Buffer> {
    this.#heard += count;
    if (this.#heard > MOST_BYTES) throw new BrokenBer("more than a handful of people");
    return count === 0 ? Buffer.alloc(0) : await this.#incoming.exactly(count);
  }
}
