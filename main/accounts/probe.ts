import { lookup } from "node:dns/promises";
import { connect, isIP, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import type { ServerSettings } from "../../shared/contract/accounts.ts";
import type { Spoken } from "../../shared/contract/certificates.ts";
import { asFailure, Failure } from "../../shared/failure.ts";
import { asPinned } from "../line/pinned.ts";
import { trustFor } from "../line/trust.ts";
import { openTunnel } from "../line/tunnel.ts";
import { lineFailure } from "../plan/line-failure.ts";
import { DIRECT, type Via } from "../plan/proxy.ts";

/** Longest wait for one step of a connection test. */
export const PROBE_MS = 10_000;

/** Addresses of a host, IPv4 and IPv6; null where a proxy looks it up. @throws Failure `host-not-found` */
export async function probeName(host: string, port: number, via?: Via): Promise<string[] | null> {
  const [way] = via === undefined ? DIRECT : await via(host, port);
  if (way?.kind !== "direct") return null;
  if (isIP(host) !== 0) return [host];
  try {
    return (await lookup(host, { all: true })).map((found) => found.address);
  } catch (error) {
    throw lineFailure(error, { host }) ?? new Failure("host-not-found", { params: { host }, cause: error });
  }
}

/** Opens and closes a line. @throws Failure of kind offline, or one of the proxy's */
export async function probeLine(host: string, port: number, via?: Via): Promise<void> {
  const tunnel = await openTunnel(via, host, port, { connectMs: PROBE_MS });
  if (tunnel !== null) {
    tunnel.destroy();
    return;
  }
  const socket = connect({ host, port, timeout: PROBE_MS });
  try {
    await opened(socket, "connect", host, port, "connection-refused");
  } finally {
    socket.destroy();
  }
}

/** What TLS came to: for the step's second column. */
export type TlsFacts = { readonly protocol: string; readonly cipher: string; readonly issuer: string; readonly validUntil: string };

/** Speaks TLS from the first byte and verifies the certificate. @throws Failure of kind untrusted or offline, or one of the proxy's */
export async function probeTls(server: ServerSettings, spoken: Spoken, via?: Via): Promise<TlsFacts> {
  const { host, port } = server;
  const tunnel = await openTunnel(via, host, port, { connectMs: PROBE_MS });
  const socket: TLSSocket = connectTls({
    host,
    port,
    ...(tunnel === null ? {} : { socket: tunnel }),
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...trustFor(server),
    timeout: PROBE_MS,
  });
  try {
    await opened(socket, "secureConnect", host, port, "tls-failed");
    const certificate = socket.getPeerCertificate();
    return {
      protocol: socket.getProtocol() ?? "TLS",
      cipher: socket.getCipher().name,
      issuer: String(certificate.issuer?.O ?? certificate.issuer?.CN ?? ""),
      validUntil: certificate.valid_to,
    };
  } catch (error) {
    throw await asPinned(asFailure(error), server, spoken, via);
  } finally {
    socket.destroy();
    tunnel?.destroy();
  }
}

function opened(
  socket: Socket,
  event: "connect" | "secureConnect",
  host: string,
  port: number,
  otherwise: "connection-refused" | "tls-failed",
): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(event, resolve);
    socket.once("timeout", () => reject(new Failure("timed-out", { params: { host, port } })));
    socket.on("error", (error) =>
      reject(lineFailure(error, { host, port }) ?? new Failure(otherwise, { params: { host, port }, cause: error })),
    );
  });
}
