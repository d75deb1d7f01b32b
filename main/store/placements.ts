import type { AccountId, FolderId, MessageId, PlacementId } from "../../shared/ids.ts";
import { overlay, type PlacementChange } from "../plan/overlay.ts";
import { removeIfEmpty } from "./conversations.ts";
import type { Reader, Writer } from "./database.ts";
import { dropLabels, showLabels } from "./labels.ts";
import { ListUpkeep } from "./list-upkeep.ts";
import { noteLoose } from "./loose-blobs.ts";
import { enterSafetyNet } from "./net-entry.ts";
import type { Store } from "./open.ts";
import { keepOriginals } from "./operation-parts.ts";
import { forgetReceipt } from "./receipts.ts";
import { forgetReport } from "./reports.ts";
import { statement } from "./statement.ts";
import { COLUMNS, deletePlacement, FROM, listed, type StoredPlacement } from "./stored-placement.ts";
import { forgetStory, placeName, type Told, tell } from "./story.ts";

const byId = statement<{ id: number }, StoredPlacement>(`SELECT ${COLUMNS} ${FROM} WHERE placement.id = :id`);
const byUid = statement<{ folderId: number; uidValidity: number; uid: number }, StoredPlacement>(
  `SELECT ${COLUMNS} ${FROM} WHERE placement.folder_id = :folderId AND placement.uid_validity = :uidValidity AND placement.uid = :uid`,
);
const ofMessage = statement<{ messageId: number }, StoredPlacement>(`SELECT ${COLUMNS} ${FROM} WHERE placement.message_id = :messageId`);

export function readPlacement(reader: Reader, id: PlacementId): StoredPlacement | undefined {
  return reader.get(byId, { id });
}

/** The placement that operations on this one are recorded on: itself, or for a Gmail label the one in All Mail. */
export function homeOf(reader: Reader, placement: StoredPlacement): StoredPlacement {
  return placement.homeId === null ? placement : (readPlacement(reader, placement.homeId) ?? placement);
}

/** The placement to remember a message by: one that stands for a Gmail label goes when the label is taken off. */
export function lastingPlacement(reader: Reader, id: PlacementId): PlacementId {
  return readPlacement(reader, id)?.homeId ?? id;
}

export function placementAt(reader: Reader, folderId: FolderId, uidValidity: number, uid: number): StoredPlacement | undefined {
  return reader.get(byUid, { folderId, uidValidity, uid });
}

export function placementsOfMessage(reader: Reader, messageId: MessageId): StoredPlacement[] {
  return reader.all(ofMessage, { messageId });
}

// Messages of one Message-ID are in one conversation.
const withMessageId = statement<{ accountId: number; reference: string; messageIdHeader: string; folderId: number }, { id: PlacementId }>(
  `SELECT placement.id AS id
   FROM conversation_reference
   JOIN message INDEXED BY message_by_conversation ON message.conversation_id = conversation_reference.conversation_id
   JOIN placement INDEXED BY placement_by_message ON placement.message_id = message.id
   WHERE conversation_reference.account_id = :accountId AND conversation_reference.reference = :reference
     AND message.message_id_header = :messageIdHeader AND placement.folder_id = :folderId
   LIMIT 1`,
);

/** Whether a message of this Message-ID (without angle brackets) lies in the folder. */
export function hasMessageIn(reader: Reader, folder: { id: FolderId; accountId: AccountId }, messageIdHeader: string): boolean {
  const { id: folderId, accountId } = folder;
  // A reference is kept up to 250 characters.
  return reader.get(withMessageId, { accountId, reference: messageIdHeader.slice(0, 250), messageIdHeader, folderId }) !== undefined;
}

const newest = statement<{ folderId: number; most: number }, { rawHash: string }>(
  `SELECT message.raw_hash AS rawHash
   FROM placement INDEXED BY placement_in_list
   JOIN message ON message.id = placement.message_id
   WHERE placement.shown_folder_id = :folderId AND message.raw_hash IS NOT NULL
   ORDER BY placement.received_at DESC, placement.id DESC
   LIMIT :most`,
);

/** Hashes of the newest messages of a folder that are here. */
export function newestBlobs(reader: Reader, folderId: FolderId, most: number): string[] {
  return reader.all(newest, { folderId, most }).map(({ rawHash }) => rawHash);
}

const openChanges = statement<{ placementId: number }, { change: string }>(
  `SELECT change FROM operation INDEXED BY operation_by_placement WHERE placement_id = :placementId AND state IN ('pending', 'attempted', 'parked') ORDER BY id`,
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
  // Those of labels follow the one that they belong to.
  if (now === undefined || now.homeId !== null) return;
  const changes = tx.all(openChanges, { placementId: before.id }).map(({ change }) => JSON.parse(change) as PlacementChange);
  const shown = overlay({ folderId: now.folderId, flags: now.flags | now.localFlags }, changes);
  lists.left(listed(before));
  tx.run(writeShown, { id: before.id, shownFolderId: shown.folderId, shownFlags: shown.flags, pending: changes.length });
  lists.entered({ ...listed(now), folderId: shown.folderId, flags: shown.flags });
  showLabels(tx, lists, now, shown, changes);
}

const attemptedOn = statement<{ placementId: number }, { id: number }>(
  "SELECT id FROM operation INDEXED BY operation_by_placement WHERE placement_id = :placementId AND state = 'attempted' LIMIT 1",
);
/** A command about it has gone out, or was about to, and its answer is not known. */
export function isUnderWay(reader: Reader, placementId: number): boolean {
  return reader.get(attemptedOn, { placementId }) !== undefined;
}

const forgetUid = statement<{ id: number }>("UPDATE placement SET uid = NULL, uid_validity = NULL, modseq = NULL WHERE id = :id");
const closeOperations = statement<{ placementId: number; at: number }>(
  `UPDATE operation INDEXED BY operation_by_placement SET state = 'refused', ended_at = :at, reason = 'gone'
   WHERE placement_id = :placementId AND state IN ('pending', 'attempted', 'parked')`,
);
const keepAbout = statement<{ placementId: number }>(
  `UPDATE operation INDEXED BY operation_by_placement
   SET about = (
     SELECT json_object('subject', message.subject, 'from', json(message.from_json))
     FROM placement JOIN message ON message.id = placement.message_id
     WHERE placement.id = operation.placement_id
   )
   WHERE placement_id = :placementId`,
);
const isPlaced = statement<{ messageId: number }, { placed: number }>(
  "SELECT 1 AS placed FROM placement WHERE message_id = :messageId LIMIT 1",
);
const deleteMessage = statement<{ id: number }>("DELETE FROM message WHERE id = :id");
const queueGone = statement<{ messageId: number }>("INSERT INTO index_queue (message_id, gone) VALUES (:messageId, 1)");
const siblingOf = statement<{ messageId: number; id: number }, { id: PlacementId; folderId: FolderId }>(
  `SELECT id, folder_id AS folderId FROM placement INDEXED BY placement_by_message
   WHERE message_id = :messageId AND id <> :id AND home_id IS NULL
   ORDER BY id DESC
   LIMIT 1`,
);
const handOperationsOver = statement<{ from: number; to: number }>(
  "UPDATE operation INDEXED BY operation_by_placement SET placement_id = :to WHERE placement_id = :from",
);

/** What was done to one placement of a message is told of another from now on. */
export function handOver(tx: Writer, from: PlacementId, to: PlacementId): void {
  tx.run(handOperationsOver, { from, to });
}

/** Takes placements away, whatever is under way with them. @returns how many went */
export function dropPlacements(store: Store, tx: Writer, ids: readonly number[]): number {
  return removePlacements(store, tx, ids, { evenIfAttempted: true });
}

/**
 * Takes placements away that the server has no more. One with an operation under way only loses its number: what became of it
 * is what that operation is about to learn.
 *
 * @param options.vanished they were on the server and are not any more, without our doing: then the story tells of it, and the last copy of
 * a message goes to the safety net
 * @returns how many went
 */
export function removePlacements(
  store: Store,
  tx: Writer,
  ids: readonly number[],
  { evenIfAttempted = false, vanished = false } = {},
): number {
  const lists = new ListUpkeep(store);
  let removed = 0;
  for (const id of ids) {
    const placement = tx.get(byId, { id });
    if (placement === undefined) continue;
    if (!evenIfAttempted && isUnderWay(tx, id)) {
      tx.run(forgetUid, { id });
      continue;
    }
    lists.left(listed(placement));
    dropLabels(tx, lists, placement.id);
    tx.run(closeOperations, { placementId: id, at: store.clock() });
    if (placement.pending > 0) showOriginals(store, tx, lists, placement.id);
    if (vanished && placement.homeId === null) {
      const sibling = tx.get(siblingOf, { messageId: placement.messageId, id });
      if (sibling !== undefined) tellLeft(store, tx, placement, sibling);
      else if (enterSafetyNet(store, tx, placement)) {
        tx.run(queueGone, { messageId: placement.messageId });
        removed += 1;
        continue;
      }
    }
    tx.run(keepAbout, { placementId: id });
    tx.run(deletePlacement, { id });
    removed += 1;
    removeIfUnplaced(store, tx, placement);
  }
  lists.settle(tx);
  return removed;
}

/** A copy that will not be made any more: what was to be moved by it into this account is shown in its own again. */
function showOriginals(store: Store, tx: Writer, lists: ListUpkeep, copyId: PlacementId): void {
  for (const id of keepOriginals(store, tx, copyId)) {
    const original = tx.get(byId, { id });
    if (original !== undefined) showAnew(tx, lists, original);
  }
}

/** A copy that was seen later than this one: another device moved it there. Else one of several copies went. */
function tellLeft(store: Store, tx: Writer, placement: StoredPlacement, sibling: { id: PlacementId; folderId: FolderId }): void {
  const folder = placeName(tx, placement.folderId);
  const told: Told =
    sibling.id > placement.id ? { kind: "moved", from: folder, to: placeName(tx, sibling.folderId) } : { kind: "left", folder };
  tell(tx, placement.messageId, store.clock(), told);
  handOver(tx, placement.id, sibling.id);
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
  forgetStory(tx, messageId);
  forgetReport(tx, messageId);
  forgetReceipt(tx, messageId);
  tx.run(deleteMessage, { id: messageId });
  removeIfEmpty(tx, conversationId);
  if (rawHash !== null) noteLoose(tx, rawHash, store.clock());
}
