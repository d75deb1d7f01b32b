import type { PlacementId } from "../../shared/ids.ts";
import type { Store } from "./open.ts";
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
    for (const placementId of placements) tx.run(ask, { placementId, at: store.clock() });
  });
}
