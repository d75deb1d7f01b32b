import { z } from "zod";
import { failureData } from "../../shared/contract/failure-data.ts";
import type { AccountId, FolderId } from "../../shared/ids.ts";
import { SYNC_STAGES } from "../../shared/sync-stages.ts";
import type { Store } from "./open.ts";
import { statement } from "./statement.ts";

const stageTimes = z.partialRecord(z.enum(SYNC_STAGES), z.number());

const facts = z.object({
  beganAt: z.number(),
  tookMs: z.number(),
  stages: stageTimes,
  opened: z.boolean(),
  first: z.boolean(),
  outcome: z.enum(["done", "cut", "failed"]),
  /** Why. */
  failure: failureData.nullable(),
  folders: z.array(z.object({ folderId: z.number().transform((id) => id as FolderId), tookMs: z.number() })),
  folderCount: z.number(),
  messages: z.number(),
  bytes: z.number(),
  renamed: z.number(),
  pause: z.string().nullable(),
  /** What would have been usual for it; null while that was not known, or where it cannot be held against others. */
  usual: z.object({ tookMs: z.number(), stages: stageTimes }).nullable(),
  slow: z.boolean(),
  /** The stage that took longest beyond what it usually takes. */
  culprit: z.enum(SYNC_STAGES).nullable(),
});

/** One synchronisation with what is known of it. */
export type SyncRound = z.infer<typeof facts> & { readonly id: number; readonly accountId: AccountId; readonly notable: boolean };

type Row = { id: number; accountId: AccountId; notable: number; facts: string };

const COLUMNS = "id, account_id AS accountId, notable, facts";
const insertRound = statement<Row & { endedAt: number }>(
  "INSERT INTO sync_round (id, account_id, ended_at, notable, facts) VALUES (:id, :accountId, :endedAt, :notable, :facts)",
);
const forgetRounds = statement<{ before: number }>(
  "DELETE FROM sync_round WHERE ended_at < :before OR account_id NOT IN (SELECT id FROM account)",
);
const forgetMore = statement<{ accountId: number; most: number }>(
  `DELETE FROM sync_round
   WHERE account_id = :accountId
     AND ended_at <= (SELECT ended_at FROM sync_round WHERE account_id = :accountId ORDER BY ended_at DESC LIMIT 1 OFFSET :most)`,
);
const selectLastId = statement<Record<never, never>, { id: number | null }>("SELECT max(id) AS id FROM sync_round");
const selectRounds = statement<{ before: number; limit: number }, Row>(
  `SELECT ${COLUMNS} FROM sync_round WHERE id < :before ORDER BY id DESC LIMIT :limit`,
);
const selectNotable = statement<{ before: number; limit: number }, Row>(
  `SELECT ${COLUMNS} FROM sync_round WHERE id < :before AND notable = 1 ORDER BY id DESC LIMIT :limit`,
);
const selectOfAccount = statement<{ accountId: number; from: number; limit: number }, Row>(
  `SELECT ${COLUMNS} FROM sync_round WHERE account_id = :accountId AND ended_at > :from ORDER BY ended_at DESC LIMIT :limit`,
);

const WEEK_MS = 7 * 24 * 3_600_000;
/** Of one account: a look every three minutes is as much in four days, and what is learnt needs far fewer. */
const MOST_OF_ACCOUNT = 2000;

/** Keeps them, and forgets what is older than seven days, what is more than an account needs, and those of accounts that are gone. */
export function addSyncRounds(store: Store, rounds: readonly SyncRound[]): void {
  store.db.write((tx) => {
    for (const { id, accountId, notable, ...rest } of rounds) {
      const endedAt = rest.beganAt + rest.tookMs;
      tx.run(insertRound, { id, accountId, endedAt, notable: notable ? 1 : 0, facts: JSON.stringify(rest) });
    }
    tx.run(forgetRounds, { before: store.clock() - WEEK_MS });
    for (const accountId of new Set(rounds.map((round) => round.accountId))) tx.run(forgetMore, { accountId, most: MOST_OF_ACCOUNT });
  });
}

export function lastSyncRoundId(store: Store): number {
  return store.db.get(selectLastId, {})?.id ?? 0;
}

/** Newest first, below the id `before`. @param notable only those in which something came or was out of the ordinary */
export function readSyncRounds(store: Store, before: number, notable: boolean, limit: number): SyncRound[] {
  return store.db.all(notable ? selectNotable : selectRounds, { before, limit }).flatMap(roundOf);
}

/** The newest of one account, in the order in which they ended. */
export function syncRoundsOf(store: Store, accountId: AccountId, from: number, limit: number): SyncRound[] {
  return store.db.all(selectOfAccount, { accountId, from, limit }).flatMap(roundOf).toReversed();
}

/** Nothing where it was written by a version that knew other stages. */
function roundOf({ id, accountId, notable, facts: text }: Row): SyncRound[] {
  const read = facts.safeParse(JSON.parse(text));
  return read.success ? [{ ...read.data, id, accountId, notable: notable === 1 }] : [];
}
