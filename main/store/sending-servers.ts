import { z } from "zod";
import { FAILURE_CODES, type FailureCode } from "../../shared/failure.ts";
import type { AccountId } from "../../shared/ids.ts";
import { type HourSent, type LearntSending, NOTHING_LEARNT } from "../plan/pace.ts";
import type { Reader, Writer } from "./database.ts";
import { statement } from "./statement.ts";

type Key = { accountId: number; server: string };

const selectLearnt = statement<Key, { learnt: string }>(
  "SELECT learnt FROM sending_server WHERE account_id = :accountId AND server = :server",
);
const upsertLearnt = statement<Key & { learnt: string }>(
  `INSERT INTO sending_server (account_id, server, learnt) VALUES (:accountId, :server, :learnt)
   ON CONFLICT (account_id, server) DO UPDATE SET learnt = excluded.learnt`,
);
const selectHours = statement<Key, HourSent>(
  "SELECT hour, messages, bytes FROM sending_hour WHERE account_id = :accountId AND server = :server ORDER BY hour",
);
const addToHour = statement<Key & { hour: number; bytes: number }>(
  `INSERT INTO sending_hour (account_id, server, hour, messages, bytes) VALUES (:accountId, :server, :hour, 1, :bytes)
   ON CONFLICT (account_id, server, hour) DO UPDATE SET messages = messages + 1, bytes = bytes + excluded.bytes`,
);
const forgetHours = statement<{ before: number }>("DELETE FROM sending_hour WHERE hour < :before");

const codes = Object.values(FAILURE_CODES).flat() as [FailureCode, ...FailureCode[]];
const limit = z.number().nullable();
const learntSchema = z.object({
  messagesAMinute: limit,
  messagesADay: limit,
  bytesADay: limit,
  connections: limit,
  messagesAConnection: limit,
  refusals: z.number(),
  blockedUntil: limit,
  blockedFor: z.object({ code: z.enum(codes), words: z.string() }).nullable(),
  learntAt: z.number(),
  // Not kept by earlier versions.
  grownAt: z.number().default(0),
});

/** What an outgoing server has taught about this account. */
export function readLearntSending(reader: Reader, accountId: AccountId, server: string): LearntSending {
  const known = learntSchema.safeParse(JSON.parse(reader.get(selectLearnt, { accountId, server })?.learnt ?? "null"));
  return known.success ? known.data : NOTHING_LEARNT;
}

export function writeLearntSending(tx: Writer, accountId: AccountId, server: string, learnt: LearntSending): void {
  tx.run(upsertLearnt, { accountId, server, learnt: JSON.stringify(learnt) });
}

/** What the server accepted, by hours; older ones than a day may be among them. */
export function readHoursSent(reader: Reader, accountId: AccountId, server: string): HourSent[] {
  return reader.all(selectHours, { accountId, server });
}

const selectAccepted = statement<Key & { since: number }, { at: number }>(
  `SELECT accepted_at AS at FROM outbox
   WHERE account_id = :accountId AND sent_by = :server AND accepted_at > :since
   ORDER BY accepted_at`,
);

/** When the server accepted messages of this account, ms UTC, oldest first; those that were removed from the outbox since are not among them. */
export function readAcceptedSince(reader: Reader, accountId: AccountId, server: string, since: number): number[] {
  return reader.all(selectAccepted, { accountId, server, since }).map(({ at }) => at);
}

/** One message more was accepted. Joins the transaction that says so. */
export function noteSent(tx: Writer, accountId: AccountId, server: string, hour: number, bytes: number): void {
  tx.run(addToHour, { accountId, server, hour, bytes });
}

export function forgetHoursBefore(tx: Writer, hour: number): void {
  tx.run(forgetHours, { before: hour });
}
