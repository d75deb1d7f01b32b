import { Failure, type FailureCode } from "../../shared/failure.ts";
import type { ReplyReason } from "../../shared/reply-reason.ts";
import { lineFailure } from "../plan/line-failure.ts";
import type { AttemptOutcome, RecipientOutcome } from "../plan/outbox-item.ts";
import { isAboutSender, isFinal, reasonInWords, reasonOf } from "../plan/reply-reason.ts";
import { parseReply, type Reply } from "./reply.ts";

/** What nodemailer's connection fails with, as far as it is looked at. */
export type SmtpError = Error & {
  code?: string;
  originalCode?: string;
  /** The server's reply as it came, if it replied at all. */
  response?: string;
  command?: string;
  recipient?: string;
  rejectedErrors?: readonly SmtpError[];
};

/** A failure without any reply of the server: DNS, the line, TLS. nodemailer puts its own code over the system's. */
function withoutReply(error: SmtpError, params: { host: string; port: number }): Failure {
  const system = error.originalCode === undefined ? undefined : Object.assign(new Error(error.message), { code: error.originalCode });
  const found = (system && lineFailure(system, params)) ?? lineFailure(error, params);
  return found ?? new Failure(error.code === "ETLS" ? "tls-failed" : "line-closed", { params, cause: error });
}

const AUTHORIZATION_CODE = /authori[sz]ation code|授权码|auth code/iu;
const APP_PASSWORD = /application-specific|app[- ]specific|app password|应用专用密码/iu;
const BASIC_SWITCHED_OFF = /basic authentication is disabled|oauth|5\.7\.139/iu;

/** What each kind of refusal is called when it comes as an answer to the whole message or to the connection. */
const CODE_OF: Partial<Record<ReplyReason, FailureCode>> = {
  "day-limit": "sending-limit",
  "locked-out": "sending-locked",
  "too-many-connections": "too-many-connections",
  "connection-full": "server-unavailable",
  rate: "throttled",
  greylisted: "greylisted",
};

function signInFailure(reply: Reply): FailureCode {
  // Who guesses on while the server has locked the door prolongs it.
  if (reasonOf(reply, "AUTH") === "locked-out") return "sending-locked";
  if (reply.code < 500) return "server-unavailable";
  if (AUTHORIZATION_CODE.test(reply.words)) return "needs-authorization-code";
  if (APP_PASSWORD.test(reply.words) || reply.enhanced === "5.7.9") return "needs-app-password";
  if (BASIC_SWITCHED_OFF.test(reply.words)) return "browser-sign-in-needed";
  return "wrong-password";
}

function temporaryFailure(reply: Reply, command: string): FailureCode {
  const known = CODE_OF[reasonOf(reply, command)];
  if (known !== undefined) return known;
  return reply.code === 421 ? "server-unavailable" : "throttled";
}

function permanentFailure(reply: Reply, command: string): FailureCode {
  // RFC 4954 §6: 530 asks for a sign-in first, wherever it comes.
  if (reply.code === 530) return "no-credential";
  if (reply.code === 535 || reply.code === 534) return signInFailure(reply);
  const reason = reasonOf(reply, command);
  if (reason === "mailbox-full") return "over-quota";
  if (reason === "too-large") return "message-too-large";
  if (command === "MAIL FROM") return "sender-refused";
  if (command === "RCPT TO") return "recipient-refused";
  return "refused-by-server";
}

/** Where it was said, and of whom: they fill the sentence. */
type Said = { readonly host: string; readonly port: number; readonly from?: string };

/** Any error of the connection as Satchel's own. */
export function asSmtpFailure(error: SmtpError, server: Said): Failure {
  const params = { host: server.host, port: server.port };
  const reply = parseReply(error.response);
  const make = (code: FailureCode): Failure =>
    new Failure(code, {
      params: code === "sender-refused" ? { ...params, address: server.from ?? "" } : params,
      serverWords: reply?.words ?? error.response,
      cause: error,
    });
  if (error.command === "STARTTLS" && reply) return make(reply.code < 500 && reply.code >= 400 ? "server-unavailable" : "starttls-missing");
  if (reply && error.code === "EAUTH") return make(signInFailure(reply));
  if (reply && reply.code >= 400) {
    if (reply.code === 503) return make("bad-reply");
    const command = error.command ?? "";
    return make(isFinal(reply, command) ? permanentFailure(reply, command) : temporaryFailure(reply, command));
  }
  if (error.code === "EPROTOCOL") return make(error.command === "CONN" ? "not-a-mail-server" : "bad-reply");
  if (error.response !== undefined && error.response !== "") return make("bad-reply");
  return withoutReply(error, params);
}

/** What became of each recipient whose RCPT was not accepted. */
export function refusedRecipients(errors: readonly SmtpError[]): RecipientOutcome[] {
  return errors.flatMap((error) => {
    if (error.recipient === undefined) return [];
    const reply = parseReply(error.response);
    const state = reply && isFinal(reply, "RCPT TO") ? "refused" : "deferred";
    return [{ address: error.recipient, state, serverWords: reply?.words ?? error.response ?? "" }];
  });
}

/** Whether the rest of the recipients were turned away only because one message takes no more: they go in the next, at once. */
export function restGoesOn(recipients: readonly RecipientOutcome[]): boolean {
  const deferred = recipients.filter(({ state }) => state === "deferred");
  return (
    deferred.length > 0 &&
    recipients.some(({ state }) => state === "accepted") &&
    deferred.every(({ serverWords }) => reasonInWords(serverWords) === "too-many-recipients")
  );
}

/**
 * What a failed attempt means for the message.
 *
 * @param released whether the last piece and the final dot may have left (see Upload)
 * @param recipients what is known of single recipients
 * @param all how many were named
 */
export function failedAttempt(
  error: SmtpError,
  server: Said,
  released: boolean,
  recipients: readonly RecipientOutcome[],
  all: number,
): AttemptOutcome {
  const failure = asSmtpFailure(error, server).data();
  const reply = parseReply(error.response);
  const command = error.command ?? "";
  // RFC 5321 §4.2.1: only a reply that begins with 4 or 5 says that the message was not taken. After the final dot
  // everything else, silence and nonsense alike, leaves it open.
  const refused = reply !== null && reply.code >= 400;
  if (released && !refused) return { verdict: "unknown", failure, recipients };
  const aboutSender = refused && isAboutSender(reasonOf(reply, command));
  // All were turned away, each for its own reason: some of them for good, others not.
  const apart = command === "RCPT TO" && recipients.length === all && new Set(recipients.map(({ state }) => state)).size > 1;
  if (apart && !aboutSender) return { verdict: "answered", failure: null, recipients };
  return { verdict: refused && isFinal(reply, command) ? "permanent" : "retryable", failure, recipients, aboutSender };
}
