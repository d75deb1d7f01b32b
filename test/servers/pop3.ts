import { createHash } from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";
import { createSecureContext, TLSSocket } from "node:tls";
import { authenticate, type Dialogue } from "./pop3/sign-in.ts";

export type Pop3Mail = { uid: string; raw: Buffer };

/** What becomes of a command instead of the usual. */
export type Pop3Verdict =
  | { readonly say: string }
  /** Bytes as they are, and nothing else. */
  | { readonly raw: string | Buffer }
  /** Only so many bytes of the answer, then the end of the line. */
  | { readonly cutAfter: number }
  /** Does it, and closes without a word. */
  | "lose-answer"
  | "hang"
  | "close";

export type Pop3Options = {
  readonly user?: string;
  readonly password?: string;
  readonly token?: string;
  readonly greeting?: string;
  /** null: CAPA is unknown. A function is asked each time. */
  readonly capabilities?: readonly string[] | null | ((secure: boolean, signedIn: boolean) => readonly string[]);
  readonly tls?: { readonly cert: string; readonly key: string };
  /** TLS from the first byte. */
  readonly implicit?: boolean;
  /** Written in pieces of so many bytes. */
  readonly pieceBytes?: number;
};

const USUAL = ["USER", "SASL PLAIN LOGIN XOAUTH2 OAUTHBEARER", "TOP", "UIDL", "RESP-CODES", "PIPELINING"];

/** A POP3 server that does what the test wants. One mailbox; its mail may be changed at any time and counts for the next sign-in. */
export class ScriptedPop3 {
  readonly commands: string[] = [];
  mail: Pop3Mail[] = [];
  /** Asked for every command; undefined = the usual. */
  onCommand: (line: string, connection: number) => Pop3Verdict | undefined = () => undefined;
  /** LIST and the like lie about sizes by so many bytes. */
  sizeError = 0;
  /** TOP gives a line that is another one each time. */
  topVaries = false;
  tops = 0;
  /** Said and hung up in the place of everything else: a network's sign-in page. */
  portal: string | null = null;
  connections = 0;
  /** Bytes of whole messages sent. */
  retrieved = 0;
  readonly options: Pop3Options;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #pausedPort = 0;

  private constructor(options: Pop3Options) {
    this.options = options;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  static async start(options: Pop3Options = {}): Promise<ScriptedPop3> {
    const started = new ScriptedPop3(options);
    await new Promise<void>((resolve) => started.#server.listen(0, "127.0.0.1", resolve));
    return started;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  deliver(raw: Buffer | string, uid?: string): Pop3Mail {
    const bytes = Buffer.from(raw);
    const one = { uid: uid ?? createHash("md5").update(bytes).update(String(this.mail.length)).digest("hex"), raw: bytes };
    this.mail.push(one);
    return one;
  }

  cutAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Not to be reached until `resume`, which gives it its port again. */
  async pause(): Promise<void> {
    this.#pausedPort = this.port;
    await this.stop();
  }

  async resume(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.#pausedPort, "127.0.0.1", resolve));
  }

  async stop(): Promise<void> {
    this.cutAll();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.#sockets.delete(socket));
    if (this.portal !== null) {
      socket.end(this.portal);
      return;
    }
    const number = this.connections++;
    if (this.options.implicit === true) new Visit(this, this.secured(socket), number, true).greet();
    else new Visit(this, socket, number, false).greet();
  }

  secured(socket: Socket): TLSSocket {
    const secured = new TLSSocket(socket, { isServer: true, secureContext: createSecureContext({ ...this.options.tls }) });
    secured.on("error", () => secured.destroy());
    return secured;
  }

  capabilities(secure: boolean, signedIn: boolean): readonly string[] | null {
    const { capabilities = USUAL } = this.options;
    return typeof capabilities === "function" ? capabilities(secure, signedIn) : capabilities;
  }
}

/** One connection. */
class Visit {
  readonly #server: ScriptedPop3;
  readonly #number: number;
  #socket: Socket;
  #secure: boolean;
  #buffered = "";
  #user = "";
  #dialogue: Dialogue | null = null;
  #mail: Pop3Mail[] | null = null;
  readonly #deleted = new Set<number>();

  constructor(server: ScriptedPop3, socket: Socket, number: number, secure: boolean) {
    this.#server = server;
    this.#socket = socket;
    this.#number = number;
    this.#secure = secure;
    this.#listen();
  }

  greet(): void {
    this.#write(`${this.#server.options.greeting ?? "+OK ready"}\r\n`);
  }

  #listen(): void {
    this.#socket.on("data", (chunk: Buffer) => {
      this.#buffered += chunk.toString("latin1");
      for (;;) {
        const end = this.#buffered.indexOf("\r\n");
        if (end < 0) return;
        const line = Buffer.from(this.#buffered.slice(0, end), "latin1").toString("utf8");
        this.#buffered = this.#buffered.slice(end + 2);
        this.#command(line);
      }
    });
  }

  #command(line: string): void {
    this.#server.commands.push(line);
    const verdict = this.#server.onCommand(line, this.#number);
    if (verdict === "hang") return;
    if (verdict === "close") return void this.#socket.destroy();
    if (typeof verdict === "object" && "say" in verdict) return void this.#write(`${verdict.say}\r\n`);
    if (typeof verdict === "object" && "raw" in verdict) return void this.#write(verdict.raw);
    const answer = this.#answer(line);
    if (verdict === "lose-answer") return void this.#socket.destroy();
    if (verdict === undefined) this.#write(answer);
    else this.#socket.end(Buffer.from(answer).subarray(0, verdict.cutAfter));
    if (/^QUIT$/iu.test(line)) this.#socket.end();
    if (/^STLS$/iu.test(line) && answer.toString().startsWith("+OK")) this.#startTls();
  }

  #startTls(): void {
    this.#socket.removeAllListeners("data");
    this.#socket = this.#server.secured(this.#socket);
    this.#secure = true;
    this.#buffered = "";
    this.#listen();
  }

  #answer(line: string): string | Buffer {
    if (this.#dialogue !== null) return this.#goOn(this.#dialogue, line);
    const [verb = "", first = "", second = ""] = line.split(" ");
    const name = verb.toUpperCase();
    if (name === "CAPA") {
      const offered = this.#server.capabilities(this.#secure, this.#mail !== null);
      return offered === null ? "-ERR what?\r\n" : lines(offered);
    }
    if (name === "QUIT") return this.#quit();
    if (this.#mail === null) return this.#signIn(name, first, second, line);
    return this.#transaction(this.#mail, name, Number(first));
  }

  #signIn(name: string, first: string, second: string, line: string): string {
    const { user = "user1@example.test", password = "secret-user1", tls } = this.#server.options;
    switch (name) {
      case "STLS":
        return tls === undefined || this.#secure ? "-ERR no\r\n" : "+OK begin TLS\r\n";
      case "UTF8":
        return "+OK\r\n";
      case "USER":
        this.#user = first;
        return "+OK\r\n";
      case "PASS":
        return this.#enter(this.#user === user && line.slice(5) === password);
      case "APOP": {
        const stamp = /<.*>/u.exec(this.#server.options.greeting ?? "")?.[0] ?? "";
        const digest = createHash("md5").update(`${stamp}${password}`).digest("hex");
        return this.#enter(first === user && second === digest);
      }
      case "AUTH":
        this.#dialogue = authenticate(first.toUpperCase(), { user, password, token: this.#server.options.token ?? "" });
        return line.split(" ").length > 2 ? this.#goOn(this.#dialogue, second) : "+ \r\n";
      default:
        return "-ERR not now\r\n";
    }
  }

  #goOn(dialogue: Dialogue, line: string): string {
    const next = dialogue(line);
    if (typeof next === "string") return `+ ${next}\r\n`;
    this.#dialogue = null;
    return this.#enter(next);
  }

  #enter(good: boolean): string {
    if (!good) return "-ERR [AUTH] no such user or password\r\n";
    this.#mail = [...this.#server.mail];
    return "+OK welcome\r\n";
  }

  #quit(): string {
    const gone = new Set([...this.#deleted].map((number) => this.#mail?.[number - 1]));
    this.#server.mail = this.#server.mail.filter((one) => !gone.has(one));
    return "+OK bye\r\n";
  }

  #transaction(mail: readonly Pop3Mail[], name: string, number: number): string | Buffer {
    const there = mail.flatMap((one, index) => (this.#deleted.has(index + 1) ? [] : [{ ...one, number: index + 1 }]));
    const size = (raw: Buffer) => raw.length + this.#server.sizeError;
    const one = there.find((each) => each.number === number);
    switch (name) {
      case "STAT":
        return `+OK ${there.length} ${there.reduce((sum, { raw }) => sum + size(raw), 0)}\r\n`;
      case "NOOP":
        return "+OK\r\n";
      case "LIST":
        return lines(there.map((each) => `${each.number} ${size(each.raw)}`));
      case "UIDL":
        return lines(there.map((each) => `${each.number} ${each.uid}`));
      case "TOP":
        if (one === undefined) return "-ERR no such message\r\n";
        this.#server.tops += 1;
        return stuffed(
          Buffer.concat([
            Buffer.from(this.#server.topVaries ? `X-Looked-At: ${this.#server.tops}\r\n` : ""),
            one.raw.subarray(0, headerEnd(one.raw)),
          ]),
        );
      case "RETR":
        if (one === undefined) return "-ERR no such message\r\n";
        this.#server.retrieved += one.raw.length;
        return stuffed(one.raw);
      case "DELE":
        if (one === undefined) return "-ERR no such message\r\n";
        this.#deleted.add(number);
        return "+OK marked\r\n";
      default:
        return "-ERR unknown command\r\n";
    }
  }

  #write(bytes: string | Buffer): void {
    const all = Buffer.from(bytes);
    const piece = this.#server.options.pieceBytes ?? all.length;
    for (let at = 0; at < all.length; at += piece) this.#socket.write(all.subarray(at, at + piece));
  }
}

const headerEnd = (raw: Buffer): number => {
  const found = raw.indexOf("\r\n\r\n");
  return found < 0 ? raw.length : found + 4;
};

function lines(all: readonly string[]): string {
  return ["+OK", ...all.map((line) => (line.startsWith(".") ? `.${line}` : line)), ".", ""].join("\r\n");
}

/** RFC 1939 §3, from the server's side: written on its own, so that it proves something about the client's. */
export function stuffed(raw: Buffer, status = "+OK"): Buffer {
  const text = raw.toString("latin1").replace(/(^|\r\n)\./gu, "$1..");
  return Buffer.from(`${status}\r\n${text}${text === "" || text.endsWith("\r\n") ? "" : "\r\n"}.\r\n`, "latin1");
}
