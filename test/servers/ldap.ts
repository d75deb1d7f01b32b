import { readFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { createSecureContext, TLSSocket } from "node:tls";
import { type Element, element, elementsIn, integer, numberOf, octets, TAG, textOf } from "../../main/contacts/ber.ts";
import type { Certificates } from "./certificates.ts";

export type LdapPerson = { readonly displayName?: string; readonly cn?: string; readonly mail?: string | readonly string[] };

export type LdapOptions = {
  readonly people: readonly LdapPerson[];
  readonly tls: Certificates;
  /** TLS from the first byte; else by StartTLS. */
  readonly implicit?: boolean;
  /** Who has to sign in; left out: everybody may read. */
  readonly user?: { readonly dn: string; readonly password: string };
  readonly base?: string;
  /** The server's own limit. */
  readonly mostEntries?: number;
};

/** What becomes of a request in the place of the usual answer. */
export type LdapVerdict = "hang" | "close" | { readonly raw: Buffer } | { readonly result: number; readonly words?: string };
export type LdapRequest = { readonly kind: "bind" | "starttls" | "search" | "unbind" | "other"; readonly secure: boolean };

/** A directory that does what the test wants. It knows the filters that Satchel asks by. */
export class LdapServer {
  readonly requests: LdapRequest[] = [];
  readonly passwords: string[] = [];
  /** Words of each search. */
  readonly searches: string[][] = [];
  onRequest: (kind: LdapRequest["kind"]) => LdapVerdict | undefined = () => undefined;
  connections = 0;
  readonly #options: LdapOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(options: LdapOptions) {
    this.#options = options;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  static async start(options: LdapOptions): Promise<LdapServer> {
    const started = new LdapServer(options);
    await new Promise<void>((resolve) => started.#server.listen(0, "127.0.0.1", resolve));
    return started;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  get open(): number {
    return this.#sockets.size;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(socket: Socket): void {
    this.connections += 1;
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    if (this.#options.implicit === true) this.#serve(this.#secured(socket), true);
    else this.#serve(socket, false);
  }

  #secured(socket: Socket): TLSSocket {
    const { cert, key } = this.#options.tls;
    const secureContext = createSecureContext({ cert: readFileSync(cert), key: readFileSync(key) });
    const secure = new TLSSocket(socket, { isServer: true, secureContext });
    secure.on("error", () => socket.destroy());
    return secure;
  }

  #serve(socket: Socket, secure: boolean): void {
    let signedIn = this.#options.user === undefined;
    const take = (bytes: Buffer): void => {
      // Each request of Satchel's is one write, and waits for its answer.
      const [message] = elementsIn(bytes);
      const [id, operation] = elementsIn(message?.body ?? Buffer.alloc(0));
      if (id === undefined || operation === undefined) return;
      const kind = kindOf(operation.tag);
      this.requests.push({ kind, secure });
      const number = numberOf(id);
      const say = (tag: number, code: number, words = ""): void => void socket.write(result(number, tag, code, words));
      const verdict = this.onRequest(kind);
      if (verdict === "hang") return;
      if (verdict === "close") return void socket.destroy();
      if (verdict !== undefined && "raw" in verdict) return void socket.write(verdict.raw);
      const tag = { bind: 0x61, starttls: 0x78, search: 0x65, unbind: 0, other: 0 }[kind];
      if (verdict !== undefined) say(tag, verdict.result, verdict.words);
      else if (kind === "starttls") {
        say(tag, 0);
        socket.off("data", take);
        this.#serve(this.#secured(socket), true);
      } else if (kind === "bind") {
        const [, dn, password] = elementsIn(operation.body);
        this.passwords.push(textOf(password));
        const { user } = this.#options;
        signedIn = user === undefined || (textOf(dn) === user.dn && textOf(password) === user.password);
        say(tag, signedIn ? 0 : 49, signedIn ? "" : "invalid credentials");
      } else if (kind === "search") this.#search(socket, number, elementsIn(operation.body), signedIn);
    };
    socket.on("data", take);
  }

  #search(socket: Socket, id: number, parts: readonly Element[], signedIn: boolean): void {
    const [base, , , limit, , , filter] = parts;
    if (!signedIn) return void socket.write(result(id, 0x65, 50, "who are you"));
    if (this.#options.base !== undefined && textOf(base) !== this.#options.base)
      return void socket.write(result(id, 0x65, 32, "no such object"));
    const words = wordsOf(filter);
    this.searches.push(words);
    const found = this.#options.people.filter((person) => words.every((word) => holds(person, word)));
    const most = Math.min(numberOf(limit), this.#options.mostEntries ?? Number.MAX_SAFE_INTEGER);
    const entries = found.slice(0, most).map((person, at) => entry(id, at, person));
    socket.write(Buffer.concat([...entries, result(id, 0x65, found.length > most ? 4 : 0, "")]));
  }
}

function kindOf(tag: number): LdapRequest["kind"] {
  return ({ 96: "bind", 119: "starttls", 99: "search", 66: "unbind" } as const)[tag] ?? "other";
}

export function result(id: number, tag: number, code: number, words: string): Buffer {
  return element(TAG.sequence, integer(id), element(tag, integer(code, TAG.enumerated), octets(""), octets(words)));
}

export function entry(id: number, at: number, { displayName, cn, mail }: LdapPerson): Buffer {
  const attribute = (type: string, values: readonly string[]): Buffer =>
    element(TAG.sequence, octets(type), element(TAG.set, ...values.map((value) => octets(value))));
  const attributes = [
    ...(displayName === undefined ? [] : [attribute("displayname", [displayName])]),
    ...(cn === undefined ? [] : [attribute("cn", [cn])]),
    ...(mail === undefined ? [] : [attribute("mail", [mail].flat())]),
  ];
  return element(TAG.sequence, integer(id), element(0x64, octets(`uid=${at}`), element(TAG.sequence, ...attributes)));
}

/** `(&(mail=*)(|(displayName=*WORD*)(cn=*WORD*)(mail=WORD*))…)` */
function wordsOf(filter: Element | undefined): string[] {
  if (filter?.tag !== 0xa0) return ["(another filter)"];
  const [, ...words] = elementsIn(filter.body);
  return words.map(({ body }) => {
    const [first] = elementsIn(body);
    const [, substrings] = elementsIn(first?.body ?? Buffer.alloc(0));
    return textOf(elementsIn(substrings?.body ?? Buffer.alloc(0))[0]);
  });
}

function holds({ displayName = "", cn = "", mail = "" }: LdapPerson, word: string): boolean {
  const [address = ""] = [mail].flat();
  return [displayName, cn].some((one) => one.toLowerCase().includes(word)) || address.toLowerCase().startsWith(word);
}
