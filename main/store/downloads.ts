import type { PlacementId } from "../../shared/ids.ts";
import { originalAcross } from "./across.ts";
import type { Reader } from "./database.ts";
import type { Store } from "./open.ts";
import { statement } from "./statement.ts";

const ask = statement<{ placementId: number; at: number }>(
  `INSERT INTO download (placement_id, asked_at)
   SELECT coalesce(placement.home_id, placement.id), :at FROM placement JOIN message ON message.id = placement.message_id
   WHERE placement.id = :placementId AND message.bytes_here = 0
   ON CONFLICT (placement_id) DO NOTHING`,
);

const asked = statement<{ placementId: number }, { one: number }>(
  `SELECT 1 AS one FROM placement JOIN download ON download.placement_id = coalesce(placement.home_id, placement.id)
   WHERE placement.id = :placementId`,
);

/** Whether its body waits at the head of the queue. */
export function isAskedFor(reader: Reader, placementId: PlacementId): boolean {
  return reader.get(asked, { placementId }) !== undefined;
}

/** Puts bodies at the head of the queue; kept over a restart. */
export function askForDownload(store: Store, placements: readonly PlacementId[]): void {
  store.db.write((tx) => {
    // A copy that waits for its bytes gets them from its original, in another account.
    for (const placementId of placements) tx.run(ask, { placementId: originalAcross(tx, placementId) ?? placementId, at: store.clock() });
  });
}
