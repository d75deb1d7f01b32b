import type { FlagBits } from "../../shared/flags.ts";
import type { AccountId, ConversationId, FolderId, MessageId, PlacementId } from "../../shared/ids.ts";
import { overlay, type PlacementChange } from "../plan/overlay.ts";
import { removeIfEmpty } from "./conversations.ts";
import type { Reader, Writer } from "./database.ts";
import { type Listed, ListUpkeep } from "./list-upkeep.ts";
import { noteLoose } from "./loose-blobs.ts";
import type { Store } from "./open.ts";
import { statement } from "./statement.ts";

/** A placement with all that lists, operations and sync decide by. */
export type StoredPlacement = {
  readonly id: PlacementId;
  readonly messageId: MessageId;
  readonly accountId: AccountId;
  readonly conversationId: ConversationId;
  readonly folderId: FolderId;
  readonly uidValidity: number | null;
  readonly uid: number | null;
  readonly modseq: number | null;
  readonly flags: FlagBits;
  readonly keywords: string;
  readonly shownFolderId: FolderId | null;
  readonly shownFlags: FlagBits;
  readonly pending: number;
  readonly receivedAt: number;
  readonly missingSince: number | null;
  readonly hasAttachment: number;
  readonly here: number;
  readonly sizeBytes: number;
  readonly rawHash: string | null;
};

const COLUMNS = `placement.id AS id, placement.message_id AS messageId, message.account_id AS accountId,
  message.conversation_id AS conversationId, placement.folder_id AS folderId, placement.uid_validity AS uidValidity, placement.uid AS uid,
  placement.modseq AS modseq, placement.flags AS flags, placement.keywords AS keywords, placement.shown_folder_id AS shownFolderId,
  placement.shown_flags AS shownFlags, placement.pending AS pending, placement.received_at AS receivedAt,
  placement.missing_since AS missingSince, placement.has_attachment AS hasAttachment, message.bytes_here AS here,
  message.size_bytes AS sizeBytes, message.raw_hash AS rawHash`;
const FROM = "FROM placement JOIN message ON message.id = placement.message_id";

const byId = statement<{ id: number }, StoredPlacement>(`SELECT ${COLUMNS} ${FROM} WHERE placement.id = :id`);
const byUid = statement<{ folderId: number; uidValidity: number; uid: number }, StoredPlacement>(
  `SELECT ${COLUMNS} ${FROM} WHERE placement.folder_id = :folderId AND placement.uid_validity = :uidValidity AND placement.uid = :uid`,
);
const ofMessage = statement<{ messageId: number }, StoredPlacement>(`SELECT ${COLUMNS} ${FROM} WHERE placement.message_id = :messageId`);

export function readPlacement(reader: Reader, id: PlacementId): StoredPlacement | undefined {
  return reader.get(byId, { id });
}

export function placementAt(reader: Reader, folderId: FolderId, uidValidity: number, uid: number): StoredPlacement | undefined {
  return reader.get(byUid, { folderId, uidValidity, uid });
}

export function placementsOfMessage(reader: Reader, messageId: MessageId): StoredPlacement[] {
  return reader.all(ofMessage, { messageId });
}

export function listed(placement: StoredPlacement): Listed {
  return {
    id: placement.id,
    conversationId: placement.conversationId,
    folderId: placement.shownFolderId,
    flags: placement.shownFlags,
    receivedAt: placement.receivedAt,
    hasAttachment: placement.hasAttachment !== 0,
    here: placement.here !== 0,
    sizeBytes: placement.sizeBytes,
  };
}

const openChanges = statement<{ placementId: number }, { change: string }>(
  `SELECT change FROM operation WHERE placement_id = :placementId AND state IN ('pending', 'attempted', 'parked') ORDER BY id`,
);
const writeShown = statement<{ id: number; shownFolderId: number | null; shownFlags: number; pending: number }>(
  "UPDATE placement SET shown_folder_id = :shownFolderId, shown_flags = :shownFlags, pending = :pending WHERE id = :id",
);

/**
 * Makes a placement show its truth with the open operations on top, after either of them changed.
 *
 * @param before the placement as the lists still know it
 */
export function showAnew(tx: Writer, lists: ListUpkeep, before: StoredPlacement): void {
  const now = readPlacement(tx, before.id);
  if (now === undefined) return;
  const changes = tx.all(openChanges, { placementId: before.id }).map(({ change }) => JSON.parse(change) as PlacementChange);
  const shown = overlay({ folderId: now.folderId, flags: now.flags }, changes);
  lists.left(listed(before));
  tx.run(writeShown, { id: before.id, shownFolderId: shown.folderId, shownFlags: shown.flags, pending: changes.length });
  lists.entered({ ...listed(now), folderId: shown.folderId, flags: shown.flags });
}

const attemptedOn = statement<{ placementId: number }, { id: number }>(
  // The list of states is the one that operation_by_placement covers.
  "SELECT id FROM operation WHERE placement_id = :placementId AND state IN ('pending', 'attempted', 'parked') AND state = 'attempted' LIMIT 1",
);
const forgetUid = statement<{ id: number }>("UPDATE placement SET uid = NULL, uid_validity = NULL, modseq = NULL WHERE id = :id");
export const deletePlacement = statement<{ id: number }>("DELETE FROM placement WHERE id = :id");
const closeOperations = statement<{ placementId: number; at: number }>(
  `UPDATE operation SET state = 'refused', ended_at = :at, server_words = 'gone'
   WHERE placement_id = :placementId AND state IN ('pending', 'attempted', 'parked')`,
);
const isPlaced = statement<{ messageId: number }, { placed: number }>(
  "SELECT 1 AS placed FROM placement WHERE message_id = :messageId LIMIT 1",
);
const deleteMessage = statement<{ id: number }>("DELETE FROM message WHERE id = :id");
const queueGone = statement<{ messageId: number }>("INSERT INTO index_queue (message_id, gone) VALUES (:messageId, 1)");
/**
 * Takes placements away that the server has no more. One with an operation under way only loses its number: what became of it
 * is what that operation is about to learn.
 *
 * @returns how many went
 */
export function removePlacements(store: Store, tx: Writer, ids: readonly number[], { evenIfAttempted = false } = {}): number {
  const lists = new ListUpkeep(store);
  let removed = 0;
  for (const id of ids) {
    const placement = tx.get(byId, { id });
    if (placement === undefined) continue;
    if (!evenIfAttempted && tx.get(attemptedOn, { placementId: id }) !== undefined) {
      tx.run(forgetUid, { id });
      continue;
    }
    lists.left(listed(placement));
    tx.run(closeOperations, { placementId: id, at: store.clock() });
    tx.run(deletePlacement, { id });
    removed += 1;
    removeIfUnplaced(store, tx, placement);
  }
  lists.settle(tx);
  return removed;
}

/**
 * A message that lies nowhere any more goes. Its file goes later and only if nobody needs it then: what another program moves is often
 * first seen to vanish and then to come.
 */
export function removeIfUnplaced(
  store: Store,
  tx: Writer,
  { messageId, conversationId, rawHash }: Pick<StoredPlacement, "messageId" | "conversationId" | "rawHash">,
): void {
  if (tx.get(isPlaced, { messageId }) !== undefined) return;
  tx.run(queueGone, { messageId });
  tx.run(deleteMessage, { id: messageId });
  removeIfEmpty(tx, conversationId);
  if (rawHash !== null) noteLoose(tx, rawHash, store.clock());
}
