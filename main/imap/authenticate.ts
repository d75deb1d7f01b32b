import type { ImapFlow, ImapResponse } from "imapflow";
import type { Credential, ServerSettings } from "../../shared/contract/accounts.ts";
import { bindingOf } from "../sasl/binding.ts";
import { chooseMechanisms } from "../sasl/choose.ts";
import type { Dialogue } from "../sasl/dialogue.ts";
import { initialResponse, inTurn } from "../sasl/in-turn.ts";
import { CANCEL } from "../sasl/plain.ts";
import { responseCode } from "./command-line.ts";

type Atom = { type: "ATOM"; value: string; sensitive?: boolean };
type Exec = (command: string, attributes: Atom[], options: { onPlusTag(answer: ImapResponse): Promise<void> }) => Promise<{ next(): void }>;

/** What a refusal carries for `outcomes`, as the library's own sign-in leaves it. */
type Refusal = {
  responseStatus?: unknown;
  response?: unknown;
  authenticationFailed?: boolean;
  serverResponseCode?: string;
  oauthError?: object;
};

function method<T>(client: ImapFlow, name: string): T {
  const found: unknown = Reflect.get(client, name);
  if (typeof found !== "function") throw new Error(`this imapflow has no ${name}`);
  // By name, and tested against the library that is installed.
  return found.bind(client) as T;
}

/**
 * Puts our sign-in in the place of the library's, which knows PLAIN, LOGIN and tokens, and takes the LOGIN command for everything else: a server
 * that wants SCRAM or CRAM-MD5 would get the password, or nobody would get in. Servers without SASL are left to it.
 *
 * @param onBegin the line is there and safe; now it is signed in on
 */
export function signInByOurselves(client: ImapFlow, server: ServerSettings, credential: Credential, onBegin: () => void): void {
  const theirs = method<() => Promise<boolean>>(client, "authenticate");
  const ours = async (): Promise<boolean> => {
    onBegin();
    const states: unknown = Reflect.get(client, "states");
    const waits = Reflect.get(Object(states), "NOT_AUTHENTICATED");
    // A greeting of PREAUTH, or a line that went meanwhile.
    if (Reflect.get(client, "state") !== waits) return await theirs();
    const offered = new Set([...client.capabilities.keys()].flatMap((name) => /^AUTH=(.+)$/iu.exec(name)?.[1]?.toUpperCase() ?? []));
    const party = { user: server.user, host: server.host, port: server.port, binding: bindingOf(Reflect.get(client, "socket")) };
    // Exchange takes "DOMAIN\user" and shared mailboxes by the LOGIN command only.
    const choices = /[\\/]/u.test(server.user) && credential.kind === "password" ? [] : chooseMechanisms(offered, credential, party);
    if (choices.length === 0) return await theirs();
    Reflect.set(client, "expectCapabilityUpdate", true);
    const refused = (error: unknown): boolean => (error as Refusal | null)?.responseStatus === "NO";
    await inTurn(choices, (dialogue) => exchange(client, dialogue, credential.kind === "token"), refused);
    await method<() => Promise<void>>(client, "setAuthenticationState")();
    return true;
  };
  Reflect.set(client, "authenticate", ours);
}

/** AUTHENTICATE (RFC 9051 §6.2.2), with the first answer along with it where the server takes that (RFC 4959). */
async function exchange(client: ImapFlow, dialogue: Dialogue, token: boolean): Promise<void> {
  const { mechanism, first } = dialogue;
  let pending = first;
  const attributes: Atom[] = [{ type: "ATOM", value: mechanism }];
  if (first !== null && client.capabilities.has("SASL-IR")) {
    attributes.push({ type: "ATOM", value: initialResponse(first), sensitive: true });
    pending = null;
  }
  const write = method<(line: string) => void>(client, "write");
  let failed: unknown = null;
  const onPlusTag = async (answer: ImapResponse): Promise<void> => {
    if (failed !== null) return;
    try {
      const reply = pending ?? (await dialogue.answer(Buffer.from(challengeOf(answer), "base64")));
      pending = null;
      write(reply.equals(CANCEL) ? "*" : reply.toString("base64"));
    } catch (error) {
      // The library would only note it; the server is told that nobody goes on, and says no.
      failed = error;
      write("*");
    }
  };
  try {
    const reply = await method<Exec>(client, "exec")("AUTHENTICATE", attributes, { onPlusTag });
    reply.next();
  } catch (error) {
    if (failed !== null) throw failed;
    throw marked(error, token);
  }
  if (failed !== null) throw failed;
  dialogue.finish();
}

/** What stands behind the plus. */
function challengeOf({ attributes }: ImapResponse): string {
  const first = attributes?.[0];
  return first && !Array.isArray(first) && typeof first.value === "string" ? first.value : "";
}

function marked(error: unknown, token: boolean): unknown {
  if (typeof error !== "object" || error === null) return error;
  const refusal: Refusal = error;
  if (refusal.responseStatus !== "NO" && refusal.responseStatus !== "BAD") return error;
  const [code] = responseCode(refusal.response as ImapResponse);
  return Object.assign(error, {
    authenticationFailed: true,
    ...(code === undefined ? {} : { serverResponseCode: code }),
    ...(token ? { oauthError: {} } : {}),
  });
}
