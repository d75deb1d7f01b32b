import type { AccountId } from "../../shared/ids.ts";

/** An account as far as it matters to files without rows. */
export type StrayAccount = {
  readonly id: AccountId;
  /** In lower case. */
  readonly address: string;
  readonly protocol: "imap" | "pop3";
  /** All that its server has was listed since the files were found; of POP3 nothing can be listed. */
  readonly listed: boolean;
};

export type StrayFacts = {
  /** A line of a POP3 account's ledger about these bytes. */
  readonly ledger: { readonly accountId: AccountId; readonly thrownAway: boolean } | null;
  /** Everybody in From, To and Cc, in lower case. */
  readonly people: readonly string[];
  readonly accounts: readonly StrayAccount[];
};

export type StrayPlace =
  /** Nobody can know yet. */
  | { readonly kind: "wait" }
  /** The user has thrown it away for good. */
  | { readonly kind: "unneeded" }
  /** Into the local folder for what was found again. */
  | { readonly kind: "folder"; readonly accountId: AccountId }
  /** Its server has it no more: where everything goes that vanished from a server. */
  | { readonly kind: "net"; readonly accountId: AccountId };

/**
 * Where a message goes of which only the file is left.
 *
 * What came by POP3 may exist nowhere else, so in doubt it is taken for that and kept for good. What servers list is theirs to bring back: until all
 * of them have been listed nothing is said to be missing there.
 */
export function placeOfStray({ ledger, people, accounts }: StrayFacts): StrayPlace {
  if (ledger !== null && accounts.some(({ id }) => id === ledger.accountId))
    return ledger.thrownAway ? { kind: "unneeded" } : { kind: "folder", accountId: ledger.accountId };
  const imap = accounts.filter(({ protocol }) => protocol === "imap");
  const pop3 = accounts.filter(({ protocol }) => protocol === "pop3");
  const named = (one: StrayAccount): boolean => people.includes(one.address);
  const [local] = pop3.filter(named);
  if (local !== undefined && !imap.some(named)) return { kind: "folder", accountId: local.id };
  if (imap.some(({ listed }) => !listed)) return { kind: "wait" };
  const [keeper] = local === undefined ? imap.filter(named) : [];
  if (keeper !== undefined) return { kind: "net", accountId: keeper.id };
  const [someLocal] = local === undefined ? pop3 : [local];
  if (someLocal !== undefined) return { kind: "folder", accountId: someLocal.id };
  const [any] = imap;
  return any === undefined ? { kind: "wait" } : { kind: "net", accountId: any.id };
}
