import { lookup } from "node:dns/promises";
import { connect, isIP } from "node:net";
import { connect as connectTls } from "node:tls";
import { Failure } from "../../shared/failure.ts";
import { lineFailure } from "../plan/line-failure.ts";

/** Longest wait for one step of a connection test. */
export const PROBE_MS = 10_000;

/** Addresses of a host, IPv4 and IPv6. @throws Failure `host-not-found` */
export async function probeName(host: string): Promise<string[]> {
  if (isIP(host) !== 0) return [host];
  try {
    return (await lookup(host, { all: true })).map((found) => found.address);
  } catch (error) {
    throw lineFailure(error, { host }) ?? new Failure("host-not-found", { params: { host }, cause: error });
  }
}

/** Opens and closes a line. @throws Failure of kind offline */
export function probeLine(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: PROBE_MS });
    socket.once("connect", () => {
      socket.destroy();
      resolve();
    });
    socket.once("timeout", () => {
      socket.destroy();
      reject(new Failure("timed-out", { params: { host, port } }));
    });
    socket.once("error", (error) =>
      reject(lineFailure(error, { host, port }) ?? new Failure("connection-refused", { params: { host, port }, cause: error })),
    );
  });
}

/** What TLS came to: for the step's second column. */
export type TlsFacts = { readonly protocol: string; readonly cipher: string; readonly issuer: string; readonly validUntil: string };

/** Speaks TLS from the first byte and verifies the certificate. @throws Failure of kind untrusted or offline */
export function probeTls(host: string, port: number): Promise<TlsFacts> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ host, port, ...(isIP(host) === 0 ? { servername: host } : {}), minVersion: "TLSv1.2", timeout: PROBE_MS });
    socket.once("secureConnect", () => {
      const certificate = socket.getPeerCertificate();
      resolve({
        protocol: socket.getProtocol() ?? "TLS",
        cipher: socket.getCipher().name,
        issuer: String(certificate.issuer?.O ?? certificate.issuer?.CN ?? ""),
        validUntil: certificate.valid_to,
      });
      socket.destroy();
    });
    socket.once("timeout", () => {
      socket.destroy();
      reject(new Failure("timed-out", { params: { host, port } }));
    });
    socket.once("error", (error) =>
      reject(lineFailure(error, { host, port }) ?? new Failure("tls-failed", { params: { host, port }, cause: error })),
    );
  });
}
