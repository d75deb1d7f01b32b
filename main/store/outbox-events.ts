import type { SmtpStage, TimelineEvent } from "../../shared/contract/outbox.ts";
import type { FailureCode } from "../../shared/failure.ts";
import type { OutboxId } from "../../shared/ids.ts";
import { MOST_EVENTS } from "../plan/timeline.ts";
import type { Reader, Writer } from "./database.ts";
import { statement } from "./statement.ts";

const insertEvent = statement<{
  id: number;
  at: number;
  what: string;
  stage: string;
  code: string | null;
  params: string;
  words: string;
  server: string | null;
  insteadOf: string | null;
  most: number;
}>(
  `INSERT INTO outbox_event (outbox_id, position, at, what, stage, code, params, words, server, instead_of)
   SELECT :id, coalesce(max(position), 0) + 1, :at, :what, :stage, :code, :params, :words, :server, :insteadOf FROM outbox_event WHERE outbox_id = :id
   HAVING count(*) < :most`,
);
type Row = Omit<TimelineEvent, "stage" | "code" | "params"> & { stage: SmtpStage; code: FailureCode | null; params: string };
const eventsOf = statement<{ id: number }, Row>(
  "SELECT at, what, stage, code, params, words, server, instead_of AS insteadOf FROM outbox_event WHERE outbox_id = :id ORDER BY position",
);

/** Joins the transaction that made the change. */
export function writeOutboxEvent(tx: Writer, id: OutboxId, { words, params, ...event }: TimelineEvent): void {
  tx.run(insertEvent, { id, ...event, params: JSON.stringify(params), words: words.slice(0, 1000), most: MOST_EVENTS });
}

/** What happened to it, oldest first. */
export function readOutboxEvents(reader: Reader, id: OutboxId): TimelineEvent[] {
  return reader.all(eventsOf, { id }).map(({ params, ...event }) => ({ ...event, params: JSON.parse(params) as TimelineEvent["params"] }));
}
