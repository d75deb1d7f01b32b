import type { IncomingMessage } from "node:http";
import type { LookupFunction } from "node:net";
import { asFailure } from "../../shared/failure.ts";
import { openTunnel, secured } from "../line/tunnel.ts";
import { lineFailure } from "../plan/line-failure.ts";
import { isServerName } from "../plan/listed-servers.ts";
import type { Via } from "../plan/proxy.ts";
import { MOST_BYTES } from "./autoconfig-xml.ts";

/**
 * What came of asking for a configuration file. `none`: there is no such file. `unreachable`, `slow`: nobody answered, in time. `untrusted`: whoever answered
 * could not show to be that host, as a network's sign-in page does. `elsewhere`: it leads to where nothing is asked for.
 */
export type Fetched =
  | { readonly kind: "found"; readonly bytes: Uint8Array }
  | { readonly kind: "none" }
  | { readonly kind: "unreachable" | "slow" | "untrusted" | "elsewhere" };

export type FetchConfig = (url: string, signal: AbortSignal) => Promise<Fetched>;

const MOST_REDIRECTS = 3;
const CONNECT_MS = 5000;

/**
 * Fetches configuration files: over TLS with a verified certificate only, without cookies or anything about the user; redirects are followed to other
 * names over TLS, never to addresses. What is larger than such a file is none.
 *
 * @param via the system's proxy
 * @param lookup of names; left out = the system's
 */
export function configFetcher(via: Via, lookup?: LookupFunction): FetchConfig {
  const fetchOne = async (address: string, signal: AbortSignal, redirects: number): Promise<Fetched> => {
    const url = URL.parse(address);
    if (url === null || !mayAsk(url) || redirects > MOST_REDIRECTS) return { kind: "elsewhere" };
    const response = await ask(url, via, lookup, signal);
    const { statusCode = 0, headers } = response;
    if (statusCode >= 300 && statusCode < 400 && headers.location !== undefined) {
      response.destroy();
      return await fetchOne(URL.parse(headers.location, url)?.href ?? "", signal, redirects + 1);
    }
    if (statusCode !== 200) {
      response.destroy();
      return { kind: "none" };
    }
    const bytes = await readAtMost(response);
    return bytes === null ? { kind: "none" } : { kind: "found", bytes };
  };
  return async (address, signal) => {
    try {
      return await fetchOne(address, signal, 0);
    } catch (error) {
      if (signal.aborted) return { kind: "slow" };
      // There is no such host, so there is no such file. A name server that does not answer is something else.
      if (error instanceof Error && "code" in error && error.code === "ENOTFOUND") return { kind: "none" };
      const failure = lineFailure(error) ?? asFailure(error);
      if (failure.kind === "untrusted") return { kind: "untrusted" };
      return { kind: failure.code === "timed-out" ? "slow" : "unreachable" };
    }
  };
}

function mayAsk({ protocol, hostname, port, username, password }: URL): boolean {
  return protocol === "https:" && port === "" && username === "" && password === "" && isServerName(hostname);
}

async function ask(url: URL, via: Via, lookup: LookupFunction | undefined, signal: AbortSignal): Promise<IncomingMessage> {
  const tunnel = await openTunnel(via, url.hostname, 443, { connectMs: CONNECT_MS, signal });
  const line = tunnel === null ? null : await secured(tunnel, url.hostname, { minVersion: "TLSv1.2" });
  return await new Promise((resolve, reject) => {
    const asked = process.getBuiltinModule("node:https").get(
      url,
      {
        // Without an agent of its own, Node takes 80 for the usual port of https and writes it into the Host field.
        ...(line === null ? { agent: false } : { createConnection: () => line, defaultPort: 443, port: 443 }),
        ...(lookup === undefined ? {} : { lookup }),
        minVersion: "TLSv1.2",
        signal,
        headers: { accept: "application/xml, text/xml", "user-agent": "Satchel" },
      },
      resolve,
    );
    asked.once("error", reject);
  });
}

async function readAtMost(response: IncomingMessage): Promise<Uint8Array | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > MOST_BYTES) {
      response.destroy();
      return null;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
