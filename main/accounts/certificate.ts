import type { Socket } from "node:net";
import type { DetailedPeerCertificate, TLSSocket } from "node:tls";
import type { ServerSettings } from "../../shared/contract/accounts.ts";
import { Failure } from "../../shared/failure.ts";
import { fingerprintOf } from "../line/trust.ts";
import { shakeHands } from "../line/untrusted.ts";
import { lineFailure } from "../plan/line-failure.ts";

type Shows = Pick<ServerSettings, "host" | "port" | "pinned">;

/** TLS as it came about, and whose certificate was shown. */
export type Shown = {
  readonly socket: TLSSocket;
  /** Why nothing may be said over it; null when the certificate is good. */
  readonly distrust: Failure | null;
  readonly protocol: string;
  readonly cipher: string;
  readonly issuer: string;
  /** The days from and until which it counts, ms UTC. */
  readonly from: number;
  readonly until: number;
};

/** Organisation and name of whoever signed it, each once. */
function issuerOf({ issuer }: DetailedPeerCertificate): string {
  const parts = [issuer?.O, issuer?.CN].flat().filter((part): part is string => typeof part === "string" && part !== "");
  return [...new Set(parts)].join(", ").slice(0, 200);
}

function namesOf({ subjectaltname, subject }: DetailedPeerCertificate): string {
  const names = (subjectaltname ?? "")
    .split(", ")
    .filter((name) => /^(?:DNS|IP Address):/u.test(name))
    .map((name) => name.slice(name.indexOf(":") + 1));
  return (names.length > 0 ? names.slice(0, 3) : [String(subject?.CN ?? "")]).join(", ").slice(0, 200);
}

/** A certificate in between was left out: it says itself where that can be had, which private authorities' rarely do (RFC 5280 §4.2.2.1). */
function leavesOut(certificate: DetailedPeerCertificate): boolean {
  const alone = certificate.issuerCertificate === undefined || certificate.issuerCertificate === certificate;
  const where = (certificate.infoAccess as Record<string, unknown> | undefined)?.["CA Issuers - URI"];
  return alone && where !== undefined;
}

/**
 * Speaks TLS over a line and looks at the certificate, good or bad. Nothing is sent after a bad one: `distrust` says why, and whoever asked hangs up.
 *
 * @throws Failure of kind untrusted or offline where TLS did not come about at all
 */
export async function showCertificate(line: Socket, server: Shows, stepMs: number): Promise<Shown> {
  const { host, port } = server;
  const socket = shakeHands(line, host);
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Failure("timed-out", { params: { host, port, at: "tls" } })), stepMs);
    const fail = (error: Error & { code?: string }): void => {
      const found = lineFailure(error) ?? new Failure("tls-failed");
      reject(new Failure(found.code, { params: { host, port, at: "tls", system: error.code ?? "" }, cause: error }));
    };
    socket.once("secureConnect", resolve);
    socket.once("error", fail);
    socket.once("close", () => fail(Object.assign(new Error("closed"), { code: "ECONNRESET" })));
    socket.once("secureConnect", () => clearTimeout(timer));
    socket.once("close", () => clearTimeout(timer));
  });
  const certificate = socket.getPeerCertificate(true);
  return {
    socket,
    distrust: socket.authorized ? null : distrustOf(String(socket.authorizationError), certificate, server),
    protocol: socket.getProtocol() ?? "TLS",
    cipher: socket.getCipher().name,
    issuer: issuerOf(certificate),
    from: Date.parse(certificate.valid_from),
    until: Date.parse(certificate.valid_to),
  };
}

function distrustOf(why: string, certificate: DetailedPeerCertificate, { host, port, pinned }: Shows): Failure | null {
  const found = lineFailure(Object.assign(new Error(why), { code: why }));
  const code = found?.code ?? "certificate-unknown-issuer";
  if (pinned !== undefined) {
    const seen = fingerprintOf(certificate);
    // As main/line/trust: the one that was pinned counts whoever signed it and whatever name it bears, but not past its time.
    if (seen !== pinned.sha256) return new Failure("certificate-changed", { params: { host, port, pinned: pinned.sha256, seen } });
    if (code !== "certificate-expired" && code !== "certificate-not-yet-valid") return null;
  }
  const until = Date.parse(certificate.valid_to);
  const facts: Record<string, string> = { issuer: issuerOf(certificate) };
  if (code === "certificate-expired" && !Number.isNaN(until)) facts["until"] = new Date(until).toISOString().slice(0, 10);
  if (code === "certificate-wrong-name") facts["names"] = namesOf(certificate);
  if (code === "certificate-unknown-issuer" && leavesOut(certificate)) facts["chain"] = "incomplete";
  return new Failure(code, { params: { host, port, ...facts } });
}
