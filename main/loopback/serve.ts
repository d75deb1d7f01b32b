import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { Engine } from "../engine/engine.ts";
import { assetHeaders, COMMON_HEADERS } from "../host/content-policy.ts";
import type { WindowFiles } from "../host/window-files.ts";
import type { Log } from "../log.ts";
import { gate, upgradeGate } from "./gate.ts";
import { Session } from "./session.ts";
import { socketPort } from "./socket-port.ts";

export type LoopbackOptions = {
  /** Asked for when the first window connects. */
  readonly engine: () => Pick<Engine, "serve" | "readAsset">;
  readonly files: WindowFiles;
  readonly log: Log;
  /** One to take if it is free; 0 or none lets the system choose. */
  readonly port?: number;
  readonly now?: () => number;
};

export interface Loopback {
  readonly port: number;
  /** An address that opens one window, once. */
  newAddress(): string;
  /** Windows that are connected now. */
  windows(): number;
  /** Called whenever a window's line opens or closes. */
  onWindowsChanged(listener: () => void): void;
  close(): Promise<void>;
}

const PORT_PATH = "/port";
// A piece of an attachment is 720 kB of base64, a draft's HTML 5 MB; JSON escapes can double either.
const MOST_MESSAGE_BYTES = 16 * 1024 * 1024;
const REQUEST_DEADLINE_MS = 10_000;

/** Serves the window, its line to the engine and the assets of mail on 127.0.0.1 and nowhere else. */
export async function serveLoopback(options: LoopbackOptions): Promise<Loopback> {
  // Imported as a module it would bring Node's fetch and WebSocket along, which cost every start a tenth of a second.
  const { createServer } = process.getBuiltinModule("node:http");
  const server = createServer({ maxHeaderSize: 16 * 1024, requestTimeout: REQUEST_DEADLINE_MS, headersTimeout: REQUEST_DEADLINE_MS });
  try {
    await listening(server, options.port ?? 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    await listening(server, 0);
  }
  return new LoopbackServer(server, options);
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
}

class LoopbackServer implements Loopback {
  readonly port: number;
  readonly #server: Server;
  readonly #options: LoopbackOptions;
  readonly #session: Session;
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: MOST_MESSAGE_BYTES, perMessageDeflate: false });
  readonly #listeners: (() => void)[] = [];

  constructor(server: Server, options: LoopbackOptions) {
    this.#server = server;
    this.#options = options;
    // A TCP server that listens has an AddressInfo; a string would be a pipe.
    this.port = (server.address() as AddressInfo).port;
    this.#session = new Session(this.port, options.now ?? Date.now);
    server.on("request", (request, response) => void this.#answer(request, response));
    server.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
  }

  newAddress(): string {
    return `http://127.0.0.1:${this.port}/?token=${this.#session.newToken()}`;
  }

  windows(): number {
    return this.#sockets.clients.size;
  }

  onWindowsChanged(listener: () => void): void {
    this.#listeners.push(listener);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(COMMON_HEADERS)) response.setHeader(name, value);
    try {
      // Parsing also folds "..", so what is compared below is where the address really leads.
      const url = new URL(request.url ?? "/", "http://127.0.0.1");
      const isAsset = url.pathname.startsWith("/asset/");
      const passed = gate(request, this.port, isAsset);
      if (passed !== "pass") this.#refuse(response, 403, passed);
      else if (request.method !== "GET" && request.method !== "HEAD") this.#refuse(response, 405, "method");
      else if (isAsset) await this.#asset(request, response, url.pathname);
      else await this.#windowFile(request, response, url);
    } catch (error) {
      this.#options.log.error("loopback.request-failed", error);
      if (!response.headersSent) this.#refuse(response, 500, "failed");
      else response.destroy();
    }
  }

  async #asset(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const range = request.headers.range ?? null;
    const { status, headers, body } = await this.#options.engine().readAsset(path, { range });
    // The page's own isolation headers mean nothing on a part of mail.
    response.removeHeader("cross-origin-opener-policy");
    response.writeHead(status, { ...assetHeaders(headers), "content-length": body.byteLength });
    response.end(request.method === "HEAD" ? undefined : body);
  }

  async #windowFile(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const token = url.pathname === "/" ? url.searchParams.get("token") : null;
    const cookie = token === null ? null : this.#session.redeem(token);
    if (cookie === null && !this.#session.knows(request.headers.cookie)) {
      if (token !== null) this.#leadOn(response);
      else this.#refuse(response, 403, "This address was used before or belongs to another start. Open Satchel again to get a new one.");
      return;
    }
    const file = await this.#options.files.read(url.pathname);
    if (file === null) {
      this.#refuse(response, 404, "There is nothing here.");
      return;
    }
    response.writeHead(200, {
      "content-type": file.type,
      "content-length": file.bytes.byteLength,
      "content-security-policy": file.policy,
      "cross-origin-resource-policy": "same-origin",
      "cache-control": file.immutable ? "private, max-age=31536000, immutable" : "no-store",
      ...(cookie === null ? {} : { "set-cookie": cookie }),
    });
    response.end(request.method === "HEAD" ? undefined : file.bytes);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // A line that breaks before it is a WebSocket concerns nobody.
    socket.on("error", () => socket.destroy());
    const allowed = upgradeGate(request, this.port) === "pass" && this.#session.knows(request.headers.cookie);
    if (!allowed || request.url !== PORT_PATH) {
      this.#options.log.warn("loopback.upgrade-refused");
      socket.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (open) => {
      open.on("close", () => this.#changed());
      this.#options.engine().serve(socketPort(open));
      this.#changed();
    });
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }

  /**
   * A window that is loaded again asks with its old token, and without its cookie: for the browser it still comes from the page that led to it, and a
   * strict cookie goes to no address that another site leads to. From here it is its own site that leads.
   */
  #leadOn(response: ServerResponse): void {
    response.writeHead(403, { "content-type": "text/html; charset=utf-8", "content-security-policy": "default-src 'none'" });
    response.end('<!doctype html><meta http-equiv="refresh" content="0; url=/"><title>Satchel</title>\n');
  }

  #refuse(response: ServerResponse, status: number, why: string): void {
    this.#options.log.warn("loopback.refused", { status });
    response.writeHead(status, { "content-type": "text/plain; charset=utf-8", "content-security-policy": "default-src 'none'" });
    response.end(`${why}\n`);
  }
}
