import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type RedirectPage, redirectPage } from "./redirect-page.ts";

export type RedirectOptions = {
  /** As the provider knows it; the listener is on the loopback either way. */
  readonly host: "127.0.0.1" | "localhost";
  /** Null: any free one (RFC 8252 §7.3). */
  readonly port: number | null;
  /** BCP 47. */
  readonly language: () => string;
  /** Called once, with the query of the redirect that bears the state. The page waits for it. */
  readonly onAnswer: (parameters: URLSearchParams) => Promise<"done" | "failed">;
};

/** An ear on the loopback for one redirect (RFC 8252 §7.3). */
export type RedirectListener = {
  readonly uri: string;
  /** From now on a request with this state counts, and no other. */
  expect(state: string): void;
  close(): void;
};

const PAGE_HEADERS = {
  "Content-Type": "text/html; charset=utf-8",
  "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; form-action 'none'; base-uri 'none'",
  // The code in the address is worth nothing any more, but it is nobody's business.
  "Referrer-Policy": "no-referrer",
  "Cache-Control": "no-store",
  "X-Content-Type-Options": "nosniff",
  Connection: "close",
} as const;

/** @throws the socket's error when the wanted port is taken */
export async function listenForRedirect(options: RedirectOptions): Promise<RedirectListener> {
  const ear = new Ear(options);
  const first = await listening(ear, "127.0.0.1", options.port ?? 0);
  const { port } = first.address() as AddressInfo;
  // A browser may take "localhost" for either family; a computer without IPv6 has the other one.
  const second = options.host === "localhost" ? await listening(ear, "::1", port).catch(() => null) : null;
  ear.hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]);
  return {
    uri: `http://${options.host}:${port}/`,
    expect: (state) => {
      ear.state = Buffer.from(state, "utf8");
    },
    close() {
      for (const server of [first, second]) {
        server?.close();
        server?.closeIdleConnections();
      }
    },
  };
}

function listening(ear: Ear, host: string, port: number): Promise<Server> {
  const { createServer } = process.getBuiltinModule("node:http");
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 10_000, maxHeaderSize: 32 * 1024 }, (request, response) => {
    void ear.answer(request, response);
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port, exclusive: true }, () => resolve(server));
  });
}

class Ear {
  hosts: ReadonlySet<string> = new Set();
  state: Buffer | null = null;
  #used = false;
  readonly #options: RedirectOptions;

  constructor(options: RedirectOptions) {
    this.#options = options;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A name that somebody else made point here is not ours to answer (DNS rebinding).
    if (!this.hosts.has(request.headers.host ?? "") || request.method !== "GET") return send(response, 400, "foreign", this.#options);
    const url = URL.parse(request.url ?? "", "http://127.0.0.1");
    if (url?.pathname !== "/") return send(response, 404, "foreign", this.#options);
    if (!this.#bears(url.searchParams)) return send(response, 400, "foreign", this.#options);
    if (this.#used) return send(response, 409, "used", this.#options);
    this.#used = true;
    const page = await this.#options.onAnswer(url.searchParams);
    send(response, 200, page, this.#options);
  }

  /** A request without our state is somebody else's, and must not end the sign-in that is under way. */
  #bears(parameters: URLSearchParams): boolean {
    const given = parameters.getAll("state");
    const [only] = given;
    if (this.state === null || only === undefined || given.length !== 1) return false;
    const bytes = Buffer.from(only, "utf8");
    return bytes.length === this.state.length && timingSafeEqual(bytes, this.state);
  }
}

function send(response: ServerResponse, status: number, page: RedirectPage, { language }: RedirectOptions): void {
  response.writeHead(status, PAGE_HEADERS);
  response.end(redirectPage(page, language()));
}
