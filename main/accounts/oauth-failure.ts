import {
  AuthorizationResponseError,
  OperationProcessingError,
  ResponseBodyError,
  UnsupportedOperationError,
  WWWAuthenticateChallengeError,
} from "oauth4webapi";
import { Failure, type FailureCode } from "../../shared/failure.ts";
import { aadstsMeaning } from "../plan/aadsts.ts";
import { lineFailure } from "../plan/line-failure.ts";

/** RFC 6749 §4.1.2.1 and §5.2, OpenID Connect Core §3.1.2.6. */
const BY_ERROR: Readonly<Record<string, FailureCode>> = {
  access_denied: "sign-in-denied",
  consent_required: "sign-in-needs-admin",
  interaction_required: "sign-in-revoked",
  login_required: "sign-in-revoked",
  account_selection_required: "sign-in-revoked",
  invalid_grant: "sign-in-revoked",
  invalid_client: "sign-in-client",
  unauthorized_client: "sign-in-client",
  unsupported_response_type: "sign-in-client",
  unsupported_grant_type: "sign-in-client",
  invalid_scope: "sign-in-client",
  invalid_request: "sign-in-client",
  admin_policy_enforced: "sign-in-policy",
  org_internal: "sign-in-account",
  deleted_client: "sign-in-client",
  server_error: "server-unavailable",
  temporarily_unavailable: "server-unavailable",
};

const LINE_OF_WORDS = /[\r\n\t]+/gu;

function said(error: string, description: string | undefined, host: string, cause: unknown): Failure {
  const words = (description ?? "").replace(LINE_OF_WORDS, " ").trim();
  const code = aadstsMeaning(words) ?? BY_ERROR[error] ?? "sign-in-refused";
  return new Failure(code, { params: { host }, serverWords: words === "" ? error : `${error}: ${words}`, cause });
}

/** What an exchange with an authorization server failed with. The errors' own bodies may hold tokens and are not looked at. */
export function asOAuthFailure(error: unknown, host: string): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof AuthorizationResponseError || error instanceof ResponseBodyError)
    return said(error.error, error.error_description, host, undefined);
  // RFC 6749 §5.2: 401 with a challenge is about the client, never about the user.
  if (error instanceof WWWAuthenticateChallengeError) return new Failure("sign-in-client", { params: { host } });
  if (error instanceof Error && error.name === "TimeoutError") return new Failure("timed-out", { params: { host, port: 443 } });
  if (error instanceof OperationProcessingError || error instanceof UnsupportedOperationError) {
    const status = error.cause instanceof Response ? error.cause.status : 0;
    const code = status >= 500 || status === 429 ? "server-unavailable" : "sign-in-refused";
    return new Failure(code, { params: { host }, serverWords: status === 0 ? error.message : `${status}` });
  }
  const line = lineFailure(error, { host, port: 443 });
  if (line !== undefined) return line;
  // fetch says no more than that it failed.
  if (error instanceof TypeError && error.message === "fetch failed")
    return new Failure("line-closed", { params: { host, port: 443 }, cause: error });
  return new Failure("bug", { cause: error });
}
