import type { BulkRecipientState } from "../../shared/contract/bulk.ts";
import type { FailureData } from "../../shared/failure.ts";
import type { BulkId, OutboxId } from "../../shared/ids.ts";
import type { Database, Reader, Writer } from "./database.ts";
import type { StoredItem } from "./outbox.ts";
import { statement } from "./statement.ts";

type Db = { readonly db: Database };

/** One whose message is to be frozen. */
export type WaitingRecipient = {
  readonly position: number;
  readonly cells: readonly string[];
  readonly address: string;
  readonly name: string;
  /** Of an earlier try. */
  readonly messageIdHeader: string | null;
};
type WaitingRow = Omit<WaitingRecipient, "cells"> & { cells: string };

const RECIPIENT = "position, cells, address, name, message_id_header AS messageIdHeader";
const nextWaiting = statement<{ id: number; limit: number }, WaitingRow>(
  `SELECT ${RECIPIENT} FROM bulk_recipient WHERE bulk_id = :id AND state = 'waiting' ORDER BY position LIMIT :limit`,
);
const queue = statement<{ id: number; position: number; outboxId: number; messageIdHeader: string; at: number }>(
  `UPDATE bulk_recipient SET state = 'queued', outbox_id = :outboxId, message_id_header = :messageIdHeader, failure = NULL, changed_at = :at
   WHERE bulk_id = :id AND position = :position AND state = 'waiting'`,
);
const isWaiting = statement<{ id: number; position: number }, { found: number }>(
  `SELECT 1 AS found FROM bulk_recipient r JOIN bulk b ON b.id = r.bulk_id
   WHERE r.bulk_id = :id AND r.position = :position AND r.state = 'waiting' AND b.state = 'running'`,
);
const noteItem = statement<{ outboxId: number; state: BulkRecipientState; failure: string | null; at: number }>(
  `UPDATE bulk_recipient SET changed_at = CASE state WHEN :state THEN changed_at ELSE :at END, state = :state, failure = :failure
   WHERE outbox_id = :outboxId`,
);
const detach = statement<{ outboxId: number }>("UPDATE bulk_recipient SET outbox_id = NULL WHERE outbox_id = :outboxId");
const hold = statement<{ id: number; position: number; failure: string; at: number }>(
  `UPDATE bulk_recipient SET state = 'held', failure = :failure, changed_at = :at
   WHERE bulk_id = :id AND position = :position AND state = 'waiting'`,
);
const cancelWaiting = statement<{ id: number; at: number }>(
  "UPDATE bulk_recipient SET state = 'cancelled', failure = NULL, changed_at = :at WHERE bulk_id = :id AND state = 'waiting'",
);
const again = statement<{ id: number; position: number | null; at: number }>(
  `UPDATE bulk_recipient SET state = 'waiting', failure = NULL, changed_at = :at
   WHERE bulk_id = :id AND state = 'held' AND outbox_id IS NULL AND (:position IS NULL OR position = :position)`,
);
const unknownOnes = statement<{ id: number; position: number | null }, { position: number; outboxId: OutboxId | null }>(
  `SELECT position, outbox_id AS outboxId FROM bulk_recipient
   WHERE bulk_id = :id AND state = 'unknown' AND (:position IS NULL OR position = :position) ORDER BY position`,
);
const settle = statement<{ id: number; position: number; state: BulkRecipientState; at: number }>(
  `UPDATE bulk_recipient SET state = :state, failure = NULL, changed_at = :at
   WHERE bulk_id = :id AND position = :position AND state = 'unknown' AND outbox_id IS NULL`,
);
const itemsOf = statement<{ id: number }, { id: OutboxId }>("SELECT id FROM outbox WHERE bulk_id = :id ORDER BY id");
const anyItem = statement<Record<never, never>, { found: number }>("SELECT 1 AS found FROM outbox WHERE bulk_id IS NOT NULL LIMIT 1");
const served = statement<{ limit: number }, { id: OutboxId }>(`
  SELECT o.id AS id FROM outbox o
  WHERE o.bulk_id IS NOT NULL
    AND (o.ended_at IS NOT NULL OR (o.state = 'held' AND coalesce(json_extract(o.failure, '$.kind'), '') NOT IN ('auth', 'untrusted')))
  ORDER BY o.id LIMIT :limit`);
const lost = statement<{ at: number; failure: string }>(`
  UPDATE bulk_recipient SET state = 'unknown', failure = :failure, outbox_id = NULL, changed_at = :at
  WHERE state = 'queued' AND (outbox_id IS NULL OR outbox_id NOT IN (SELECT id FROM outbox))`);
const askWaiting = statement<{ at: number; failure: string }>(`
  UPDATE bulk_recipient SET state = 'unknown', failure = :failure, changed_at = :at
  WHERE state = 'waiting' AND bulk_id IN (SELECT id FROM bulk WHERE started_at IS NOT NULL)`);
const lastDecided = statement<{ id: number; since: number; limit: number }, { state: "accepted" | "held" }>(`
  SELECT state FROM bulk_recipient
  WHERE bulk_id = :id AND state IN ('accepted', 'held') AND changed_at >= :since
  ORDER BY changed_at DESC, position DESC LIMIT :limit`);
const claimCopy = statement<{ bulkId: number; outboxId: number }>(`
  UPDATE bulk SET copy_item = :outboxId
  WHERE id = :bulkId AND (copy_item IS NULL OR copy_item = :outboxId)`);
const wantsOneCopy = statement<{ bulkId: number }, { found: number }>(
  "SELECT 1 AS found FROM bulk WHERE id = :bulkId AND json_extract(options, '$.copies') = 'one'",
);

function fromRow({ cells, ...row }: WaitingRow): WaitingRecipient {
  return { ...row, cells: JSON.parse(cells) as string[] };
}

/** The next of them, in the order of the table. */
export function nextRecipients(reader: Reader, id: BulkId, limit: number): WaitingRecipient[] {
  return reader.all(nextWaiting, { id, limit }).map(fromRow);
}

/** Whether a message frozen for this one may still be queued: much may have happened while it was made. */
export function mayQueue(reader: Reader, id: BulkId, position: number): boolean {
  return reader.get(isWaiting, { id, position }) !== undefined;
}

/** Joins the transaction that queues the message. */
export function noteQueued(tx: Writer, id: BulkId, position: number, outboxId: OutboxId, messageIdHeader: string, at: number): void {
  tx.run(queue, { id, position, outboxId, messageIdHeader, at });
}

/** What an item's state says of its recipient. */
const MEANS: Readonly<Record<StoredItem["state"], BulkRecipientState>> = {
  queued: "queued",
  sending: "queued",
  finishing: "queued",
  accepted: "accepted",
  filed: "accepted",
  held: "held",
  unknown: "unknown",
  cancelled: "cancelled",
};

/** Joins the transaction that changes the item, so that the report is never behind it. */
export function noteBulkItem(tx: Writer, item: StoredItem, at: number): void {
  const state = MEANS[item.state];
  // What holds up the whole account is mended for all of them at once; meanwhile this one is on its way as the others are.
  const waits = item.state === "held" && (item.failure?.kind === "auth" || item.failure?.kind === "untrusted");
  const failure = state === "accepted" ? null : item.failure;
  tx.run(noteItem, { outboxId: item.id, state: waits ? "queued" : state, failure: failure && JSON.stringify(failure), at });
}

/** Whether this item's copy is one that is wanted in Sent; of a bulk that wants one copy, the first that is accepted has it. */
export function mayFile(tx: Writer, bulkId: BulkId, outboxId: OutboxId): boolean {
  if (tx.get(wantsOneCopy, { bulkId }) === undefined) return true;
  return tx.run(claimCopy, { bulkId, outboxId }).changes === 1;
}

export function detachRecipient(tx: Writer, outboxId: OutboxId): void {
  tx.run(detach, { outboxId });
}

/** Its message could not be made. */
export function holdRecipient(tx: Writer, id: BulkId, position: number, failure: FailureData, at: number): void {
  tx.run(hold, { id, position, failure: JSON.stringify(failure), at });
}

export function cancelRecipients(tx: Writer, id: BulkId, at: number): void {
  tx.run(cancelWaiting, { id, at });
}

/** Those who were refused wait again. @param position null = all @returns how many */
export function recipientsAgain(tx: Writer, id: BulkId, position: number | null, at: number): number {
  return tx.run(again, { id, position, at }).changes;
}

/** Of whom it is not known whether they have it. @param position null = all */
export function unknownRecipients(reader: Reader, id: BulkId, position: number | null): { position: number; outboxId: OutboxId | null }[] {
  return reader.all(unknownOnes, { id, position });
}

/** The user's word about one whose item is no more. */
export function settleRecipient(tx: Writer, id: BulkId, position: number, state: "accepted" | "waiting", at: number): void {
  tx.run(settle, { id, position, state, at });
}

export function itemsOfBulk(reader: Reader, id: BulkId): OutboxId[] {
  return reader.all(itemsOf, { id }).map((row) => row.id);
}

/** Whether a message of any bulk lies in the outbox. */
export function hasBulkItems(reader: Reader): boolean {
  return reader.get(anyItem, {}) !== undefined;
}

/** Items that have served: the report has all that is to be known of them. */
export function servedItems(reader: Reader, limit: number): OutboxId[] {
  return reader.all(served, { limit }).map(({ id }) => id);
}

/** What became of those decided last, the latest first. */
export function lastOutcomes(reader: Reader, id: BulkId, since: number, limit: number): ("accepted" | "held")[] {
  return reader.all(lastDecided, { id, since, limit }).map(({ state }) => state);
}

const FROM_SPARE: FailureData = { kind: "storage", code: "from-spare-copy", params: {} };

/** What waits comes from an older copy of the table: it may have been sent since. */
export function askAboutWaiting(tx: Writer, at: number): void {
  tx.run(askWaiting, { at, failure: JSON.stringify(FROM_SPARE) });
}

/** Those whose items were lost with a damaged store: they may have it, so nothing is sent again on a guess. */
export function askAboutLost({ db }: Db, at: number): void {
  db.write((tx) => void tx.run(lost, { at, failure: JSON.stringify(FROM_SPARE) }));
}
