import { createHash } from "node:crypto";
import type { Credential, ServerSettings } from "../../shared/contract/accounts.ts";
import { Failure } from "../../shared/failure.ts";
import type { Capabilities } from "./replies.ts";

/** How to sign in. `answers` are given to the server's challenges in turn; `onError` to one that only explains a refusal. */
export type SignIn =
  | { readonly kind: "user-pass"; readonly user: string; readonly password: string }
  | { readonly kind: "apop"; readonly line: string }
  | { readonly kind: "sasl"; readonly mechanism: string; readonly answers: readonly string[]; readonly onError: string };

export type Offer = {
  readonly capabilities: Capabilities;
  /** RFC 1939 §7; null where the greeting had none, or came before TLS and may be anybody's. */
  readonly timestamp: string | null;
};

const base64 = (text: string): string => Buffer.from(text, "utf8").toString("base64");

/**
 * Chooses as the other adapters do: a token by XOAUTH2, else OAUTHBEARER; a password by SASL PLAIN, LOGIN, USER and PASS, and by APOP
 * only where nothing else is offered, its MD5 being worth little beside TLS. One is tried and no other: providers count failures.
 *
 * @throws Failure `browser-sign-in-needed` when there is a password and the server takes tokens only, `not-supported` the other way
 * round, `no-secure-login` when nothing fits
 */
export function chooseSignIn(server: ServerSettings, credential: Credential, { capabilities, timestamp }: Offer): SignIn {
  const { user } = server;
  const { sasl } = capabilities;
  if (credential.kind === "token") return withToken(server, credential.accessToken, capabilities);
  const { password } = credential;
  if (sasl.has("PLAIN")) return { kind: "sasl", mechanism: "PLAIN", answers: [base64(`\0${user}\0${password}`)], onError: "*" };
  if (sasl.has("LOGIN")) return { kind: "sasl", mechanism: "LOGIN", answers: [base64(user), base64(password)], onError: "*" };
  // Without a word about SASL a server that forgot to name USER is still worth the usual way.
  if (capabilities.user || (sasl.size === 0 && timestamp === null)) return { kind: "user-pass", user, password };
  if (timestamp !== null) {
    const digest = createHash("md5").update(`${timestamp}${password}`, "utf8").digest("hex");
    return { kind: "apop", line: `APOP ${user} ${digest}` };
  }
  throw new Failure(sasl.has("XOAUTH2") || sasl.has("OAUTHBEARER") ? "browser-sign-in-needed" : "no-secure-login");
}

function withToken({ user, host, port }: ServerSettings, token: string, { sasl, known }: Capabilities): SignIn {
  if (sasl.has("XOAUTH2") || !known)
    return { kind: "sasl", mechanism: "XOAUTH2", answers: [base64(`user=${user}\u0001auth=Bearer ${token}\u0001\u0001`)], onError: "" };
  if (!sasl.has("OAUTHBEARER")) throw new Failure("not-supported", { params: { what: "OAuth" } });
  // RFC 5801 §4: "," and "=" in the name are escaped in the GS2 header.
  const name = user.replaceAll("=", "=3D").replaceAll(",", "=2C");
  const first = `n,a=${name},\u0001host=${host}\u0001port=${port}\u0001auth=Bearer ${token}\u0001\u0001`;
  return { kind: "sasl", mechanism: "OAUTHBEARER", answers: [base64(first)], onError: "AQ==" };
}

/** RFC 2449 §4, with the line end: a first answer that would not fit waits for its challenge (RFC 5034 §4). */
const LONGEST_COMMAND = 255;

/**
 * Goes through the dialogue.
 * @param ask sends a line and resolves with the status line, rejects when it is a refusal
 */
export async function signIn(how: SignIn, ask: (line: string) => Promise<string>): Promise<void> {
  if (how.kind === "apop") return void (await ask(how.line));
  if (how.kind === "user-pass") {
    await ask(`USER ${how.user}`);
    return void (await ask(`PASS ${how.password}`));
  }
  const [first = "", ...others] = how.answers;
  const short = `AUTH ${how.mechanism} ${first}`;
  // LOGIN is older than initial answers, and some servers take one for the password.
  const left = how.mechanism !== "LOGIN" && short.length + 2 <= LONGEST_COMMAND ? others : how.answers;
  let said = await ask(left === others ? short : `AUTH ${how.mechanism}`);
  for (const answer of left) {
    if (/^\+OK/iu.test(said)) return;
    said = await ask(answer);
  }
  // Still a challenge: it says what is wrong, and wants an empty answer before it refuses.
  if (!/^\+OK/iu.test(said)) await ask(how.onError);
}
