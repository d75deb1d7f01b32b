import { Failure, type FailureCode } from "../../shared/failure.ts";
import { LineEnded } from "../line/handshake.ts";
import { lineFailure } from "../plan/line-failure.ts";
import { BrokenBer } from "./ber.ts";

/** A result that is not success. */
export class LdapRefused extends Error {
  override readonly name = "LdapRefused";
  readonly code: number;
  readonly words: string;

  constructor({ code, words }: { readonly code: number; readonly words: string }) {
    super(`result ${code}`);
    this.code = code;
    this.words = words;
  }
}

/** RFC 4511 §A.1; the rest is a refusal in the server's words. */
const BY_RESULT: Readonly<Record<number, FailureCode>> = {
  1: "directory-sign-in",
  8: "directory-sign-in",
  13: "no-secure-login",
  32: "directory-base",
  34: "directory-base",
  48: "directory-sign-in",
  49: "wrong-password",
  50: "directory-sign-in",
  51: "server-unavailable",
  52: "server-unavailable",
};

/** What an error of a directory, or of the line to it, means. */
export function asDirectoryFailure(error: unknown, params: { host: string; port: number; base: string }): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof LdapRefused)
    return new Failure(BY_RESULT[error.code] ?? "refused-by-server", { params, serverWords: error.words, cause: error });
  if (error instanceof LineEnded) return new Failure("line-closed", { params, cause: error });
  if (error instanceof BrokenBer) return new Failure("bad-reply", { params, cause: error });
  return lineFailure(error, params) ?? new Failure("bug", { cause: error });
}
