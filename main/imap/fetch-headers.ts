import { setImmediate as letOthers } from "node:timers/promises";
import type { ImapResponse } from "imapflow";
import type { ToldPart } from "../plan/outline.ts";
import { atom, peek, strings, uidSet } from "./command-line.ts";
import { bytesOf, type FlagRow, fetchItems, flagItems, flagRow, identityItems, identityOf, internalDate, threadOf } from "./fetch-rows.ts";
import type { Session } from "./session.ts";
import { readStructure } from "./structure-parts.ts";

/** A message as the server tells of it before its bytes are here, with nothing decoded. */
export type HeaderRow = FlagRow & {
  /** INTERNALDATE, ms UTC; null where the server gave none. */
  readonly receivedAt: number | null;
  readonly sizeBytes: number;
  readonly emailId: string | null;
  /** Gmail's conversation, as a hint. */
  readonly threadId: string | null;
  /** The fields of its header that people and threads go by, as they stand in it; empty where the server cannot read the message. */
  readonly fields: Uint8Array;
  readonly structure: ToldPart | null;
};

const FIELDS = ["DATE", "SUBJECT", "FROM", "TO", "CC", "BCC", "REPLY-TO", "MESSAGE-ID", "IN-REPLY-TO", "REFERENCES"].map(atom);

/**
 * What Satchel asks of every message, nothing of which sets \Seen. Not ENVELOPE (decision 0112): in it the server has read the header by rules of its own, and
 * what is not ASCII comes through the library's hands.
 */
function question(session: Session): Parameters<Session["send"]>[1] {
  const items = ["INTERNALDATE", "RFC822.SIZE", "BODYSTRUCTURE"].map(atom);
  return [[...flagItems(session), ...items, ...identityItems(session), peek(atom("HEADER.FIELDS"), FIELDS)]];
}

function readHeaderRow(answer: ImapResponse, session: Pick<Session, "pathOf">): HeaderRow | null {
  const items = fetchItems(answer);
  const flags = flagRow(items, session);
  const fields = items.get("BODY[HEADER.FIELDS]");
  if (!flags || fields === undefined) return null;
  return {
    ...flags,
    receivedAt: internalDate(items),
    sizeBytes: Number(strings(items.get("RFC822.SIZE"))[0] ?? "0") || 0,
    emailId: identityOf(items),
    threadId: threadOf(items),
    // Some servers answer NIL for a message they cannot read: it is listed all the same.
    fields: bytesOf(fields) ?? new Uint8Array(),
    structure: readStructure(items.get("BODYSTRUCTURE")),
  };
}

/** Small enough that reading and taking in one of them lets nobody wait: few at first, and while it takes long. */
const BATCH = { first: 30, least: 20, most: 100 } as const;
/** A header to ten thousand people takes as long as all others of a batch. */
const BATCH_BYTES = 128 * 1024;
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
export async function fetchHeaders(
  session: Session,
  uids: string,
  onRows: (rows: HeaderRow[]) => Promise<void> | undefined,
): Promise<void> {
  let rows: HeaderRow[] = [];
  let bytes = 0;
  let most: number = BATCH.first;
  await session.send("UID FETCH", [uidSet(uids), ...question(session)], {
    FETCH(answer) {
      const row = readHeaderRow(answer, session);
      if (!row) return undefined;
      rows.push(row);
      bytes += row.fields.byteLength;
      if (rows.length < most && bytes < BATCH_BYTES) return undefined;
      const full = rows;
      rows = [];
      bytes = 0;
      const began = performance.now();
      const taken = onRows(full);
      most = nextBatch(most, performance.now() - began);
      return taken ?? letOthers();
    },
  });
  if (rows.length > 0) await onRows(rows);
}
