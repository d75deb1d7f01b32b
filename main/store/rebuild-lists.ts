import type { PlacementId } from "../../shared/ids.ts";
import type { Writer } from "./database.ts";
import { type Listed, ListUpkeep } from "./list-upkeep.ts";
import type { Store } from "./open.ts";
import { statement } from "./statement.ts";
import { OUTLINED } from "./stored-placement.ts";

const clearRows = statement("DELETE FROM conversation_in_view");
const clearStretches = statement("DELETE FROM view_stretch");
const clearMissing = statement("DELETE FROM missing_body");
const clearMonths = statement("DELETE FROM folder_month");
const clearCounts = statement("UPDATE folder SET total = 0, unread = 0, here = 0, bytes_missing = 0");
const nextPlacements = statement<
  { after: number; limit: number },
  Omit<Listed, "hasAttachment" | "here" | "outlined"> & { hasAttachment: number; here: number; outlined: number }
>(
  `SELECT placement.id AS id, message.conversation_id AS conversationId, placement.shown_folder_id AS folderId,
     placement.shown_flags AS flags, placement.received_at AS receivedAt, placement.has_attachment AS hasAttachment,
     message.bytes_here AS here, message.size_bytes AS sizeBytes, ${OUTLINED} AS outlined
   FROM placement JOIN message ON message.id = placement.message_id
   WHERE placement.id > :after
   ORDER BY placement.id
   LIMIT :limit`,
);
const SLICE = 2000;

/** Makes all lists and counts anew from the placements: after a folder took another role, and after damage. Some 20 µs a message. */
export function rebuildLists(store: Store, tx: Writer): void {
  tx.run(clearRows, {});
  tx.run(clearStretches, {});
  tx.run(clearMissing, {});
  tx.run(clearMonths, {});
  tx.run(clearCounts, {});
  for (let after = 0 as PlacementId; ; ) {
    const slice = tx.all(nextPlacements, { after, limit: SLICE });
    const lists = new ListUpkeep(store);
    for (const { hasAttachment, here, outlined, ...placement } of slice) {
      lists.entered({ ...placement, hasAttachment: hasAttachment !== 0, here: here !== 0, outlined: outlined !== 0 });
      after = placement.id;
    }
    lists.settle(tx);
    if (slice.length < SLICE) return;
  }
}
