import { setImmediate as letOthers } from "node:timers/promises";
import type { ImapResponse } from "imapflow";
import type { Address } from "../../shared/address.ts";
import { atom, peek, strings, uidSet } from "./command-line.ts";
import { bytesOf, type FlagRow, fetchItems, flagItems, flagRow, identityItems, identityOf, internalDate, threadOf } from "./fetch-rows.ts";
import { library } from "./library.ts";
import type { Session } from "./session.ts";
import { partsOfStructure, type StructurePart } from "./structure-parts.ts";

/** A message as its headers tell of it, before its bytes are here. */
export type HeaderRow = FlagRow & {
  /** INTERNALDATE, ms UTC; the Date header where the server gave none; 0 when nothing can be read. */
  readonly receivedAt: number;
  readonly sizeBytes: number;
  readonly emailId: string | null;
  /** Gmail's conversation, as a hint. */
  readonly threadId: string | null;
  readonly header: {
    readonly messageIdHeader: string | null;
    readonly inReplyTo: string | null;
    readonly references: string[];
    readonly subject: string;
    readonly from: Address[];
    readonly to: Address[];
    readonly cc: Address[];
    readonly bcc: Address[];
    readonly replyTo: Address[];
    readonly sentAt: number | null;
  };
  readonly hasAttachment: boolean;
  readonly parts: StructurePart[];
};

/** Message-IDs in a header's text, without angle brackets, at most 250 characters each. */
export function messageIds(text: string): string[] {
  return [...text.matchAll(/<([^<>\s]{1,998})>/gu)].map((match) => (match[1] ?? "").slice(0, 250));
}

type Addresses = readonly { name?: string | undefined; address?: string | undefined }[] | undefined;
const people = (list: Addresses): Address[] => (list ?? []).map(({ name, address }) => ({ name: name ?? "", address: address ?? "" }));

/** What Satchel asks of every message: envelope, structure and References, nothing that sets \Seen. */
function question(session: Session): Parameters<Session["send"]>[1] {
  const items = ["INTERNALDATE", "RFC822.SIZE", "ENVELOPE", "BODYSTRUCTURE"].map(atom);
  return [[...flagItems(session), ...items, ...identityItems(session), peek(atom("HEADER.FIELDS"), [atom("REFERENCES")])]];
}

export function readHeaderRow(answer: ImapResponse, session: Pick<Session, "pathOf">): HeaderRow | null {
  const items = fetchItems(answer);
  const flags = flagRow(items, session);
  const list = items.get("ENVELOPE");
  if (!flags || !items.has("ENVELOPE")) return null;
  // Some servers answer ENVELOPE NIL for a message they cannot read: it is listed all the same.
  const envelope = Array.isArray(list) ? library().parseEnvelope(list) : {};
  const structure = items.get("BODYSTRUCTURE");
  const { parts, hasAttachment } = partsOfStructure(Array.isArray(structure) ? library().parseBodystructure(structure) : null);
  // The library leaves a date it cannot read as text.
  const sentAt = envelope.date instanceof Date ? envelope.date.getTime() : null;
  return {
    ...flags,
    receivedAt: internalDate(items) ?? sentAt ?? 0,
    sizeBytes: Number(strings(items.get("RFC822.SIZE"))[0] ?? "0") || 0,
    emailId: identityOf(items),
    threadId: threadOf(items),
    header: {
      messageIdHeader: messageIds(envelope.messageId ?? "")[0] ?? null,
      inReplyTo: messageIds(envelope.inReplyTo ?? "")[0] ?? null,
      references: messageIds(bytesOf(items.get("BODY[HEADER.FIELDS]"))?.toString("latin1") ?? ""),
      subject: envelope.subject ?? "",
      from: people(envelope.from),
      to: people(envelope.to),
      cc: people(envelope.cc),
      bcc: people(envelope.bcc),
      replyTo: people(envelope.replyTo),
      sentAt,
    },
    hasAttachment,
    parts,
  };
}

/** Small enough that reading and taking in one of them lets nobody wait: few at first, and while it takes long. */
const BATCH = { first: 30, least: 20, most: 100 } as const;
const QUICK_MS = 8;
const LONG_MS = 16;

function nextBatch(size: number, tookMs: number): number {
  if (tookMs > LONG_MS) return Math.max(BATCH.least, Math.round(size / 1.5));
  return tookMs < QUICK_MS ? Math.min(BATCH.most, Math.round(size * 1.5)) : size;
}

/**
 * Headers of a set of UIDs in the open folder, in batches; the line waits while a batch is taken in, and after each of them it is the turn of
 * others: what is here already of the server's answer would be read without a break.
 */
export async function fetchHeaders(session: Session, uids: string, onRows: (rows: HeaderRow[]) => void): Promise<void> {
  let rows: HeaderRow[] = [];
  let most: number = BATCH.first;
  await session.send("UID FETCH", [uidSet(uids), ...question(session)], {
    FETCH(answer) {
      const row = readHeaderRow(answer, session);
      if (!row) return undefined;
      rows.push(row);
      if (rows.length < most) return undefined;
      const full = rows;
      rows = [];
      const began = performance.now();
      onRows(full);
      most = nextBatch(most, performance.now() - began);
      return letOthers();
    },
  });
  if (rows.length > 0) onRows(rows);
}
