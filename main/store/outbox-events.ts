import type { SmtpStage, TimelineEvent } from "../../shared/contract/outbox.ts";
import type { FailureCode } from "../../shared/failure.ts";
import type { OutboxId } from "../../shared/ids.ts";
import { MOST_EVENTS } from "../plan/timeline.ts";
import type { Reader, Writer } from "./database.ts";
import { statement } from "./statement.ts";

const insertEvent = statement<{ id: number; at: number; what: string; stage: string; code: string | null; words: string; most: number }>(
  `INSERT INTO outbox_event (outbox_id, position, at, what, stage, code, words)
   SELECT :id, coalesce(max(position), 0) + 1, :at, :what, :stage, :code, :words FROM outbox_event WHERE outbox_id = :id
   HAVING count(*) < :most`,
);
type Row = { at: number; what: TimelineEvent["what"]; stage: SmtpStage; code: FailureCode | null; words: string };
const eventsOf = statement<{ id: number }, Row>(
  "SELECT at, what, stage, code, words FROM outbox_event WHERE outbox_id = :id ORDER BY position",
);

/** Joins the transaction that made the change. */
export function writeOutboxEvent(tx: Writer, id: OutboxId, { at, what, stage, code, words }: TimelineEvent): void {
  tx.run(insertEvent, { id, at, what, stage, code, words: words.slice(0, 1000), most: MOST_EVENTS });
}

/** What happened to it, oldest first. */
export function readOutboxEvents(reader: Reader, id: OutboxId): TimelineEvent[] {
  return reader.all(eventsOf, { id });
}
