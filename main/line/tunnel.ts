import { connect, isIP, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from "node:tls";
import { domainToASCII } from "node:url";
import { Failure } from "../../shared/failure.ts";
import { lineFailure } from "../plan/line-failure.ts";
import type { ProxyRoute, Via } from "../plan/proxy.ts";
import { LineEnded } from "./handshake.ts";
import { httpConnect } from "./http-connect.ts";
import { ProxyRefused, ProxyWantsSignIn } from "./refusals.ts";
import { socks5 } from "./socks5.ts";

export type Wait = {
  /** Milliseconds for all of it. */
  readonly connectMs: number;
  /** Gives up while still connecting. */
  readonly signal?: AbortSignal | undefined;
};

/** Which proxy a line goes through. */
const ways = new WeakMap<Socket, string>();

/** Tells the way of one line from that of another; a direct one has none. */
export function wayOf(line: Socket | null): string {
  return line === null ? "" : (ways.get(line) ?? "unknown");
}

/**
 * A line to a server through the first proxy of `via` that can be reached; null where the way is a direct one, which is opened by whoever asked.
 * Nothing is encrypted yet, and nothing of what the server says has been read.
 *
 * @throws Failure `proxy-unreachable`, `proxy-refused`, `proxy-sign-in`; of kind untrusted where a proxy that is spoken to over TLS shows a bad certificate
 */
export async function openTunnel(via: Via | undefined, host: string, port: number, wait: Wait): Promise<Socket | null> {
  if (via === undefined) return null;
  const name = isIP(host) === 0 ? domainToASCII(host) : host;
  // A name that is none could carry a line end into what is said to the proxy.
  if (name === "" || /[^\w.:-]/u.test(name)) throw new Failure("host-not-found", { params: { host } });
  let last = new Failure("proxy-unreachable", { params: { proxy: "", host, port } });
  for (const route of await via(host, port)) {
    if (route.kind === "direct") return null;
    try {
      return await through(route, name, port, wait);
    } catch (error) {
      last = asProxyFailure(error, route, host, port);
      if (last.code !== "proxy-unreachable" || wait.signal?.aborted === true) throw last;
    }
  }
  throw last;
}

async function through(route: ProxyRoute, host: string, port: number, { connectMs, signal }: Wait): Promise<Socket> {
  signal?.throwIfAborted();
  const plain = connect({ host: route.host, port: route.port, noDelay: true });
  const giveUp = () => plain.destroy(new LineEnded());
  const timer = setTimeout(giveUp, connectMs);
  signal?.addEventListener("abort", giveUp, { once: true });
  try {
    await opened(plain, "connect");
    const socket = route.kind === "https" ? await secured(plain, route.host, { minVersion: "TLSv1.2" }) : plain;
    await (route.kind === "socks5" ? socks5 : httpConnect)(socket, route, host, port);
    ways.set(socket, JSON.stringify([route.kind, route.host, route.port, route.user]));
    return socket;
  } catch (error) {
    plain.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", giveUp);
  }
}

/**
 * TLS over a line that is open already; the certificate is verified for `host`, whoever the line goes through.
 *
 * @param options as of node:tls; verification is on unless they say otherwise
 */
export async function secured(line: Socket, host: string, options: ConnectionOptions): Promise<TLSSocket> {
  // RFC 6066 §3: addresses are no server names; the certificate is checked against the host all the same.
  const socket = connectTls({
    rejectUnauthorized: true,
    ...options,
    socket: line,
    host,
    ...(isIP(host) === 0 ? { servername: host } : {}),
  });
  await opened(socket, "secureConnect");
  return socket;
}

/** An error listener stays: until somebody takes the line over, its errors must not end the process. */
function opened(socket: Socket, event: "connect" | "secureConnect"): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.on("error", reject);
    socket.once("close", () => reject(new LineEnded()));
    socket.once(event, resolve);
  });
}

function asProxyFailure(error: unknown, route: ProxyRoute, host: string, port: number): Failure {
  const params = { proxy: `${route.host}:${route.port}`, host, port };
  // The causes hold no secret, and the route that does is not among them.
  if (error instanceof ProxyWantsSignIn) return new Failure("proxy-sign-in", { params, serverWords: error.words, cause: error });
  if (error instanceof ProxyRefused) return new Failure("proxy-refused", { params, serverWords: error.words, cause: error });
  const failure = lineFailure(error, { host: route.host, port: route.port });
  return failure?.kind === "untrusted" ? failure : new Failure("proxy-unreachable", { params, cause: error });
}
