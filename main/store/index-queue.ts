import type { Store } from "./open.ts";
import { statement } from "./statement.ts";

const deleteEntry = statement<{ id: number }>("DELETE FROM index_queue WHERE id = :id");
const countEntries = statement<Record<never, never>, { count: number }>("SELECT count(*) AS count FROM index_queue");
const queuedMessages = statement<{ limit: number }, { messageId: number }>("SELECT message_id AS messageId FROM index_queue LIMIT :limit");
const queueThrough = statement<{ after: number; last: number }>(
  "INSERT INTO index_queue (message_id) SELECT id FROM message WHERE id > :after AND id <= :last ORDER BY id",
);
const lastOfSlice = statement<{ after: number; limit: number }, { id: number | null }>(
  "SELECT max(id) AS id FROM (SELECT id FROM message WHERE id > :after ORDER BY id LIMIT :limit)",
);

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

/** Stores of which all messages are being queued. */
const underWay = new WeakSet<Store["db"]>();

/** Messages whose words are still to be taken in; null when those are more than `most`, or not all of them are queued yet. */
export function waitingForIndex(store: Pick<Store, "db">, most: number): ReadonlySet<number> | null {
  if (underWay.has(store.db)) return null;
  const rows = store.db.all(queuedMessages, { limit: most + 1 });
  return rows.length > most ? null : new Set(rows.map(({ messageId }) => messageId));
}

/** Some five milliseconds on a slow computer. */
const QUEUED_AT_ONCE = 10_000;

/**
 * Every message is to be taken in, once more where it waits already; slice by slice, each a transaction of its own. Cut off by a kill, the rest is missed
 * after the unclean end; whoever ends in order takes the slices that are left first.
 */
export function* queueAll(store: Pick<Store, "db">): Generator<void, void> {
  underWay.add(store.db);
  for (let after = 0; ; ) {
    const last = store.db.get(lastOfSlice, { after, limit: QUEUED_AT_ONCE })?.id ?? null;
    if (last === null) break;
    const slice = { after, last };
    store.db.write((tx) => tx.run(queueThrough, slice));
    after = last;
    yield;
  }
  underWay.delete(store.db);
}
