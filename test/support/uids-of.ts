import type { Store } from "../../main/store/open.ts";
import { statement } from "../../main/store/statement.ts";
import type { FlagBits } from "../../shared/flags.ts";
import type { FolderId, PlacementId } from "../../shared/ids.ts";

export type KnownUid = {
  readonly placementId: PlacementId;
  readonly flags: FlagBits;
  readonly modseq: number | null;
  /** All its bytes are on this computer. */
  readonly here: boolean;
};
const uidsIn = statement<
  { folderId: number },
  { uid: number; placementId: PlacementId; flags: number; modseq: number | null; here: number }
>(
  `SELECT placement.uid AS uid, placement.id AS placementId, placement.flags AS flags, placement.modseq AS modseq, message.bytes_here AS here
   FROM placement JOIN message ON message.id = placement.message_id
   WHERE placement.folder_id = :folderId AND placement.uid IS NOT NULL ORDER BY placement.uid`,
);

/** Everything that the store believes to lie in the folder, by number. */
export function uidsOf(store: Store, folderId: FolderId): Map<number, KnownUid> {
  const known = new Map<number, KnownUid>();
  for (const { uid, placementId, flags, modseq, here } of store.db.all(uidsIn, { folderId }))
    known.set(uid, { placementId, flags, modseq, here: here !== 0 });
  return known;
}
