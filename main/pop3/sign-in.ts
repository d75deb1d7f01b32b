import { createHash } from "node:crypto";
import type { Credential, ServerSettings } from "../../shared/contract/accounts.ts";
import { Failure } from "../../shared/failure.ts";
import { type Choice, chooseMechanisms } from "../sasl/choose.ts";
import type { ChannelBinding, Dialogue } from "../sasl/dialogue.ts";
import { initialResponse, inTurn } from "../sasl/in-turn.ts";
import { CANCEL } from "../sasl/plain.ts";
import { Refused } from "./connection.ts";
import type { Capabilities } from "./replies.ts";

/** How to sign in. Of SASL the first is tried, and the next after a refusal; `after` behind them. */
export type SignIn =
  | { readonly kind: "user-pass"; readonly user: string; readonly password: string }
  | { readonly kind: "apop"; readonly line: string }
  | { readonly kind: "sasl"; readonly choices: readonly Choice[]; readonly after: SignIn | null };

export type Offer = {
  readonly capabilities: Capabilities;
  /** RFC 1939 §7; null where the greeting had none, or came before TLS and may be anybody's. */
  readonly timestamp: string | null;
  /** What the line has, for mechanisms that bind to it. */
  readonly binding: ChannelBinding | null;
};

/**
 * Chooses as the other adapters do (main/sasl/choose), then USER and PASS, and APOP only where nothing else is offered, its MD5 being worth little beside
 * TLS.
 *
 * @throws Failure `browser-sign-in-needed` when there is a password and the server takes tokens only, `not-supported` the other way
 * round, `no-secure-login` when nothing fits
 */
export function chooseSignIn(server: ServerSettings, credential: Credential, { capabilities, timestamp, binding }: Offer): SignIn {
  const { user, host, port } = server;
  // A server from before RFC 2449 cannot say what it takes; with a token there is only one thing to try.
  const offered = credential.kind === "token" && !capabilities.known ? new Set(["XOAUTH2"]) : capabilities.sasl;
  const otherwise = credential.kind === "token" ? null : withoutSasl(user, credential.password, capabilities, timestamp);
  // Only tokens, and another way in beside them.
  if (otherwise !== null && [...offered].every((name) => name === "XOAUTH2" || name === "OAUTHBEARER")) return otherwise;
  const choices = chooseMechanisms(offered, credential, { user, host, port, binding });
  if (choices.length === 0) {
    if (otherwise === null) throw new Failure("no-secure-login", { params: { host } });
    return otherwise;
  }
  // USER and PASS say what PLAIN would, where only CRAM-MD5 stands before them.
  const after =
    offered.has("CRAM-MD5") && !offered.has("PLAIN") && !offered.has("LOGIN") && otherwise?.kind === "user-pass" ? otherwise : null;
  return { kind: "sasl", choices, after: [...offered].some((name) => name.startsWith("SCRAM-")) ? null : after };
}

function withoutSasl(user: string, password: string, { user: offersUser, sasl }: Capabilities, timestamp: string | null): SignIn | null {
  // Without a word about SASL a server that forgot to name USER is still worth the usual way.
  if (offersUser || (sasl.size === 0 && timestamp === null)) return { kind: "user-pass", user, password };
  if (timestamp === null) return null;
  const digest = createHash("md5").update(`${timestamp}${password}`, "utf8").digest("hex");
  return { kind: "apop", line: `APOP ${user} ${digest}` };
}

/** RFC 2449 §4, with the line end: a first answer that would not fit waits for its challenge (RFC 5034 §4). */
const LONGEST_COMMAND = 255;

type AskLine = (line: string) => Promise<string>;

/**
 * Goes through the dialogue.
 * @param ask sends a line and resolves with the status line, rejects when it is a refusal
 */
export async function signIn(how: SignIn, ask: AskLine): Promise<void> {
  if (how.kind === "apop") return void (await ask(how.line));
  if (how.kind === "user-pass") {
    await ask(`USER ${how.user}`);
    return void (await ask(`PASS ${how.password}`));
  }
  const refused = (error: unknown): boolean => error instanceof Refused;
  try {
    await inTurn(how.choices, (dialogue) => exchange(dialogue, ask), refused);
  } catch (error) {
    if (how.after === null || !refused(error)) throw error;
    await signIn(how.after, ask);
  }
}

async function exchange(dialogue: Dialogue, ask: AskLine): Promise<void> {
  const { mechanism, first } = dialogue;
  const short = first === null ? `AUTH ${mechanism}` : `AUTH ${mechanism} ${initialResponse(first)}`;
  const fits = short.length + 2 <= LONGEST_COMMAND;
  let pending = fits ? null : first;
  let said = await ask(fits ? short : `AUTH ${mechanism}`);
  while (!/^\+OK/iu.test(said)) {
    const answer = pending ?? (await answerOr(dialogue, said, ask));
    pending = null;
    said = await ask(answer.equals(CANCEL) ? "*" : answer.toString("base64"));
  }
  dialogue.finish();
}

/** The server is told that nobody goes on, so that the line stays in step. */
async function answerOr(dialogue: Dialogue, said: string, ask: AskLine): Promise<Buffer> {
  try {
    return await dialogue.answer(Buffer.from(said.replace(/^\+\s*/u, ""), "base64"));
  } catch (error) {
    await ask("*").catch(() => undefined);
    throw error;
  }
}
