import { sameOwner } from "./same-owner.ts";
import type { ServerWord } from "./vouching.ts";

/**
 * Providers that write Authentication-Results above every message that they take in, and under which owner's names. Whoever sends a field of
 * that name along has it further down.
 */
const WRITERS: Readonly<Record<string, string>> = {
  gmail: "google.com",
  icloud: "icloud.com",
  yahoo: "yahoo.com",
  fastmail: "messagingengine.com",
};

/** Writes a field for each method, each under a name of its own: the first of each counts. */
const WRITES_SEVERAL = new Set(["icloud.com"]);

/** A server that nobody knows is believed when it has written above this many messages, and above nine in ten. */
const LEAST_SEEN = 10;

export type AccountServer = {
  readonly provider: string | null;
  readonly incomingHost: string;
  /** For the account's latest messages: the server of the topmost field, "" where there was none. */
  readonly seen: readonly string[];
};

/**
 * The words of the account's own server among all that a message carries (RFC 8601 §5, §7.1): never those of a server that the message itself
 * could have named. A server that is not known has to have shown that it always writes, for only then what it writes is on top.
 */
export function trustedWords(account: AccountServer, said: readonly ServerWord[]): ServerWord[] {
  const owner = trustedOwner(account);
  if (owner === null) return [];
  const [top] = said;
  if (top === undefined || !sameOwner(top.server, owner)) return [];
  if (!WRITES_SEVERAL.has(owner)) return [top];
  const until = said.findIndex(({ server }) => !sameOwner(server, owner));
  return until < 0 ? [...said] : said.slice(0, until);
}

function trustedOwner({ provider, incomingHost, seen }: AccountServer): string | null {
  const known = provider === null ? undefined : WRITERS[provider];
  if (known !== undefined) return known;
  const own = seen.filter((server) => server !== "" && sameOwner(server, incomingHost)).length;
  return own >= LEAST_SEEN && own * 10 >= seen.length * 9 ? incomingHost : null;
}
