import { connect, createServer, type Server, type Socket } from "node:net";
import { createSecureContext, TLSSocket } from "node:tls";

export type ProxyOptions = {
  readonly kind: "http" | "socks5";
  /** Where names lead: "imap.example.test:993" → a port on loopback. Whatever is not in it cannot be reached. */
  readonly map: Readonly<Record<string, number>>;
  readonly user?: string;
  readonly password?: string;
  /** Answers so in the place of a tunnel: a status line, or the reply byte of SOCKS5. */
  readonly refuse?: string | number;
  /** The proxy itself is spoken to over TLS. */
  readonly tls?: { readonly cert: string | Buffer; readonly key: string | Buffer };
};

/** A proxy in this process that leads where the test says; it notes what it was asked for. */
export class TestProxy {
  /** "host:port" as asked for, oldest first. */
  readonly asked: string[] = [];
  readonly #options: ProxyOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(options: ProxyOptions) {
    this.#options = options;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  static async start(options: ProxyOptions): Promise<TestProxy> {
    const proxy = new TestProxy(options);
    await new Promise<void>((resolve) => proxy.#server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(raw: Socket): void {
    this.#keep(raw);
    const { tls, kind } = this.#options;
    const socket = tls === undefined ? raw : new TLSSocket(raw, { isServer: true, secureContext: createSecureContext(tls) });
    if (tls !== undefined) this.#keep(socket);
    void (kind === "http" ? this.#http(socket) : this.#socks(socket)).catch(() => raw.destroy());
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.#sockets.delete(socket));
  }

  async #http(socket: Socket): Promise<void> {
    let head = "";
    while (!head.endsWith("\r\n\r\n")) head += (await take(socket, 1)).toString("latin1");
    const target = /^CONNECT (\S+) HTTP\/1\.1\r\n/u.exec(head)?.[1] ?? "";
    const { user, password, refuse } = this.#options;
    const wanted = user === undefined ? null : Buffer.from(`${user}:${password ?? ""}`).toString("base64");
    const given = /^Proxy-Authorization: Basic (\S+)\r?$/imu.exec(head)?.[1] ?? null;
    if (wanted !== null && given !== wanted)
      return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="test"\r\n\r\n');
    this.asked.push(target);
    if (refuse !== undefined) return void socket.end(`${String(refuse)}\r\nContent-Length: 0\r\n\r\n`);
    const port = this.#options.map[target];
    if (port === undefined) return void socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
    // In one write with the first words of the server, when it speaks first: they must not get lost.
    this.#join(socket, port, "HTTP/1.1 200 Connection established\r\nVia: a test\r\n\r\n");
  }

  async #socks(socket: Socket): Promise<void> {
    const { user, password, refuse } = this.#options;
    const [, count = 0] = await take(socket, 2);
    const methods = [...(await take(socket, count))];
    const method = user === undefined ? 0 : 2;
    if (!methods.includes(method)) return void socket.end(Buffer.from([5, 0xff]));
    socket.write(Buffer.from([5, method]));
    if (user !== undefined) {
      const name = (await take(socket, (await take(socket, 2))[1] ?? 0)).toString();
      const secret = (await take(socket, (await take(socket, 1))[0] ?? 0)).toString();
      const good = name === user && secret === password;
      socket.write(Buffer.from([1, good ? 0 : 1]));
      if (!good) return void socket.end();
    }
    const kind = (await take(socket, 4))[3];
    const host =
      kind === 3
        ? (await take(socket, (await take(socket, 1))[0] ?? 0)).toString("latin1")
        : kind === 1
          ? [...(await take(socket, 4))].join(".")
          : `[${(await take(socket, 16)).toString("hex")}]`;
    const target = `${host}:${(await take(socket, 2)).readUInt16BE()}`;
    this.asked.push(target);
    const port = this.#options.map[target];
    if (typeof refuse === "number" || port === undefined)
      return void socket.end(Buffer.from([5, typeof refuse === "number" ? refuse : 4, 0, 1, 0, 0, 0, 0, 0, 0]));
    this.#join(socket, port, Buffer.from([5, 0, 0, 3, 4, 104, 101, 114, 101, 0, 1]));
  }

  #join(socket: Socket, port: number, consent: string | Buffer): void {
    const server = connect({ host: "127.0.0.1", port });
    this.#keep(server);
    server.once("connect", () => {
      socket.write(consent);
      socket.pipe(server);
      server.pipe(socket);
      socket.resume();
    });
    server.once("close", () => socket.destroy());
    socket.once("close", () => server.destroy());
  }
}

async function take(socket: Socket, count: number): Promise<Buffer> {
  if (count === 0) return Buffer.alloc(0);
  for (;;) {
    const found: Buffer | null = socket.read(count);
    if (found !== null) return found;
    if (socket.destroyed || socket.readableEnded) throw new Error("the client went away");
    await new Promise<void>((resolve) => {
      const on = (): void => {
        socket.off("readable", on);
        socket.off("close", on);
        socket.off("end", on);
        resolve();
      };
      socket.on("readable", on);
      socket.on("close", on);
      socket.on("end", on);
    });
  }
}
