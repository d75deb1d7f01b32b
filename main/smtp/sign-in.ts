import type SMTPConnection from "nodemailer/lib/smtp-connection";
import type { SMTPConnectionAuth, SMTPConnectionCustomAuthHandler } from "nodemailer/lib/smtp-connection";
import type { Credential, ServerSettings } from "../../shared/contract/accounts.ts";
import { Failure } from "../../shared/failure.ts";
import { bindingOf } from "../sasl/binding.ts";
import { type Choice, chooseMechanisms } from "../sasl/choose.ts";
import type { Dialogue } from "../sasl/dialogue.ts";
import { initialResponse, inTurn } from "../sasl/in-turn.ts";
import { CANCEL } from "../sasl/plain.ts";
import type { Capabilities } from "./reply.ts";

/**
 * How to sign in with this credential, or null where the server offers no AUTH at all: then it either needs none, or says so
 * with 530 at MAIL FROM.
 *
 * @throws Failure `browser-sign-in-needed` when there is a password and the server takes tokens only, `not-supported` the other way round,
 * `no-secure-login` when none of what it offers is known here
 */
export function signInPlan(
  connection: SMTPConnection,
  server: ServerSettings,
  credential: Credential,
  { auth }: Pick<Capabilities, "auth">,
): Choice[] | null {
  if (auth.size === 0) return null;
  const binding = bindingOf(Reflect.get(connection, "_socket"));
  const choices = chooseMechanisms(auth, credential, { user: server.user, host: server.host, port: server.port, binding });
  if (choices.length === 0) throw new Failure("no-secure-login", { params: { host: server.host } });
  return choices;
}

/** nodemailer's name for what it leaves to us: all mechanisms. */
const OURS = "SATCHEL";
type Context = Parameters<SMTPConnectionCustomAuthHandler>[0];

/** The sign-in of one connection; nodemailer wants to know it before there is a plan. */
export class SmtpSignIn {
  /** What went wrong on our side; nodemailer would put its own code over it. */
  failure: Failure | null = null;
  choices: readonly Choice[] = [];
  readonly customAuth = { [OURS]: (context: Context) => this.#run(context) };

  /** What `login` of nodemailer is given; the secret stays with the choices. */
  auth(user: string): SMTPConnectionAuth {
    return { method: OURS, user, pass: OURS };
  }

  async #run(context: Context): Promise<void> {
    try {
      await inTurn(
        this.choices,
        (dialogue) => exchange(dialogue, context),
        (error) => error instanceof NotTaken,
      );
    } catch (error) {
      if (error instanceof Failure) this.failure = error;
      throw new Error("not signed in");
    }
  }
}

/** The server said no; its words are with nodemailer. */
class NotTaken extends Error {}

/** RFC 4954 §4. */
async function exchange(dialogue: Dialogue, { sendCommand }: Context): Promise<void> {
  const { mechanism, first } = dialogue;
  let { response } = await sendCommand(`AUTH ${mechanism}${first === null ? "" : ` ${initialResponse(first)}`}`);
  for (;;) {
    const challenge = /^334(?: (.*))?$/u.exec(response.trim());
    if (challenge === null) break;
    let reply: Buffer;
    try {
      reply = await dialogue.answer(Buffer.from(challenge[1] ?? "", "base64"));
    } catch (error) {
      await sendCommand("*");
      throw error;
    }
    ({ response } = await sendCommand(reply.equals(CANCEL) ? "*" : reply.toString("base64")));
  }
  if (!/^2\d\d/u.test(response)) throw new NotTaken();
  dialogue.finish();
}
