import type { ImapResponse } from "imapflow";
import { type Argument, atom, peek, strings, uidSet } from "./command-line.ts";
import { bytesOf, fetchItems, identityItems, identityOf, uidOf } from "./fetch-rows.ts";
import type { Session } from "./session.ts";
import { formatUidSet, parseUidSet, type UidRange } from "./uid-set.ts";

/** More numbers than this in one folder are not believed (RFC 9051 allows 2^32). */
const MOST_UIDS = 5_000_000;

/** UID SEARCH of the open folder; the answer as ranges, however long it is. */
async function searchRanges(session: Session, criteria: Argument[]): Promise<UidRange[]> {
  const ranges: UidRange[] = [];
  const returns = session.abilities.esearch ? [atom("RETURN"), [atom("ALL")]] : [];
  await session.send("UID SEARCH", [...returns, ...criteria], {
    SEARCH(answer: ImapResponse) {
      for (const uid of answer.numbers ?? []) if (ranges.length < MOST_UIDS) ranges.push([uid, uid]);
      if (!answer.numbers)
        for (const text of (answer.attributes ?? []).flatMap((one) => (Array.isArray(one) ? [] : strings(one))))
          ranges.push(...parseUidSet(text));
    },
    ESEARCH(answer: ImapResponse) {
      const words = answer.attributes ?? [];
      const at = words.findIndex((word) => strings(word)[0]?.toUpperCase() === "ALL");
      if (at >= 0) ranges.push(...parseUidSet(strings(words[at + 1])[0] ?? ""));
    },
  });
  return ranges;
}

/** All UIDs of the open folder, ascending. */
export async function listUids(session: Session): Promise<number[]> {
  const uids: number[] = [];
  let last = 0;
  let ascending = true;
  for (const [from, to] of await searchRanges(session, [atom("ALL")])) {
    if (from <= last) ascending = false;
    for (let uid = from; uid <= to && uids.length < MOST_UIDS; uid++) uids.push(uid);
    last = to;
  }
  // As good as every server tells them in order; sorting a hundred thousand takes longer than all else here.
  return ascending ? uids : [...new Set(uids)].sort((a, b) => a - b);
}

/** Which of these UIDs the open folder still has. Asked with FETCH: there are servers whose SEARCH ignores its criteria. */
export async function existingUids(session: Session, uids: readonly number[]): Promise<Set<number>> {
  const found = new Set<number>();
  if (uids.length === 0) return found;
  await session.send("UID FETCH", [uidSet(formatUidSet(uids)), [atom("UID")]], {
    FETCH(answer) {
      const uid = uidOf(fetchItems(answer));
      if (uid !== null) found.add(uid);
    },
  });
  return found;
}

/** Messages of the open folder that some program marked \Deleted. */
export async function deletedUids(session: Session): Promise<UidRange[]> {
  return searchRanges(session, [atom("DELETED")]);
}

export type Candidate = {
  readonly uid: number;
  readonly sizeBytes: number;
  readonly messageIdHeaders: string[];
  readonly emailId: string | null;
};

/** Message-IDs in a header's text, without angle brackets, at most 250 characters each. */
function messageIds(text: string): string[] {
  return [...text.matchAll(/<([^<>\s]{1,998})>/gu)].map((match) => (match[1] ?? "").slice(0, 250));
}

/** Headers that carry a Message-ID; Outlook moves the sender's own to the second (and writes a new first). */
const ID_HEADERS = ["Message-ID", "X-Microsoft-Original-Message-ID"];
/** A SEARCH that ignores its criteria names everything: then only so many of the newest are looked at. */
const MOST_CANDIDATES = 200;

/** Above a folder's old UIDNEXT; more have never come between a try and the look for it. */
const MOST_ARRIVED = 20_000;

/** Identity of all messages from `fromUid` on; null when there are too many to look through. */
export async function candidatesFrom(session: Session, fromUid: number): Promise<Candidate[] | null> {
  const ranges = await searchRanges(session, [atom("UID"), uidSet(`${fromUid}:*`)]);
  const candidates = await readCandidates(session, ranges, fromUid, MOST_ARRIVED + 1);
  return candidates.length > MOST_ARRIVED ? null : candidates;
}

/** Identity of these messages, as far as the open folder has them. */
export async function candidatesOf(session: Session, uids: readonly number[]): Promise<Candidate[]> {
  const ranges = uids.map((uid): UidRange => [uid, uid]);
  return readCandidates(session, ranges, 1, MOST_CANDIDATES);
}

/** UIDs of messages in the open folder with this Message-ID (without angle brackets); what the server found is read and compared. */
export async function findByMessageId(session: Session, messageIdHeader: string): Promise<Candidate[]> {
  const matches: UidRange[] = [];
  for (const header of ID_HEADERS) {
    matches.push(...(await searchRanges(session, [atom("HEADER"), header, messageIdHeader])));
    if (matches.length > 0) break;
  }
  const candidates = await readCandidates(session, matches, 1, MOST_CANDIDATES);
  return candidates.filter((candidate) => candidate.messageIdHeaders.includes(messageIdHeader));
}

async function readCandidates(session: Session, ranges: readonly UidRange[], fromUid: number, most: number): Promise<Candidate[]> {
  const uids: number[] = [];
  const newestFirst = [...ranges].sort((a, b) => b[1] - a[1]);
  // "N:*" always names the last message, also when its UID is below N (RFC 9051 §9).
  for (const [from, to] of newestFirst) for (let uid = to; uid >= Math.max(from, fromUid) && uids.length < most; uid--) uids.push(uid);
  const found: Candidate[] = [];
  if (uids.length === 0) return found;
  const fields = peek(atom("HEADER.FIELDS"), ID_HEADERS.map(atom));
  await session.send("UID FETCH", [uidSet(formatUidSet(uids)), [atom("UID"), atom("RFC822.SIZE"), ...identityItems(session), fields]], {
    FETCH(answer) {
      const items = fetchItems(answer);
      const uid = uidOf(items);
      const header = bytesOf(items.get("BODY[HEADER.FIELDS]"));
      if (uid === null || !header) return;
      const sizeBytes = Number(strings(items.get("RFC822.SIZE"))[0] ?? "0") || 0;
      found.push({ uid, sizeBytes, messageIdHeaders: messageIds(header.toString("latin1")), emailId: identityOf(items) });
    },
  });
  return found;
}
