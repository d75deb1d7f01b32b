import type { UnsubscribeRequest } from "../../shared/contract/unsubscribe.ts";
import type { AccountId, MessageId } from "../../shared/ids.ts";
import type { Reader, Writer } from "./database.ts";
import type { Store } from "./open.ts";
import { statement } from "./statement.ts";

/** A request to leave a list that waits to be told to the sender's server. Times in ms UTC. */
export type WaitingUnsubscribe = {
  readonly id: number;
  readonly accountId: AccountId;
  readonly messageId: MessageId;
  readonly hash: string;
  readonly receivedAt: number;
  readonly url: string;
  readonly attempts: number;
  readonly nextAt: number;
  readonly askedAt: number;
};

export type NewUnsubscribe = {
  readonly accountId: AccountId;
  readonly messageId: MessageId;
  readonly way: "post" | "mail";
  readonly list: string;
  readonly target: string;
  readonly url: string;
  readonly hash: string;
  readonly receivedAt: number;
  readonly state: "waiting" | "told";
  readonly at: number;
};

const insert = statement<NewUnsubscribe>(
  `INSERT OR IGNORE INTO unsubscribe
     (account_id, message_id, way, list, target, url, raw_hash, received_at, state, attempts, next_at, asked_at, status, words)
   VALUES (:accountId, :messageId, :way, :list, :target, :url, :hash, :receivedAt, :state, 0, :at, :at, NULL, '')`,
);
const underWay = statement<{ accountId: number; list: string }, { found: number }>(
  "SELECT 1 AS found FROM unsubscribe WHERE account_id = :accountId AND list = :list AND state IN ('waiting', 'telling') LIMIT 1",
);
const ofList = statement<
  { accountId: number; list: string; messageId: number },
  Omit<UnsubscribeRequest, "here" | "state"> & { here: number; state: UnsubscribeRequest["state"] | "telling" }
>(
  `SELECT way, target, asked_at AS askedAt, state, status, words, message_id = :messageId AS here
   FROM unsubscribe
   WHERE account_id = :accountId AND list = :list
   ORDER BY asked_at DESC, id DESC
   LIMIT 1`,
);
const waiting = statement<Record<never, never>, WaitingUnsubscribe>(
  `SELECT id, account_id AS accountId, message_id AS messageId, raw_hash AS hash, received_at AS receivedAt, url, attempts, next_at AS nextAt, asked_at AS askedAt
   FROM unsubscribe
   WHERE state = 'waiting'
   ORDER BY next_at, id`,
);
const change = statement<{
  id: number;
  state: string;
  attempts: number;
  nextAt: number;
  status: number | null;
  words: string;
}>("UPDATE unsubscribe SET state = :state, attempts = :attempts, next_at = :nextAt, status = :status, words = :words WHERE id = :id");
const cutOff = statement<Record<never, never>>("UPDATE unsubscribe SET state = 'unknown' WHERE state = 'telling'");
const allNow = statement<{ now: number }>("UPDATE unsubscribe SET next_at = :now WHERE state = 'waiting' AND next_at > :now");

/** @returns false when it was asked for before: then nothing may happen */
export function addUnsubscribe(tx: Writer, request: NewUnsubscribe): boolean {
  if (tx.get(underWay, { accountId: request.accountId, list: request.list }) !== undefined) return false;
  return tx.run(insert, request).changes > 0;
}

/** The last time that the user left this list, as far as that is known. */
export function lastUnsubscribe(db: Reader, accountId: AccountId, list: string, messageId: MessageId): UnsubscribeRequest | null {
  const row = db.get(ofList, { accountId, list, messageId });
  return row === undefined ? null : { ...row, state: row.state === "telling" ? "waiting" : row.state, here: row.here === 1 };
}

/** The soonest first. */
export function waitingUnsubscribes(db: Reader): WaitingUnsubscribe[] {
  return db.all(waiting, {});
}

/** On disk before it returns: what is being told is never told again on a guess. */
export function changeUnsubscribe(
  store: Store,
  { id, attempts, nextAt }: Pick<WaitingUnsubscribe, "id" | "attempts" | "nextAt">,
  state: UnsubscribeRequest["state"] | "telling",
  answer: { readonly status: number | null; readonly words: string } = { status: null, words: "" },
): void {
  store.db.writeDurably((tx) => tx.run(change, { id, attempts, nextAt, state, ...answer }));
}

/** What a killed program was telling: nobody knows what arrived. */
export function recoverUnsubscribes(store: Store): void {
  store.db.write((tx) => tx.run(cutOff, {}));
}

/** The network may be back. */
export function hurryUnsubscribes(store: Store, now: number): void {
  store.db.write((tx) => tx.run(allNow, { now }));
}
