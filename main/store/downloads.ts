import type { PlacementId } from "../../shared/ids.ts";
import { originalAcross } from "./across.ts";
import type { Store } from "./open.ts";
import { readPlacement } from "./placements.ts";
import { statement } from "./statement.ts";

const ask = statement<{ placementId: number; at: number }>(
  `INSERT INTO download (placement_id, asked_at)
   SELECT coalesce(placement.home_id, placement.id), :at FROM placement JOIN message ON message.id = placement.message_id
   WHERE placement.id = :placementId AND message.bytes_here = 0
   ON CONFLICT (placement_id) DO NOTHING`,
);

/** Puts bodies at the head of the queue; kept over a restart. */
export function askForDownload(store: Store, placements: readonly PlacementId[]): void {
  store.db.write((tx) => {
    // A copy that waits for its bytes gets them from its original, in another account.
    for (const placementId of placements) tx.run(ask, { placementId: originalAcross(tx, placementId) ?? placementId, at: store.clock() });
  });
}

/** The bytes of what these copies are made of are wanted, from the servers where the originals lie. */
export function askForOriginals(store: Store, copies: readonly PlacementId[]): void {
  askForDownload(store, copies);
  for (const copyId of copies) {
    const original = originalAcross(store.db, copyId);
    const accountId = original === undefined ? undefined : readPlacement(store.db, original)?.accountId;
    if (accountId !== undefined) store.changes.operationsFreed(accountId);
  }
}
