import { z } from "zod";
import type { AccountId } from "../../shared/ids.ts";
import { type HourUse, hourOf, type Learnt, NOTHING_LEARNT } from "../plan/limits.ts";
import type { Store } from "./open.ts";
import { statement } from "./statement.ts";

const addUse = statement<{ accountId: number; hour: number; bytes: number }>(
  `INSERT INTO hour_use (account_id, hour, bytes) VALUES (:accountId, :hour, :bytes)
   ON CONFLICT (account_id, hour) DO UPDATE SET bytes = bytes + excluded.bytes`,
);
const forgetUse = statement<{ accountId: number; before: number }>("DELETE FROM hour_use WHERE account_id = :accountId AND hour < :before");
const selectUse = statement<{ accountId: number; from: number }, HourUse>(
  "SELECT hour, bytes FROM hour_use WHERE account_id = :accountId AND hour >= :from",
);
const selectLearnt = statement<{ id: number }, { learnt: string | null; provider: string | null }>(
  "SELECT learnt, provider FROM account WHERE id = :id",
);
const updateLearnt = statement<{ id: number; learnt: string }>("UPDATE account SET learnt = :learnt WHERE id = :id");

const learntSchema = z.object({
  bytesADay: z.number().nullable(),
  connections: z.number().nullable(),
  loginsAMinute: z.number().nullable(),
  refusals: z.number(),
  blockedUntil: z.number().nullable(),
  learntAt: z.number(),
});
/** Longer than a day: nothing older counts against a limit. */
const COUNTED_HOURS = 25;
/** Seven days and an hour, for the page of health. */
const KEPT_HOURS = 169;

/** Mail came over the line. */
export function noteUse(store: Store, accountId: AccountId, bytes: number): void {
  const hour = hourOf(store.clock());
  store.db.write((tx) => {
    tx.run(addUse, { accountId, hour, bytes });
    tx.run(forgetUse, { accountId, before: hour - KEPT_HOURS });
  });
}

export function readUse(store: Store, accountId: AccountId): HourUse[] {
  return store.db.all(selectUse, { accountId, from: hourOf(store.clock()) - COUNTED_HOURS });
}

/** What is known of an account's provider, and what it has taught. */
export function readLearnt(store: Store, accountId: AccountId): { provider: string | null; learnt: Learnt } {
  const row = store.db.get(selectLearnt, { id: accountId });
  const known = learntSchema.safeParse(JSON.parse(row?.learnt ?? "null"));
  return { provider: row?.provider ?? null, learnt: known.success ? known.data : NOTHING_LEARNT };
}

export function writeLearnt(store: Store, accountId: AccountId, learnt: Learnt): void {
  store.db.write((tx) => tx.run(updateLearnt, { id: accountId, learnt: JSON.stringify(learnt) }));
}
