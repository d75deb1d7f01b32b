import type { Credential } from "../../shared/contract/accounts.ts";
import { Failure } from "../../shared/failure.ts";
import { oauthBearer, xoauth2 } from "./bearer.ts";
import type { Dialogue, Party } from "./dialogue.ts";
import { cramMd5, login, plain } from "./plain.ts";
import { type Hash, scram } from "./scram.ts";

/** Dialogues are made when their turn comes: a SCRAM nonce is good once. */
export type Choice = () => Dialogue;

/**
 * How to sign in, the strongest first, over a line that is TLS or never leaves the computer (the adapters open no other). Where more than one is named, the next is tried after a refusal.
 *
 * SCRAM stands alone: a server that offers it has made verifiers for it, and falling back to a mechanism that hands the password over would give it to whoever
 * refuses. CRAM-MD5 needs the password itself on the server, many of which offer it and cannot do it; the server learns no more by
 * PLAIN than it has to know for CRAM-MD5, so PLAIN is tried after it (decision 0063).
 *
 * @param offered names in capitals
 * @returns empty where none of them is known here
 * @throws Failure `browser-sign-in-needed` when there is a password and the server takes tokens only, `not-supported` the other way round
 */
export function chooseMechanisms(offered: ReadonlySet<string>, credential: Credential, party: Party): Choice[] {
  if (credential.kind === "token") return [tokenChoice(offered, credential.accessToken, party)];
  const { password } = credential;
  const strongest = scramChoice(offered, password, party);
  if (strongest !== null) return [strongest];
  const open: Choice[] = offered.has("PLAIN") ? [() => plain(party, password)] : offered.has("LOGIN") ? [() => login(party, password)] : [];
  const choices = [...(offered.has("CRAM-MD5") ? [() => cramMd5(party, password)] : []), ...open];
  if (choices.length > 0) return choices;
  if (offered.has("XOAUTH2") || offered.has("OAUTHBEARER")) throw new Failure("browser-sign-in-needed");
  return [];
}

function scramChoice(offered: ReadonlySet<string>, password: string, party: Party): Choice | null {
  const { binding } = party;
  const hash = (["SHA-256", "SHA-1"] as const).find((one) => offersScram(offered, one));
  if (hash === undefined) return null;
  const plus = offered.has(`SCRAM-${hash}-PLUS`) && binding !== null;
  // Only -PLUS, and nothing to bind to: it could not be done.
  if (!plus && !offered.has(`SCRAM-${hash}`)) return null;
  const offersPlus = [...offered].some((name) => name.startsWith("SCRAM-") && name.endsWith("-PLUS"));
  return () => scram(party, password, { hash, bound: plus ? binding : null, couldBind: binding !== null && !offersPlus });
}

const offersScram = (offered: ReadonlySet<string>, hash: Hash): boolean =>
  offered.has(`SCRAM-${hash}`) || offered.has(`SCRAM-${hash}-PLUS`);

function tokenChoice(offered: ReadonlySet<string>, token: string, party: Party): Choice {
  if (offered.has("XOAUTH2") || offered.has("XOAUTH")) return () => xoauth2(party, token);
  if (offered.has("OAUTHBEARER")) return () => oauthBearer(party, token);
  throw new Failure("not-supported", { params: { what: "OAuth" } });
}
