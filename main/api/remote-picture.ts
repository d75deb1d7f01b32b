import { type LookupAddress, lookup as lookUpName } from "node:dns";
import type { IncomingMessage } from "node:http";
import { BlockList, isIP, type LookupFunction, type Socket } from "node:net";
import { openTunnel, secured } from "../line/tunnel.ts";
import type { Via } from "../plan/proxy.ts";
import type { AssetAnswer } from "./assets.ts";

const MOST_BYTES = 10 * 1024 * 1024;
const DEADLINE_MS = 15_000;
const MOST_REDIRECTS = 3;

type Net = readonly [start: string, bits: number];

/** Addresses that belong to this computer, this network or nobody: a mail must not make us knock there (RFC 6890). */
const PRIVATE_V4: readonly Net[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 3],
];

/** Forms that carry an IPv4 address inside (mapped, compatible, NAT64, Teredo, 6to4) are refused as a whole. */
const PRIVATE_V6: readonly Net[] = [
  ["::", 96],
  ["::ffff:0:0", 96],
  ["64:ff9b::", 96],
  ["64:ff9b:1::", 48],
  ["2001::", 32],
  ["2002::", 16],
  ["fc00::", 7],
  ["fe80::", 9],
  ["ff00::", 8],
];

// Two lists: in one, the rule for mapped addresses would match every IPv4 address there is.
const V4 = blockList(PRIVATE_V4, "ipv4");
const V6 = blockList(PRIVATE_V6, "ipv6");

function blockList(nets: readonly Net[], family: "ipv4" | "ipv6"): BlockList {
  const list = new BlockList();
  for (const [start, bits] of nets) list.addSubnet(start, bits, family);
  return list;
}

/** True as well for what is no address at all. */
export function isPrivateAddress(address: string): boolean {
  // An address with a zone (fe80::1%eth0) is of this network by definition.
  if (address.includes("%")) return true;
  const family = isIP(address);
  return family === 0 || (family === 4 ? V4.check(address, "ipv4") : V6.check(address, "ipv6"));
}

/** Refuses names that lead to private addresses at the moment of connecting, so that no second look-up can answer otherwise. */
export function publicOnly(lookUp: typeof lookUpName): LookupFunction {
  return (hostname, options, callback) => {
    lookUp(hostname, { ...options, all: true }, (error, found: LookupAddress[] | undefined) => {
      const open = found?.filter(({ address }) => !isPrivateAddress(address)) ?? [];
      const [first] = open;
      if (error !== null || first === undefined) callback(error ?? new Error("private address"), "", 4);
      else if (options.all === true) callback(null, open);
      else callback(null, first.address, first.family);
    });
  };
}

/** Finds public addresses only. */
export const publicLookup = publicOnly(lookUpName);

/** Whether an address names this computer or this network by its number. Names are looked at when they are looked up. */
export function leadsInside({ hostname }: URL): boolean {
  const bare = hostname.replace(/^\[|\]$/gu, "");
  return isIP(bare) !== 0 && isPrivateAddress(bare);
}

/**
 * Fetches a picture that the user allowed: no cookie, no referrer, nothing about this program, pictures only, never from an
 * address inside the user's own network.
 *
 * @returns null for whatever is not a picture that can be had
 */
export async function fetchPicture(
  address: string,
  via?: Via,
  lookup: LookupFunction = publicLookup,
  redirects = 0,
): Promise<AssetAnswer | null> {
  const url = URL.parse(address);
  if (url === null || !/^https?:$/u.test(url.protocol) || url.username !== "" || url.password !== "" || redirects > MOST_REDIRECTS)
    return null;
  if (leadsInside(url)) return null;
  const response = await request(url, lookup, via);
  if (response === null) return null;
  const { statusCode = 0, headers } = response;
  if (statusCode >= 300 && statusCode < 400 && headers.location !== undefined) {
    response.destroy();
    return fetchPicture(URL.parse(headers.location, url)?.href ?? "", via, lookup, redirects + 1);
  }
  const type = headers["content-type"]?.split(";")[0]?.trim().toLowerCase() ?? "";
  // SVG is a document that can ask for more.
  if (statusCode !== 200 || !/^image\/(?!svg)[\w.+-]+$/u.test(type)) {
    response.destroy();
    return null;
  }
  const body = await readAtMost(response);
  return body === null
    ? null
    : { status: 200, headers: { "content-type": type, "cache-control": "no-store", "x-content-type-options": "nosniff" }, body };
}

/** Names that mean something inside one network only: a proxy would look them up in its own. */
const INNER_NAME = /^[^.]*$|(?:^|\.)(?:localhost|local|internal|intranet|lan|home|corp|home\.arpa)$/u;

async function request(url: URL, lookup: LookupFunction, via: Via | undefined): Promise<IncomingMessage | null> {
  let line: Socket | null;
  try {
    line = await lineTo(url, via);
  } catch {
    return null;
  }
  return new Promise((resolve) => {
    const { get } = process.getBuiltinModule(url.protocol === "https:" ? "node:https" : "node:http");
    const asked = get(
      url,
      {
        // Without an agent of its own, Node takes 80 for the usual port of https too, and writes it into the Host field.
        ...(line === null
          ? { lookup, agent: false }
          : { createConnection: () => line, defaultPort: url.protocol === "https:" ? 443 : 80, port: portOf(url) }),
        timeout: DEADLINE_MS,
        headers: { accept: "image/*", "user-agent": "Mozilla/5.0" },
      },
      resolve,
    );
    asked.once("timeout", () => asked.destroy());
    // A picture that cannot be had is a gap in the message, nothing to tell anybody.
    asked.once("error", () => resolve(null));
  });
}

export const portOf = ({ port, protocol }: URL): number => Number(port) || (protocol === "https:" ? 443 : 80);

/**
 * Through the account's proxy, which looks the name up; null = directly.
 * @throws Error "inner name" where the name means something inside one network only; Failure of the proxy or of TLS
 */
export async function lineTo(url: URL, via: Via | undefined): Promise<Socket | null> {
  if (via === undefined) return null;
  const host = url.hostname.replace(/^\[|\]$/gu, "");
  const at = portOf(url);
  const routes = await via(host, at);
  if (routes[0]?.kind !== "direct" && isIP(host) === 0 && INNER_NAME.test(host)) throw new Error("inner name");
  const line = await openTunnel(() => Promise.resolve(routes), host, at, { connectMs: DEADLINE_MS });
  return line !== null && url.protocol === "https:" ? await secured(line, host, {}) : line;
}

async function readAtMost(response: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  const deadline = setTimeout(() => response.destroy(), DEADLINE_MS);
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.byteLength;
      if (size > MOST_BYTES) return null;
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch {
    return null;
  } finally {
    clearTimeout(deadline);
    response.destroy();
  }
}
