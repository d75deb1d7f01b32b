import { type LookupAddress, lookup as lookUpName } from "node:dns";
import { get as getPlain, type IncomingMessage } from "node:http";
import { get as getSecure } from "node:https";
import { BlockList, isIP, type LookupFunction } from "node:net";
import type { AssetAnswer } from "./assets.ts";

const MOST_BYTES = 10 * 1024 * 1024;
const DEADLINE_MS = 15_000;
const MOST_REDIRECTS = 3;

/** Addresses that belong to this computer, this network or nobody: a mail must not make us knock there (RFC 6890). */
const PRIVATE = (() => {
  const list = new BlockList();
  for (const [net, bits] of [
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
  ] as const)
    list.addSubnet(net, bits, "ipv4");
  for (const [net, bits] of [
    ["::", 127],
    ["::ffff:0:0", 96],
    ["64:ff9b::", 96],
    ["fc00::", 7],
    ["fe80::", 10],
    ["ff00::", 8],
  ] as const)
    list.addSubnet(net, bits, "ipv6");
  return list;
})();

export function isPrivateAddress(address: string): boolean {
  return PRIVATE.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}

/** Refuses names that lead to private addresses at the moment of connecting, so that no second look-up can answer otherwise. */
const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookUpName(hostname, { ...options, all: true }, (error, found) => {
    const addresses = found as unknown as LookupAddress[] | undefined;
    const open = addresses?.filter(({ address }) => !isPrivateAddress(address)) ?? [];
    const [first] = open;
    if (error !== null || first === undefined) callback(error ?? new Error("private address"), "", 4);
    else if (options.all === true) (callback as unknown as (e: null, all: LookupAddress[]) => void)(null, open);
    else callback(null, first.address, first.family);
  });
};

/**
 * Fetches a picture that the user allowed: no cookie, no referrer, nothing about this program, pictures only, never from an
 * address inside the user's own network.
 *
 * @returns null for whatever is not a picture that can be had
 */
export async function fetchPicture(address: string, redirects = 0): Promise<AssetAnswer | null> {
  const url = URL.parse(address);
  if (url === null || !/^https?:$/u.test(url.protocol) || url.username !== "" || redirects > MOST_REDIRECTS) return null;
  if (isIP(url.hostname.replace(/^\[|\]$/gu, "")) !== 0 && isPrivateAddress(url.hostname.replace(/^\[|\]$/gu, ""))) return null;
  const response = await request(url);
  if (response === null) return null;
  const { statusCode = 0, headers } = response;
  if (statusCode >= 300 && statusCode < 400 && headers.location !== undefined) {
    response.destroy();
    return fetchPicture(URL.parse(headers.location, url)?.href ?? "", redirects + 1);
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

function request(url: URL): Promise<IncomingMessage | null> {
  return new Promise((resolve) => {
    const get = url.protocol === "https:" ? getSecure : getPlain;
    const asked = get(
      url,
      { lookup: publicLookup, timeout: DEADLINE_MS, headers: { accept: "image/*", "user-agent": "Mozilla/5.0" }, agent: false },
      resolve,
    );
    asked.once("timeout", () => asked.destroy());
    // A picture that cannot be had is a gap in the message, nothing to tell anybody.
    asked.once("error", () => resolve(null));
  });
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
