import type { SMTPConnectionAuth, SMTPConnectionCustomAuthHandler } from "nodemailer/lib/smtp-connection";
import type { Credential } from "../../shared/contract/accounts.ts";
import { Failure } from "../../shared/failure.ts";
import type { Capabilities } from "./reply.ts";

const PASSWORD_MECHANISMS = ["PLAIN", "LOGIN", "CRAM-MD5"];

/**
 * How to sign in with this credential, or null where the server offers no AUTH at all: then it either needs none, or says so
 * with 530 at MAIL FROM.
 *
 * @throws Failure `browser-sign-in-needed` when there is a password and the server takes tokens only, `not-supported` the other way round
 */
export function signInPlan(user: string, credential: Credential, capabilities: Capabilities): SMTPConnectionAuth | null {
  const offered = capabilities.auth;
  if (offered.size === 0) return null;
  if (credential.kind === "token") {
    const method = ["XOAUTH2", "OAUTHBEARER"].find((name) => offered.has(name));
    if (method === undefined) throw new Failure("not-supported", { params: { what: "OAuth" } });
    return { method: `TOKEN-${method}`, user, pass: credential.accessToken };
  }
  if (!PASSWORD_MECHANISMS.some((name) => offered.has(name))) {
    const tokens = offered.has("XOAUTH2") || offered.has("OAUTHBEARER");
    throw new Failure(tokens ? "browser-sign-in-needed" : "no-secure-login");
  }
  return { user, pass: credential.password, credentials: { user, pass: credential.password } };
}

/** One mechanism that sends the token at once. `onChallenge` is the answer to an error challenge, after which the server says 535. */
function bearer(mechanism: string, initial: (user: string, token: string) => string, onChallenge: string): SMTPConnectionCustomAuthHandler {
  return async (context) => {
    const { user, pass } = context.auth.credentials;
    const first = await context.sendCommand(`AUTH ${mechanism} ${Buffer.from(initial(user, pass), "utf8").toString("base64")}`);
    const last = first.status === 334 ? await context.sendCommand(onChallenge) : first;
    if (last.status < 200 || last.status >= 300) throw new Error("the token was not accepted");
  };
}

/**
 * Sign-in with a token: XOAUTH2 as Google and Microsoft describe it, OAUTHBEARER by RFC 7628.
 *
 * The names carry a prefix because nodemailer takes a bare XOAUTH2 without its own token generator as leave to choose another
 * mechanism, and would send the token as the password of PLAIN.
 */
export function tokenMechanisms(server: { host: string; port: number }): Record<string, SMTPConnectionCustomAuthHandler> {
  return {
    "TOKEN-XOAUTH2": bearer("XOAUTH2", (user, token) => `user=${user}\u0001auth=Bearer ${token}\u0001\u0001`, ""),
    "TOKEN-OAUTHBEARER": bearer(
      "OAUTHBEARER",
      // RFC 5801 §4: "," and "=" in the name are escaped in the GS2 header.
      (user, token) =>
        `n,a=${user.replaceAll("=", "=3D").replaceAll(",", "=2C")},\u0001host=${server.host}\u0001port=${server.port}\u0001auth=Bearer ${token}\u0001\u0001`,
      "AQ==",
    ),
  };
}
