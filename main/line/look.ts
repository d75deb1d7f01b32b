import type { X509Certificate } from "node:crypto";
import { connect, type Socket } from "node:net";
import { checkServerIdentity, type TLSSocket } from "node:tls";
import type { ServerSettings } from "../../shared/contract/accounts.ts";
import type { ShownCertificate, Spoken } from "../../shared/contract/certificates.ts";
import { Failure } from "../../shared/failure.ts";
import { lineFailure } from "../plan/line-failure.ts";
import type { Via } from "../plan/proxy.ts";
import { tlsSessions } from "./tls-sessions.ts";
import { fingerprintOf } from "./trust.ts";
import { openTunnel } from "./tunnel.ts";
import { shakeHands } from "./untrusted.ts";

const LOOK_MS = 15_000;
/** A greeting that goes on for longer is none. */
const LONGEST_TALK = 16 * 1024;

/** What is said until the server agrees to TLS: each line waits for the answer that it matches. */
const STARTTLS: Readonly<Record<Spoken, readonly (readonly [awaited: RegExp, then: string])[]>> = {
  imap: [
    [/^\* (?:OK|PREAUTH)\b.*\r?\n/imu, "A1 STARTTLS\r\n"],
    [/^A1 OK\b.*\r?\n/imu, ""],
  ],
  pop3: [
    [/^\+OK.*\r?\n/iu, "STLS\r\n"],
    [/^\+OK.*\r?\n/iu, ""],
  ],
  smtp: [
    [/^220(?: .*)?\r?\n/mu, "EHLO [127.0.0.1]\r\n"],
    [/^250(?: .*)?\r?\n/mu, "STARTTLS\r\n"],
    [/^220(?: .*)?\r?\n/mu, ""],
  ],
};

/**
 * Looks at the certificate that a server shows, good or bad, and at the TLS that comes about. Nothing but the handshake is done on this line: it is
 * never signed in on and carries no mail, which is why it alone may go on with a certificate that is not trusted.
 *
 * @throws Failure of kind offline, `starttls-missing`, `tls-failed`, `tls-too-old` or one of the proxy's
 */
export async function lookAt(server: ServerSettings, spoken: Spoken, via?: Via): Promise<ShownCertificate> {
  const { host, port, security } = server;
  const where = { host, port };
  if (security === "plain") throw new Failure("not-supported", { params: where });
  const tunnel = await openTunnel(via, host, port, { connectMs: LOOK_MS });
  const plain = tunnel ?? connect({ host, port });
  const timer = setTimeout(() => plain.destroy(Object.assign(new Error("no answer in time"), { code: "ETIMEDOUT" })), LOOK_MS);
  let failed: unknown = null;
  plain.on("error", (error) => {
    failed ??= error;
  });
  try {
    if (tunnel === null) await once(plain, "connect");
    if (security === "starttls") await agree(plain, spoken, where);
    const secure = shakeHands(plain, host);
    secure.on("error", (error) => {
      failed ??= error;
    });
    await once(secure, "secureConnect");
    return shown(secure, server);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw lineFailure(failed ?? error, where) ?? new Failure("tls-failed", { params: where, cause: error });
  } finally {
    clearTimeout(timer);
    plain.destroy();
  }
}

function once(socket: Socket, event: "connect" | "secureConnect"): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(event, resolve);
    socket.once("error", reject);
    socket.once("close", () => reject(Object.assign(new Error("closed"), { code: "ECONNRESET" })));
  });
}

async function agree(socket: Socket, spoken: Spoken, where: { host: string; port: number }): Promise<void> {
  for (const [awaited, then] of STARTTLS[spoken]) {
    if (!awaited.test(await hear(socket, awaited))) throw new Failure("starttls-missing", { params: where });
    if (then !== "") socket.write(then);
  }
}

/** Reads until what is awaited, a refusal, or too much has come. */
function hear(socket: Socket, awaited: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = "";
    const take = (chunk: Buffer): void => {
      heard += chunk.toString("latin1");
      if (!awaited.test(heard) && !/^(?:A1 (?:NO|BAD)|-ERR|[45]\d\d )/imu.test(heard) && heard.length < LONGEST_TALK) return;
      socket.off("data", take);
      socket.pause();
      resolve(heard);
    };
    socket.on("data", take);
    socket.once("close", () => reject(Object.assign(new Error("closed"), { code: "ECONNRESET" })));
    socket.resume();
  });
}

function shown(secure: TLSSocket, server: ServerSettings): ShownCertificate {
  const { host, pinned } = server;
  // First: once the other form was asked for, this one is empty.
  const wrongName = checkServerIdentity(host, secure.getPeerCertificate()) !== undefined;
  const certificate = secure.getPeerX509Certificate();
  if (certificate === undefined) throw new Failure("tls-failed", { params: { host } });
  const sha256 = fingerprintOf(certificate);
  const byAuthority = secure.authorized && !wrongName;
  return {
    sha256,
    pem: certificate.toString(),
    subject: lastPart(certificate.subject),
    issuer: lastPart(certificate.issuer),
    names: namesOf(certificate),
    validFrom: Date.parse(certificate.validFrom),
    validTo: Date.parse(certificate.validTo),
    protocol: secure.getProtocol() ?? "TLS",
    cipher: secure.getCipher().standardName ?? secure.getCipher().name,
    trust: byAuthority ? "authority" : sha256 === pinned?.sha256 ? "pinned" : "none",
    selfSigned: certificate.subject === certificate.issuer,
    wrongName,
    lastResumed: tlsSessions.lastResumed(server),
  };
}

/** `C=GB\nO=Harbour\nCN=mail.harbour.example`: the organisation, else the common name. */
function lastPart(name: string): string {
  const part = (key: string): string | undefined => new RegExp(`^${key}=(.+)$`, "mu").exec(name)?.[1];
  return part("O") ?? part("CN") ?? name.replaceAll("\n", ", ");
}

function namesOf({ subjectAltName, subject }: X509Certificate): string[] {
  const names = [...(subjectAltName ?? "").matchAll(/(?:DNS|IP Address):([^,\s"]+)/gu)].map((match) => match[1] ?? "");
  const common = /^CN=(.+)$/mu.exec(subject)?.[1];
  return (names.length > 0 ? names : common === undefined ? [] : [common]).slice(0, 50);
}
