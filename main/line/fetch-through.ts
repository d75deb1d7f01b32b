import type { IncomingMessage } from "node:http";
import type { TLSSocket } from "node:tls";
import type { Via } from "../plan/proxy.ts";
import { openTunnel, secured } from "./tunnel.ts";

const CONNECT_MS = 15_000;
/** Answers of this kind are a few hundred bytes. */
const MOST_BYTES = 256 * 1024;
/** Fetch §2.2.3: an answer of these has no body, and `Response` takes none. */
const WITHOUT_BODY = new Set([204, 205, 304]);

export type Asked = {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: URLSearchParams | string | null | undefined;
  readonly signal?: AbortSignal | undefined;
};

/**
 * Asks over HTTPS on the way that an account's lines take, as `fetch` would: the proxy gets the name, TLS is verified for it, and redirects are
 * answers like any other. What goes without TLS never leaves this computer, so no proxy is asked for it.
 *
 * @throws Failure `proxy-unreachable`, `proxy-refused`, `proxy-sign-in`; errors of the line and of TLS as Node has them
 */
export async function fetchThrough(via: Via | undefined, address: string, asked: Asked): Promise<Response> {
  const url = new URL(address);
  const { method, headers, body = null, signal } = asked;
  const line = via === undefined || url.protocol !== "https:" ? null : await lineTo(url, via, signal);
  const usual = { method, headers: { ...headers }, body, redirect: "manual", ...(signal === undefined ? {} : { signal }) } as const;
  if (line === null) return await fetch(address, usual);
  const text = body === null ? null : String(body);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = process.getBuiltinModule("node:https").request(url, {
      // Without an agent of its own, Node takes 80 for the usual port of https too, and writes it into the Host field.
      createConnection: () => line,
      defaultPort: 443,
      port: portOf(url),
      method,
      headers: {
        ...headers,
        ...(body instanceof URLSearchParams ? { "content-type": "application/x-www-form-urlencoded;charset=UTF-8" } : {}),
        ...(text === null ? {} : { "content-length": Buffer.byteLength(text) }),
      },
      ...(signal === undefined ? {} : { signal }),
    });
    request.once("response", resolve);
    request.once("error", reject);
    request.end(text ?? undefined);
  });
  const { statusCode: status = 0, headers: said } = response;
  const bytes = await readAtMost(response);
  return new Response(WITHOUT_BODY.has(status) ? null : bytes, {
    status,
    headers: Object.entries(said).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)] as [string, string]])),
  });
}

async function lineTo(url: URL, via: Via, signal: AbortSignal | undefined): Promise<TLSSocket | null> {
  const host = url.hostname.replace(/^\[|\]$/gu, "");
  const tunnel = await openTunnel(via, host, portOf(url), { connectMs: CONNECT_MS, signal });
  return tunnel === null ? null : await secured(tunnel, host, { minVersion: "TLSv1.2" });
}

const portOf = ({ port }: URL): number => Number(port) || 443;

async function readAtMost(response: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > MOST_BYTES) throw new Error("the answer is too long");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
