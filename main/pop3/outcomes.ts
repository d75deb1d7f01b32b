import { Failure, type FailureCode } from "../../shared/failure.ts";
import { lineFailure } from "../plan/line-failure.ts";
import { loginWords } from "../plan/login-words.ts";
import { LineLost, Refused } from "./connection.ts";
import { parseRefusal } from "./replies.ts";
import { ProtocolError } from "./reply-parser.ts";

/** What was being done: the same "-ERR" is a wrong password to the one and a vanished message to the other. */
export type Doing = "greeting" | "stls" | "sign-in" | "command" | "message";

export type Where = {
  readonly host: string;
  readonly port: number;
  /** The credential was a token. */
  readonly token: boolean;
};

/** RFC 2449 §8 and RFC 3206. */
const BY_CODE: Readonly<Record<string, FailureCode>> = {
  "IN-USE": "mailbox-in-use",
  "LOGIN-DELAY": "throttled",
  "SYS/TEMP": "server-unavailable",
};

const LOGIN_WORDS = loginWords([
  /pop3?.{0,30}(not|isn't|is not) (open|enabled|activated)|pop3?.{0,20}(disabled|deactivated)|not enabled for pop|未开启/iu,
  "pop3-switched-off",
]);
/** Said without a code by servers from before RFC 2449. */
const BUSY_WORDS = /mail ?(box|drop).{0,40}(lock|in use|busy)|(lock|in use|busy).{0,40}mail ?(box|drop)|already logged in|unable to lock/iu;

function refusalCode({ code, words }: { code: string | null; words: string }, doing: Doing, token: boolean): FailureCode {
  const known = BY_CODE[code ?? ""];
  if (known !== undefined) return known;
  if (doing === "stls") return "starttls-missing";
  if (doing === "message") return /no such message|not found|deleted/iu.test(words) ? "message-gone" : "refused-by-server";
  if (doing !== "sign-in") return /too many|try again|busy|temporar/iu.test(words) ? "throttled" : "refused-by-server";
  if (BUSY_WORDS.test(words)) return "mailbox-in-use";
  const meaning = LOGIN_WORDS.find(([pattern]) => pattern.test(words))?.[1];
  if (meaning !== undefined) return meaning;
  // RFC 3206 §4: nothing is wrong with the password, but this will not go away by itself.
  if (code === "SYS/PERM") return "refused-by-server";
  return token ? "token-expired" : "wrong-password";
}

/** What went wrong on a line as a failure: the only place where that is decided. */
export function asPop3Failure(error: unknown, where: Where, doing: Doing): Failure {
  if (error instanceof Failure) return error;
  const params = { host: where.host, port: where.port };
  if (error instanceof Refused) {
    const refusal = parseRefusal(error.line);
    const words = refusal.words === "" ? {} : { serverWords: refusal.words };
    return new Failure(refusalCode(refusal, doing, where.token), { params, cause: error, ...words });
  }
  if (error instanceof ProtocolError) {
    const code = doing === "greeting" ? "not-a-mail-server" : "bad-reply";
    return new Failure(code, { params, cause: error, ...(error.words === "" ? {} : { serverWords: error.words }) });
  }
  if (error instanceof LineLost) return new Failure(error.code === "ETIMEDOUT" ? "timed-out" : "line-closed", { params, cause: error });
  return lineFailure(error, params) ?? new Failure("bug", { params, cause: error });
}
