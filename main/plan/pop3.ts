import type { LeaveOnServer } from "../../shared/contract/accounts.ts";

/** One message of the server's listing. Numbers count for one session only. */
export type ListedMessage = {
  readonly number: number;
  /** Null where the server has no unique ids. */
  readonly uid: string | null;
  /** As the server believes. */
  readonly sizeBytes: number;
};

/** A line of the ledger: a message that was fetched once. */
export type LedgerEntry = {
  readonly id: number;
  /** Null where the server's are worth nothing, or when it came to stand for something else. */
  readonly uid: string | null;
  readonly sizeBytes: number;
  /** SHA-256 of the header as TOP gives it. */
  readonly headerHash: string;
  readonly takenAt: number;
  /** The user took it away for good here. */
  readonly deletedAt: number | null;
  /** All its bytes are on this computer. */
  readonly here: boolean;
  /** It stood in the listing before. */
  readonly listed: boolean;
  /** What stands under this id was fetched and compared; otherwise it was only recognised by its header. */
  readonly verified: boolean;
};

/** A message on the server and what the ledger has of it. `byUid`: its unique id says so, and it may be believed. */
export type Match = { readonly message: ListedMessage; readonly entry: LedgerEntry; readonly byUid: boolean };

export type Look = {
  readonly known: readonly Match[];
  /** Their headers tell whether they are among `candidates`, or new. */
  readonly identify: readonly { readonly message: ListedMessage; readonly candidates: readonly LedgerEntry[] }[];
  /** The newest first. */
  readonly fetch: readonly ListedMessage[];
};

const SLICE = 5_000;

/**
 * Compares what the server lists with what was fetched before.
 *
 * RFC 1939 §7 says that a unique id is never used again; servers do use them again, change all of them, and make them of the message
 * numbers. So an id is believed only while it stands for one message of the same size and never went away. Otherwise the header is
 * looked at, and what is then still unknown is fetched and compared byte for byte.
 *
 * Yields whenever the thread should be let go: a mailbox may have a hundred thousand messages.
 */
export function* planLook(
  listing: readonly ListedMessage[],
  ledger: readonly LedgerEntry[],
  canSeeHeaders: boolean,
): Generator<void, Look> {
  const byUid = new Map(ledger.flatMap((entry) => (entry.uid === null ? [] : [[entry.uid, entry] as const])));
  const lasting = lastingUids(listing);
  const bySize = new Map<number, LedgerEntry[]>();
  yield;
  for (const entry of ledger) {
    // What stands there under an id of its own is not looked for under another one.
    if (!isHad(entry) || (entry.uid !== null && entry.listed && lasting.has(entry.uid))) continue;
    const same = bySize.get(entry.sizeBytes);
    if (same) same.push(entry);
    else bySize.set(entry.sizeBytes, [entry]);
  }
  const known: Match[] = [];
  const identify: { message: ListedMessage; candidates: LedgerEntry[] }[] = [];
  const fetch: ListedMessage[] = [];
  for (const [at, message] of listing.entries()) {
    if (at % SLICE === 0) yield;
    const { uid, sizeBytes } = message;
    const found = uid === null ? undefined : byUid.get(uid);
    const entry = found && isHad(found) ? found : undefined;
    if (entry?.listed === true && entry.sizeBytes === sizeBytes && lasting.has(uid ?? "")) {
      known.push({ message, entry, byUid: true });
      continue;
    }
    // Some servers only guess a size before the message was fetched once: under the same id it may be another one then.
    const candidates = [...(entry ? [entry] : []), ...(bySize.get(sizeBytes) ?? []).filter((other) => other !== entry)];
    if (candidates.length > 0 && canSeeHeaders) identify.push({ message, candidates });
    else fetch.push(message);
  }
  return { known, identify, fetch: fetch.toSorted((a, b) => b.number - a.number) };
}

/** It need not be fetched again: it is here, or the user has thrown it away. */
function isHad({ here, deletedAt }: LedgerEntry): boolean {
  return here || deletedAt !== null;
}

/** The unique ids to remember messages by: not those that stand for several, nor those that are only the number and another message's tomorrow. */
export function lastingUids(listing: readonly ListedMessage[]): Set<string> {
  const seen = new Set<string>();
  const lasting = new Set<string>();
  for (const { uid, number } of listing) {
    if (uid === null) continue;
    if (seen.has(uid) || uid === String(number)) lasting.delete(uid);
    else lasting.add(uid);
    seen.add(uid);
  }
  return lasting;
}

/** Whose header it is; one under the same id first. */
export function whoseHeader(headerHash: string, message: ListedMessage, candidates: readonly LedgerEntry[]): LedgerEntry | undefined {
  const same = candidates.filter((entry) => entry.headerHash === headerHash);
  return same.find(({ uid }) => uid === message.uid) ?? same[0];
}

const DAY = 24 * 60 * 60 * 1000;

/** Whether a message may go from the server now. */
export function isDue(
  { here, deletedAt, takenAt }: Pick<LedgerEntry, "here" | "deletedAt" | "takenAt">,
  leave: LeaveOnServer,
  now: number,
): boolean {
  if (!here && deletedAt === null) return false;
  switch (leave.kind) {
    case "forever":
      return false;
    case "days":
      return takenAt + leave.days * DAY <= now;
    case "until-deleted":
      return deletedAt !== null;
  }
}

/** How sure one is that a message which is due is the one of the ledger: `fetch` compares all of it, `header` the header. */
export function proofBefore({ entry, byUid }: Match): "fetch" | "header" {
  return byUid && entry.verified ? "header" : "fetch";
}
