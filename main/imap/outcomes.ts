import { Failure, type FailureCode } from "../../shared/failure.ts";
import { loginWords } from "../plan/login-words.ts";

/** What the failure sentences need to know about the server spoken to. */
export type Where = { readonly host: string; readonly port: number };

/** Fields that the library and Node put on their errors; all optional, none trusted. */
type LibraryError = {
  code?: unknown;
  responseStatus?: unknown;
  responseText?: unknown;
  serverResponseCode?: unknown;
  response?: unknown;
  reason?: unknown;
  authenticationFailed?: unknown;
  tlsFailed?: unknown;
  oauthError?: unknown;
  message?: unknown;
  _err?: unknown;
};

const BY_NODE_CODE: Readonly<Record<string, FailureCode>> = {
  ENOTFOUND: "host-not-found",
  EAI_AGAIN: "host-not-found",
  EAI_NODATA: "host-not-found",
  ECONNREFUSED: "connection-refused",
  ENETUNREACH: "network-unreachable",
  EHOSTUNREACH: "network-unreachable",
  ENETDOWN: "network-unreachable",
  EADDRNOTAVAIL: "network-unreachable",
  ETIMEDOUT: "timed-out",
  ETIMEOUT: "timed-out",
  CONNECT_TIMEOUT: "timed-out",
  GREETING_TIMEOUT: "timed-out",
  UPGRADE_TIMEOUT: "timed-out",
  ECONNRESET: "line-closed",
  EPIPE: "line-closed",
  NoConnection: "line-closed",
  EConnectionClosed: "line-closed",
  StateLogout: "line-closed",
  ClosedAfterConnectText: "line-closed",
  ClosedAfterConnectTLS: "line-closed",
  COMPRESS_TRAILING_DATA: "line-closed",
  ETHROTTLE: "throttled",
  CERT_HAS_EXPIRED: "certificate-expired",
  CERT_NOT_YET_VALID: "certificate-not-yet-valid",
  ERR_TLS_CERT_ALTNAME_INVALID: "certificate-wrong-name",
  DEPTH_ZERO_SELF_SIGNED_CERT: "certificate-self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "certificate-unknown-issuer",
  UNABLE_TO_GET_ISSUER_CERT: "certificate-unknown-issuer",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "certificate-unknown-issuer",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "certificate-unknown-issuer",
  CERT_UNTRUSTED: "certificate-unknown-issuer",
  ERR_SSL_UNSUPPORTED_PROTOCOL: "tls-too-old",
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: "tls-too-old",
  EPROTO: "tls-failed",
  STARTTLS_INJECTION: "tls-failed",
  LiteralTooLarge: "message-too-large",
  ResponseTooLarge: "message-too-large",
  LineTooLarge: "bad-reply",
  TooManyTokens: "bad-reply",
  TooManyResponses: "bad-reply",
  UnexpectedTag: "bad-reply",
  MissingTag: "bad-reply",
  InvalidResponse: "bad-reply",
  ResponseProcessingFailed: "bad-reply",
};

/** RFC 5530 and RFC 9051 §7.1 response codes of a tagged NO. */
const BY_RESPONSE_CODE: Readonly<Record<string, FailureCode>> = {
  UNAVAILABLE: "server-unavailable",
  INUSE: "throttled",
  THROTTLED: "throttled",
  LIMIT: "too-many-connections",
  SERVERBUG: "server-unavailable",
  NOPERM: "no-permission",
  "READ-ONLY": "no-permission",
  OVERQUOTA: "over-quota",
  NONEXISTENT: "folder-gone",
  TRYCREATE: "folder-gone",
  TOOBIG: "message-too-large",
  APPENDLIMIT: "message-too-large",
  CANNOT: "not-supported",
  PRIVACYREQUIRED: "no-secure-login",
};

const LOGIN_WORDS = loginWords([
  /imap.{0,30}(not|isn't|is not) (open|enabled)|imap.{0,20}disabled|not enabled for imap|authenticated but not connected|未开启/iu,
  "imap-switched-off",
]);

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** The library names the code of a refused sign-in; a refused command of ours brings its whole answer instead. */
function codeOf({ serverResponseCode, response }: LibraryError): string {
  if (typeof serverResponseCode === "string") return serverResponseCode.toUpperCase();
  if (typeof response !== "object" || response === null || !("attributes" in response) || !Array.isArray(response.attributes)) return "";
  const first: unknown = response.attributes[0];
  const section: unknown = typeof first === "object" && first !== null && "section" in first ? first.section : null;
  const name: unknown = Array.isArray(section) ? section[0] : null;
  const value: unknown = typeof name === "object" && name !== null && "value" in name ? name.value : null;
  return text(value).toUpperCase();
}

function loginCode(error: LibraryError, words: string): FailureCode {
  const code = codeOf(error);
  // RFC 5530 §3: the server could not look the password up; nothing is wrong with it.
  const temporary = BY_RESPONSE_CODE[code];
  if (temporary === "server-unavailable" || temporary === "throttled" || temporary === "too-many-connections") return temporary;
  if (code === "WEBALERT") return "browser-sign-in-needed";
  if (code === "EXPIRED") return error.oauthError === undefined ? "wrong-password" : "token-expired";
  for (const [pattern, meaning] of LOGIN_WORDS) if (pattern.test(words)) return meaning;
  return error.oauthError === undefined ? "wrong-password" : "token-expired";
}

function lineCode(error: LibraryError, words: string): FailureCode | undefined {
  const code = text(error.code);
  if (/too many|maximum number of connections/iu.test(words)) return "too-many-connections";
  if (/throttl|rate limit|try again later/iu.test(words)) return "throttled";
  // A record that does not decrypt is a bad line, not a bad server.
  if (/BAD_RECORD_MAC|DECRYPTION_FAILED|DECRYPT_ERROR/u.test(code)) return "line-closed";
  if (code.startsWith("ERR_SSL_") || code.startsWith("ERR_TLS_")) return BY_NODE_CODE[code] ?? "tls-failed";
  if (code.startsWith("ParserError")) return "bad-reply";
  return BY_NODE_CODE[code];
}

function refusalCode(error: LibraryError, words: string): FailureCode {
  // Exchange lets anybody in and then refuses everything where IMAP is off for the mailbox.
  if (/authenticated but not connected/iu.test(words)) return "imap-switched-off";
  // Gmail calls its limits of a day OVERQUOTA.
  if (/exceeded (command|bandwidth)/iu.test(words)) return "throttled";
  // RFC 5530 §3: of a sign-in it is the connections; of a command, what it asked for, which asking again does not change.
  if (codeOf(error) === "LIMIT") return "refused-by-server";
  const known = BY_RESPONSE_CODE[codeOf(error)];
  if (known) return known;
  if (/throttl|rate limit|too many requests/iu.test(words)) return "throttled";
  return "refused-by-server";
}

/** The library takes the response code (RFC 9051 §7.1) off the words; what the server said had it, and often it is all that is clear. */
function withCode(code: string, words: string): string {
  return code === "" || words.startsWith("[") ? words : `[${code}] ${words}`;
}

/** The library's errors as failures: the only place where they are translated. */
export function asImapFailure(cause: unknown, where: Where): Failure {
  if (cause instanceof Failure) return cause;
  const error: LibraryError = typeof cause === "object" && cause !== null ? cause : {};
  const params = { host: where.host, port: where.port };
  const words = text(error.responseText) || text(error.response) || text(error.reason);
  const more = { params, cause, ...(words ? { serverWords: withCode(codeOf(error), words) } : {}) };
  // The library names no code for a STARTTLS that was not offered or not accepted.
  if (error.tlsFailed === true && !text(error.code)) return new Failure("starttls-missing", more);
  if (text(error.message) === "Unsupported authentication mechanism" || text(error.message) === "Login is disabled")
    return new Failure("no-secure-login", more);
  if (error.authenticationFailed === true) return new Failure(loginCode(error, words), more);
  if (error.responseStatus === "NO" || error.responseStatus === "BAD") return new Failure(refusalCode(error, words), more);
  const line = lineCode(error, words);
  if (line) return new Failure(line, more);
  if (error._err !== undefined && error._err !== cause) return asImapFailure(error._err, where);
  return new Failure("bug", more);
}
