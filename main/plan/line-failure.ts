import { Failure, type FailureCode } from "../../shared/failure.ts";

/** Node's and OpenSSL's words for what can happen to a line before any protocol is spoken. */
const CODES: Readonly<Record<string, FailureCode>> = {
  ENOTFOUND: "host-not-found",
  EAI_AGAIN: "host-not-found",
  EAI_NODATA: "host-not-found",
  ENODATA: "host-not-found",
  EDNS: "host-not-found",
  ECONNREFUSED: "connection-refused",
  ETIMEDOUT: "timed-out",
  ETIME: "timed-out",
  EHOSTUNREACH: "network-unreachable",
  ENETUNREACH: "network-unreachable",
  ENETDOWN: "network-unreachable",
  EADDRNOTAVAIL: "network-unreachable",
  ECONNRESET: "line-closed",
  ECONNABORTED: "line-closed",
  EPIPE: "line-closed",
  CERT_HAS_EXPIRED: "certificate-expired",
  CERT_NOT_YET_VALID: "certificate-not-yet-valid",
  ERR_TLS_CERT_ALTNAME_INVALID: "certificate-wrong-name",
  DEPTH_ZERO_SELF_SIGNED_CERT: "certificate-self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "certificate-unknown-issuer",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "certificate-unknown-issuer",
  UNABLE_TO_GET_ISSUER_CERT: "certificate-unknown-issuer",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "certificate-unknown-issuer",
  CERT_REVOKED: "certificate-unknown-issuer",
  CERT_UNTRUSTED: "certificate-unknown-issuer",
  ERR_SSL_UNSUPPORTED_PROTOCOL: "tls-too-old",
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: "tls-too-old",
  ERR_SSL_WRONG_VERSION_NUMBER: "tls-failed",
  EPROTO: "tls-failed",
};

function codesOf(error: unknown): string[] {
  const codes: string[] = [];
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if ("code" in at && typeof at.code === "string") codes.push(at.code);
    // A host with several addresses fails with all of them at once.
    if (at instanceof AggregateError) codes.push(...at.errors.flatMap(codesOf));
  }
  return codes;
}

/**
 * What a socket or TLS error means, whichever protocol was to follow; undefined when it is none of them.
 *
 * @param params host and port, for the sentence
 */
export function lineFailure(error: unknown, params: Record<string, string | number> = {}): Failure | undefined {
  for (const code of codesOf(error)) {
    const known = CODES[code] ?? (code.startsWith("ERR_SSL_") ? "tls-failed" : undefined);
    if (known !== undefined) return new Failure(known, { params, cause: error });
  }
  return undefined;
}
