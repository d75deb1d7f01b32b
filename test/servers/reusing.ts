import { readFileSync } from "node:fs";
import type { Socket } from "node:net";
import { createServer, type TLSSocket, type TlsOptions } from "node:tls";
import type { Spoken } from "../../shared/contract/certificates.ts";
import type { Certificates } from "./certificates.ts";

const GREETING: Readonly<Record<Spoken, string>> = {
  imap: "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] ready",
  pop3: "+OK ready",
  smtp: "220 ready",
};

function answer(spoken: Spoken, line: string): string {
  if (spoken === "pop3") return line === "CAPA" ? "+OK\r\nUSER\r\nUIDL\r\n." : "+OK";
  if (spoken === "smtp") return line.startsWith("EHLO") ? "250-here\r\n250 AUTH PLAIN" : line.startsWith("AUTH") ? "235 in" : "250 yes";
  const [tag = "", command = ""] = line.split(" ");
  return `${command === "CAPABILITY" ? "* CAPABILITY IMAP4rev1\r\n" : ""}${tag} OK done`;
}

/** A server that takes everybody, says yes to everything, and knows of each line whether its TLS session was taken up again. */
export class ReusingServer {
  /** Oldest first. */
  readonly reused: boolean[] = [];
  readonly port: number;
  readonly #server: ReturnType<typeof createServer>;
  readonly #sockets: Set<Socket>;

  private constructor(server: ReturnType<typeof createServer>, sockets: Set<Socket>, port: number) {
    this.#server = server;
    this.#sockets = sockets;
    this.port = port;
  }

  static async start(spoken: Spoken, { cert, key }: Certificates, more: TlsOptions & { port?: number } = {}): Promise<ReusingServer> {
    const { port = 0, ...tls } = more;
    const sockets = new Set<Socket>();
    const server = createServer({ cert: readFileSync(cert), key: readFileSync(key), ...tls });
    server.on("connection", (socket: Socket) => {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
    });
    server.on("tlsClientError", () => undefined);
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    const address = server.address();
    const started = new ReusingServer(server, sockets, typeof address === "object" && address !== null ? address.port : 0);
    server.on("secureConnection", (socket) => started.#serve(socket, spoken));
    return started;
  }

  /** Another certificate, with the tickets of before still taken. */
  shows({ cert, key }: Certificates): void {
    this.#server.setSecureContext({ cert: readFileSync(cert), key: readFileSync(key) });
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(socket: TLSSocket, spoken: Spoken): void {
    this.reused.push(socket.isSessionReused());
    socket.on("error", () => socket.destroy());
    socket.write(`${GREETING[spoken]}\r\n`);
    let rest = "";
    socket.on("data", (bytes) => {
      const lines = (rest + bytes.toString()).split("\r\n");
      rest = lines.pop() ?? "";
      for (const line of lines) socket.write(`${answer(spoken, line)}\r\n`);
    });
  }
}
