import { isIP, type Socket } from "node:net";
import type { ServerSettings } from "../../shared/contract/accounts.ts";
import { Failure } from "../../shared/failure.ts";
import { openTunnel } from "../line/tunnel.ts";
import { type ClockHint, dateInWords } from "../plan/clock.ts";
import { lineFailure } from "../plan/line-failure.ts";
import { DIRECT, isHere, type ProxyRoute, type Via } from "../plan/proxy.ts";
import { type Shown, showCertificate } from "./certificate.ts";
import { DIALOGUES, type Dialogue } from "./dialogue.ts";
import type { Address, Surroundings } from "./surroundings.ts";
import { TextLine } from "./text-line.ts";

/** How long the other family of addresses may take once one has answered. */
const OTHER_FAMILY_MS = 1500;
/** Networks without IPv6 say so at once, and nothing is wrong with that. */
const NO_SUCH_FAMILY = new Set(["ENETUNREACH", "EHOSTUNREACH", "EADDRNOTAVAIL", "EAFNOSUPPORT"]);

function systemCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/**
 * Somebody who looks in at a server without signing in: each stage by itself, so that it has its time and its own failure. No secret is known here.
 * The stages are called in their order; after one that failed only `end`.
 */
export class Visit {
  readonly #server: ServerSettings;
  readonly #dialogue: Dialogue;
  readonly #via: Via | undefined;
  readonly #around: Surroundings;
  /** Hears each line of the dialogue, `S: ` or `C: ` in front. */
  readonly #note: (line: string) => void;
  #addresses: readonly Address[] = [];
  #line: TextLine | null = null;
  #shown: Shown | null = null;
  #offered: string[] = [];
  #spoke = false;
  clock: ClockHint | null = null;

  constructor(
    server: ServerSettings,
    spoken: "imap" | "pop3" | "smtp",
    via: Via | undefined,
    around: Surroundings,
    note: (line: string) => void,
  ) {
    this.#server = server;
    this.#dialogue = DIALOGUES[spoken];
    this.#via = via;
    this.#around = around;
    this.#note = note;
  }

  /** The first proxy on the way, or null where there is none. */
  async proxy(): Promise<ProxyRoute | null> {
    const { host, port } = this.#server;
    const [way] = this.#via === undefined ? DIRECT : await this.#via(host, port);
    return way === undefined || way.kind === "direct" ? null : way;
  }

  /** Looks the name up. @throws Failure `host-not-found` with the name server's `system` code */
  async name(): Promise<string> {
    const { host } = this.#server;
    if (isIP(host) !== 0) this.#addresses = [{ address: host, family: isIP(host) }];
    else {
      try {
        this.#addresses = await this.#around.lookup(host);
      } catch (error) {
        throw new Failure("host-not-found", { params: { host, system: systemCode(error) }, cause: error });
      }
    }
    if (this.#addresses.length === 0) throw new Failure("host-not-found", { params: { host, system: "ENODATA" } });
    return this.#addresses.map(({ address }) => address).join(", ");
  }

  /**
   * Opens the line, through the proxy where there is one, else by both families of addresses at once.
   * @returns what is the matter with one of them, or null
   */
  async connect(): Promise<Failure | null> {
    const { host, port } = this.#server;
    const tunnel = await openTunnel(this.#via, host, port, { connectMs: this.#around.stepMs });
    if (tunnel !== null) {
      this.#line = new TextLine(tunnel, this.#around.stepMs);
      return null;
    }
    const families = [4, 6].map((family) => this.#addresses.filter((one) => one.family === family)).filter((list) => list.length > 0);
    const tries = families.map((list) => this.#connectTo(list));
    let socket: Socket;
    try {
      socket = await Promise.any(tries);
    } catch (error) {
      const errors: unknown[] = error instanceof AggregateError ? error.errors : [error];
      throw this.#unreached(errors[0]);
    }
    this.#line = new TextLine(socket, this.#around.stepMs);
    return tries.length < 2 ? null : await this.#otherFamily(tries, socket);
  }

  #unreached(error: unknown): Failure {
    const { host, port } = this.#server;
    const found = lineFailure(error) ?? new Failure("connection-refused");
    const facts: Record<string, string> = {};
    if (this.#addresses.every(({ family }) => family === 6)) facts["family"] = "6";
    const named = isIP(host) === 0 && !isHere(host);
    if (named && this.#addresses.every(({ address }) => address === "0.0.0.0" || address === "::" || isHere(address)))
      facts["address"] = "own";
    return new Failure(found.code, { params: { host, port, at: "tcp", system: systemCode(error), ...facts }, cause: error });
  }

  /** The line that is there need not wait for long to learn whether the other way works too. */
  async #otherFamily(tries: readonly Promise<Socket>[], taken: Socket): Promise<Failure | null> {
    const { host, port } = this.#server;
    const late = Symbol("late");
    const patience = new Promise<typeof late>((resolve) => setTimeout(resolve, OTHER_FAMILY_MS, late).unref());
    for (const one of tries) {
      const how = await Promise.race([one.catch((error: unknown) => ({ error })), patience]);
      if (how === taken) continue;
      // Whenever it opens after all, nobody needs it.
      one.then(
        (socket) => socket !== taken && socket.destroy(),
        () => undefined,
      );
      if (how === late) return new Failure("timed-out", { params: { host, port, family: "6-broken" } });
      if (typeof how === "object" && "error" in how && !NO_SUCH_FAMILY.has(systemCode(how.error)))
        return new Failure(lineFailure(how.error)?.code ?? "timed-out", { params: { host, port, family: "6-broken" }, cause: how.error });
    }
    return null;
  }

  async #connectTo(list: readonly Address[]): Promise<Socket> {
    let last: unknown;
    for (const { address } of list.slice(0, 3)) {
      try {
        return await this.#around.connect(address, this.#server.port, this.#around.stepMs);
      } catch (error) {
        last = error;
      }
    }
    throw last;
  }

  /** The first words of the server. @throws Failure `not-a-mail-server`, `server-unavailable`, or of kind offline */
  async greet(): Promise<string> {
    const lines = await this.#read(this.#dialogue.greeted, "greeting");
    const [first = ""] = lines;
    const words = lines.join(" ").slice(0, 1000);
    const params = { host: this.#server.host, port: this.#server.port };
    if (!this.#dialogue.greets.test(first)) {
      // 421 and 554 (RFC 5321 §3.1), BYE, -ERR: the right kind of server, which will not have anybody now.
      if (/^(?:421|4\d\d|554|\* BYE|-ERR)\b/iu.test(first))
        throw new Failure("server-unavailable", { params, serverWords: words.replace(/^(?:\* BYE|-ERR) /iu, "") });
      throw new Failure("not-a-mail-server", { params, serverWords: words.slice(0, 200) });
    }
    const server = dateInWords(words);
    if (server !== null) this.clock = { server, here: this.#around.now() };
    return first.replace(/^(?:\* OK|\+OK|220)[ -]*/iu, "").slice(0, 200);
  }

  /** Begins TLS; on a plain line after the command for it. @throws Failure `starttls-missing`, or of kind untrusted or offline */
  async secure(): Promise<string> {
    const { security } = this.#server;
    const line = this.#open();
    if (security === "starttls") await this.#startTls(line);
    line.release();
    this.#shown = await showCertificate(line.socket, this.#server, this.#around.stepMs);
    if (this.#shown.distrust === null) this.#line = new TextLine(this.#shown.socket, this.#around.stepMs);
    return `${this.#shown.protocol} · ${this.#shown.cipher}`;
  }

  async #startTls(line: TextLine): Promise<void> {
    const { host, port } = this.#server;
    await this.abilities();
    if (!this.#offered.some((ability) => this.#dialogue.offers.test(ability)))
      throw new Failure("starttls-missing", { params: { host, port } });
    this.#say(line, this.#dialogue.upgrade);
    const lines = await this.#read(this.#dialogue.answered, "tls");
    const last = lines.at(-1) ?? "";
    if (!this.#dialogue.agreed.test(last))
      throw new Failure("starttls-missing", { params: { host, port }, serverWords: last.slice(0, 500) });
  }

  /** Who vouches for the server and until when. @throws Failure of kind untrusted: then nothing more is said */
  chain(): string {
    const shown = this.#shown;
    if (shown === null) return "";
    if (shown.distrust !== null) throw shown.distrust;
    return `${shown.issuer} · ${new Date(shown.until).toISOString().slice(0, 10)}`;
  }

  /** From and until when a certificate counts that is not trusted, ms UTC; null where none was shown or all is well. */
  get validity(): { readonly from: number; readonly until: number } | null {
    return this.#shown === null || this.#shown.distrust === null ? null : { from: this.#shown.from, until: this.#shown.until };
  }

  async abilities(): Promise<string> {
    const line = this.#open();
    this.#say(line, this.#dialogue.ask);
    const lines = await this.#read(this.#dialogue.told, "abilities");
    this.#offered = this.#dialogue.abilities(lines);
    return this.#offered.join(" ").slice(0, 500);
  }

  end(): void {
    const line = this.#line;
    // Whoever has not spoken leaves without a word: over a plain line nothing is said at all.
    if (line !== null && this.#spoke && (this.#shown === null || this.#shown.distrust === null) && line.socket.writable)
      line.socket.end(`${this.#dialogue.bye}\r\n`);
    const leave = (): void => {
      this.#shown?.socket.destroy();
      line?.socket.destroy();
    };
    if (this.#spoke) setTimeout(leave, 200).unref();
    else leave();
  }

  #open(): TextLine {
    if (this.#line === null) throw new Failure("line-closed", { params: { host: this.#server.host, port: this.#server.port } });
    return this.#line;
  }

  #say(line: TextLine, words: string): void {
    this.#spoke = true;
    this.#note(`C: ${words}`);
    line.say(words);
  }

  async #read(last: (line: string) => boolean, at: string): Promise<string[]> {
    const { host, port, security } = this.#server;
    try {
      const lines = await this.#open().read(last);
      for (const line of lines) this.#note(`S: ${line.slice(0, 500)}`);
      return lines;
    } catch (error) {
      if (error instanceof Failure) throw error;
      const found = lineFailure(error) ?? new Failure("line-closed");
      throw new Failure(found.code, { params: { host, port, at, security, system: systemCode(error) }, cause: error });
    }
  }
}
