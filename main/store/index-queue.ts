import type { Store } from "./open.ts";
import { statement } from "./statement.ts";

const deleteEntry = statement<{ id: number }>("DELETE FROM index_queue WHERE id = :id");
const countEntries = statement<Record<never, never>, { count: number }>("SELECT count(*) AS count FROM index_queue");
const queuedMessages = statement<{ limit: number }, { messageId: number }>("SELECT message_id AS messageId FROM index_queue LIMIT :limit");
const clearQueue = statement("DELETE FROM index_queue");
const queueEverything = statement("INSERT INTO index_queue (message_id) SELECT id FROM message ORDER BY received_at");

const queueOne = statement<{ messageId: number }>("INSERT INTO index_queue (message_id) VALUES (:messageId)");

/** These are to be taken in (again). */
export function queueMessages(store: Pick<Store, "db">, messageIds: readonly number[]): void {
  store.db.write((tx) => {
    for (const messageId of messageIds) tx.run(queueOne, { messageId });
  });
}

/** The search thread holds these entries durably. */
export function dropFromQueue(store: Pick<Store, "db">, ids: readonly number[]): void {
  store.db.write((tx) => {
    for (const id of ids) tx.run(deleteEntry, { id });
  });
}

export function queueLength(store: Pick<Store, "db">): number {
  return store.db.get(countEntries, {})?.count ?? 0;
}

/** Messages whose words are still to be taken in; null when those are more than `most`. */
export function waitingForIndex(store: Pick<Store, "db">, most: number): ReadonlySet<number> | null {
  const rows = store.db.all(queuedMessages, { limit: most + 1 });
  return rows.length > most ? null : new Set(rows.map(({ messageId }) => messageId));
}

/** The index starts from nothing: every message is to be taken in. */
export function requeueAll(store: Pick<Store, "db">): void {
  store.db.write((tx) => {
    tx.run(clearQueue, {});
    tx.run(queueEverything, {});
  });
}
