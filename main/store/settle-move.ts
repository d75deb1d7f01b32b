import type { FolderId, PlacementId } from "../../shared/ids.ts";
import type { Writer } from "./database.ts";
import { dropLabels, labelsOnServer, writeLabels } from "./labels.ts";
import type { ListUpkeep } from "./list-upkeep.ts";
import type { Store } from "./open.ts";
import { placementAt, readPlacement, removeIfUnplaced } from "./placements.ts";
import { statement } from "./statement.ts";
import { deletePlacement, listed, type StoredPlacement } from "./stored-placement.ts";
import { joinStories } from "./story.ts";

const moveTruth = statement<{ id: number; folderId: number; uidValidity: number | null; uid: number | null }>(
  "UPDATE placement SET folder_id = :folderId, uid_validity = :uidValidity, uid = :uid, modseq = NULL, missing_since = NULL WHERE id = :id",
);
// Messages of one Message-ID are in one conversation.
const copiesIn = statement<
  { folderId: number; messageIdHeader: string; conversationId: number; sizeBytes: number; not: number },
  { id: PlacementId }
>(
  `SELECT placement.id AS id
   FROM message INDEXED BY message_by_conversation
   JOIN placement INDEXED BY placement_by_message ON placement.message_id = message.id
   WHERE message.conversation_id = :conversationId AND message.message_id_header = :messageIdHeader AND message.size_bytes = :sizeBytes
     AND placement.folder_id = :folderId AND placement.uid IS NOT NULL AND placement.id <> :not
   ORDER BY placement.uid DESC
   LIMIT 1`,
);
const headerOf = statement<{ id: number }, { messageIdHeader: string | null }>(
  "SELECT message_id_header AS messageIdHeader FROM message WHERE id = :id",
);

/** The moved placement lies where the server put it. */
export function settleMove(
  store: Store,
  tx: Writer,
  lists: ListUpkeep,
  before: StoredPlacement,
  toFolderId: FolderId,
  place: { uidValidity: number; uid: number } | null,
): void {
  // The target may have been listed before the answer to the move came: then the same message stands there twice.
  const twin = place === null ? knownCopy(tx, before, toFolderId) : placementAt(tx, toFolderId, place.uidValidity, place.uid);
  if (twin !== undefined && twin.id !== before.id) absorb(store, tx, lists, before, twin);
  else tx.run(moveTruth, { id: before.id, folderId: toFolderId, uidValidity: place?.uidValidity ?? null, uid: place?.uid ?? null });
}

/**
 * A server that tells no new number, and a target that was listed meanwhile. Should it be an older copy after all, the moved one is
 * listed as new next time: either way the target shows what lies there.
 */
function knownCopy(
  tx: Writer,
  { id, messageId, conversationId, sizeBytes }: StoredPlacement,
  folderId: FolderId,
): StoredPlacement | undefined {
  const messageIdHeader = tx.get(headerOf, { id: messageId })?.messageIdHeader;
  if (messageIdHeader === undefined || messageIdHeader === null) return undefined;
  const copy = tx.get(copiesIn, { conversationId, messageIdHeader, sizeBytes, folderId, not: id });
  return copy === undefined ? undefined : readPlacement(tx, copy.id);
}

const takeOperations = statement<{ from: number; to: number }>(
  "UPDATE operation INDEXED BY operation_by_placement SET placement_id = :to WHERE placement_id = :from",
);
const takePlace = statement<{
  id: number;
  messageId: number;
  folderId: number;
  uidValidity: number | null;
  uid: number | null;
  modseq: number | null;
  flags: number;
  keywords: string;
  hasAttachment: number;
}>(
  `UPDATE placement SET message_id = :messageId, folder_id = :folderId, uid_validity = :uidValidity, uid = :uid, modseq = :modseq,
     flags = :flags, keywords = :keywords, has_attachment = :hasAttachment, missing_since = NULL
   WHERE id = :id`,
);

/** The moved placement takes over what the other one knew of the new place, and what the user did to it there. */
function absorb(store: Store, tx: Writer, lists: ListUpkeep, before: StoredPlacement, twin: StoredPlacement): void {
  const { id } = before;
  const kept = before.here === 0 && twin.here !== 0 ? twin : before;
  const { folderId, uidValidity, uid, modseq, flags, keywords } = twin;
  lists.left(listed(twin));
  const labels = new Set(labelsOnServer(tx, twin.id));
  for (const homeId of [twin.id, id]) dropLabels(tx, lists, homeId);
  tx.run(takeOperations, { from: twin.id, to: id });
  tx.run(deletePlacement, { id: twin.id });
  const { messageId, hasAttachment } = kept;
  tx.run(takePlace, { id, messageId, folderId, uidValidity, uid, modseq, flags, keywords, hasAttachment });
  const now = readPlacement(tx, id);
  if (now !== undefined) writeLabels(tx, now, labels);
  const other = kept === before ? twin : before;
  joinStories(tx, other.messageId, messageId);
  removeIfUnplaced(store, tx, other);
}
