import { X509Certificate } from "node:crypto";
import {
  type ConnectionOptions,
  checkServerIdentity,
  type DetailedPeerCertificate,
  getCACertificates,
  type PeerCertificate,
} from "node:tls";
import type { ServerSettings } from "../../shared/contract/accounts.ts";
import { Failure } from "../../shared/failure.ts";

/** What a certificate is told apart by: SHA-256 of its bytes, in lower-case hex without colons. */
export function fingerprintOf(certificate: Pick<X509Certificate, "fingerprint256">): string {
  return certificate.fingerprint256.replaceAll(":", "").toLowerCase();
}

/** Another certificate than the pinned one, which is not trusted for a reason of its own either. */
class NotThePinned extends Error {
  readonly code = "ERR_TLS_CERT_ALTNAME_INVALID";
}

/**
 * How TLS to a server is verified: always, by authority and name. A pinned certificate is trusted beside the authorities, exactly as it is and
 * whatever name it bears; it vouches for no other one. What the authorities vouch for under the right name is no alarm, so that a
 * server may get a proper certificate later.
 *
 * @param ca PEM of authorities in the place of the built-in ones; for tests and private servers
 * @throws Failure `invalid-input` when the pinned certificate is not the one that it is said to be
 */
export function trustFor({ pinned }: Pick<ServerSettings, "pinned">, ca?: string): ConnectionOptions {
  const always = { minVersion: "TLSv1.2", rejectUnauthorized: true } as const;
  if (pinned === undefined) return { ...always, ...(ca === undefined ? {} : { ca }) };
  if (fingerprintOf(readCertificate(pinned.pem)) !== pinned.sha256) throw new Failure("invalid-input", { params: { field: "pinned" } });
  return {
    ...always,
    ca: [...(ca === undefined ? getCACertificates("default") : [ca]), pinned.pem],
    // A certificate that somebody else has signed is an end of the chain as well.
    allowPartialTrustChain: true,
    checkServerIdentity(host, certificate) {
      const [leaf, ...issuers] = chainOf(certificate).map(fingerprintOf);
      if (leaf === pinned.sha256) return undefined;
      if (issuers.includes(pinned.sha256)) return new NotThePinned("signed by the pinned certificate");
      return checkServerIdentity(host, certificate);
    },
  };
}

/** @throws Failure `invalid-input` */
export function readCertificate(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (error) {
    throw new Failure("invalid-input", { params: { field: "pinned" }, cause: error });
  }
}

/** From the server's up to its root, which is its own issuer. */
export function chainOf(certificate: PeerCertificate): PeerCertificate[] {
  const chain: PeerCertificate[] = [];
  for (let at: PeerCertificate | undefined = certificate; at !== undefined && !chain.includes(at); ) {
    chain.push(at);
    at = (at as Partial<DetailedPeerCertificate>).issuerCertificate;
  }
  return chain;
}
