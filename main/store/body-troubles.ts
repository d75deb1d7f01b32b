import type { MessageId, PlacementId } from "../../shared/ids.ts";
import type { Reader, Writer } from "./database.ts";
import type { Store } from "./open.ts";
import { readPlacement } from "./placements.ts";
import { statement } from "./statement.ts";

/** A body that broke every answer it came in. */
export type BodyTrouble = { readonly times: number; readonly retryAt: number };

const select = statement<{ messageId: number }, BodyTrouble>(
  "SELECT times, retry_at AS retryAt FROM body_trouble WHERE message_id = :messageId",
);
const upsert = statement<{ messageId: number } & BodyTrouble>(
  `INSERT INTO body_trouble (message_id, times, retry_at) VALUES (:messageId, :times, :retryAt)
   ON CONFLICT (message_id) DO UPDATE SET times = :times, retry_at = :retryAt`,
);
const anyTrouble = statement<Record<never, never>, { any: number }>("SELECT 1 AS any FROM body_trouble LIMIT 1");
const forget = statement<{ messageId: number }>("DELETE FROM body_trouble WHERE message_id = :messageId");

export function readBodyTrouble(reader: Reader, messageId: MessageId): BodyTrouble | undefined {
  return reader.get(select, { messageId });
}

const HOUR = 3_600_000;

/** It is given up for a while: six hours, then twice as long each time, at most two days. Who has the message open reads it anew. */
export function giveUpBody(store: Store, placementId: PlacementId): void {
  const messageId = store.db.write((tx) => {
    const placement = readPlacement(tx, placementId);
    if (placement === undefined || placement.here !== 0) return null;
    const times = (readBodyTrouble(tx, placement.messageId)?.times ?? 0) + 1;
    const retryAt = store.clock() + Math.min(48 * HOUR, 6 * HOUR * 2 ** (times - 1));
    tx.run(upsert, { messageId: placement.messageId, times, retryAt });
    return placement.messageId;
  });
  if (messageId !== null) store.changes.messagesUpdated([messageId]);
}

const tryNow = statement<{ messageId: number }>("UPDATE body_trouble SET retry_at = 0 WHERE message_id = :messageId");

/** The user wants to see it tried again. */
export function retryBodies(store: Store, placementIds: readonly PlacementId[]): void {
  store.db.write((tx) => {
    for (const id of placementIds) {
      const placement = readPlacement(tx, id);
      if (placement !== undefined) tx.run(tryNow, { messageId: placement.messageId });
    }
  });
}

/** Its bytes have come. */
export function forgetBodyTrouble(tx: Writer, messageIds: readonly MessageId[]): void {
  if (tx.get(anyTrouble, {}) === undefined) return;
  for (const messageId of messageIds) tx.run(forget, { messageId });
}
