import type { FolderId, MessageId, PlacementId } from "../../shared/ids.ts";
import { NOWHERE, type PlacementChange } from "../plan/overlay.ts";
import type { CopySource } from "../plan/replay.ts";
import { isAskedFor } from "./asked-for.ts";
import type { Reader, Writer } from "./database.ts";
import type { StoredFolder } from "./folders.ts";
import type { ListUpkeep } from "./list-upkeep.ts";
import type { Store } from "./open.ts";
import { record } from "./operation-log.ts";
import { dropPlacements, placementsOfMessage, readPlacement, removePlacements } from "./placements.ts";
import { statement } from "./statement.ts";
import type { StoredPlacement } from "./stored-placement.ts";

const insertCopy = statement<{ fromId: number; messageId: number; folderId: number; flags: number }>(
  `INSERT INTO placement (message_id, folder_id, flags, local_flags, keywords, shown_flags, received_at, has_attachment)
   SELECT :messageId, :folderId, :flags, local_flags, keywords, :flags | local_flags, received_at, has_attachment
   FROM placement
   WHERE id = :fromId`,
);

/** Puts a copy into a folder, flagged as its original is shown. @param messageId the original's message, or that of the same bytes in another account */
export function placeCopy(
  tx: Writer,
  { id: fromId, shownFlags, localFlags }: StoredPlacement,
  messageId: MessageId,
  folderId: FolderId,
): StoredPlacement | undefined {
  const { lastId } = tx.run(insertCopy, { fromId, messageId, folderId, flags: shownFlags & ~localFlags });
  return readPlacement(tx, lastId as PlacementId);
}

/**
 * A copy stands in its folder at once; the server has yet to make it.
 *
 * @returns false in the folder where the original stands itself: a second one beside it is of use to nobody
 */
export function recordCopy(
  store: Store,
  tx: Writer,
  lists: ListUpkeep,
  group: string,
  original: StoredPlacement,
  target: StoredFolder,
): boolean {
  const { id: fromId, messageId, shownFolderId } = original;
  if (shownFolderId === null || shownFolderId === target.id) return false;
  const copy = placeCopy(tx, original, messageId, target.id);
  if (copy !== undefined) record(store, tx, lists, group, copy, [{ kind: "copy", toFolderId: target.id, fromId }], { seen: original });
  return true;
}

type Copy = Extract<PlacementChange, { kind: "copy" }>;

const bytesHere = statement<{ messageId: number }, { here: number }>("SELECT bytes_here AS here FROM message WHERE id = :messageId");
const numberedOf = statement<{ messageId: number; fromId: number }, { folderId: FolderId; uid: number }>(
  `SELECT folder_id AS folderId, uid FROM placement INDEXED BY placement_by_message
   WHERE message_id = :messageId AND uid IS NOT NULL
   ORDER BY id = :fromId DESC
   LIMIT 1`,
);

/** What the server can make the copy from: its original, else another one with the same bytes; where the original is another account's, those on this computer first. */
export function sourceOfCopy(reader: Reader, messageId: number, { fromId, across }: Copy): CopySource {
  const original = readPlacement(reader, fromId);
  if (across !== undefined) {
    // COPY of one that lies there already would take that one's flags along, which may be others.
    if (reader.get(bytesHere, { messageId })?.here === 1) return "here";
    const twin = reader.get(numberedOf, { messageId, fromId });
    if (twin !== undefined) return twin;
    if (original === undefined || original.folderId === NOWHERE) return "gone";
    return isAskedFor(reader, fromId) ? "unnumbered" : "unasked";
  }
  if (original !== undefined && original.uid === null && original.shownFolderId !== null) return "unnumbered";
  return reader.get(numberedOf, { messageId, fromId }) ?? "gone";
}

const changeOfCopy = statement<{ placementId: number }, { fromId: PlacementId }>(
  `SELECT json_extract(change, '$.fromId') AS fromId FROM operation INDEXED BY operation_by_placement
   WHERE placement_id = :placementId AND json_extract(change, '$.kind') = 'copy'
   ORDER BY id DESC
   LIMIT 1`,
);

/** It will not be made, or is taken back: it goes from its folder. The last that is left of its message, in whatever account, is kept in the safety net. */
export function dropCopy(store: Store, tx: Writer, id: PlacementId): void {
  const copy = readPlacement(tx, id);
  if (copy === undefined) return;
  const fromId = tx.get(changeOfCopy, { placementId: id })?.fromId;
  const original = fromId === undefined ? undefined : readPlacement(tx, fromId);
  const others = placementsOfMessage(tx, copy.messageId).some((one) => one.id !== id && one.homeId === null);
  if (others || (original !== undefined && original.folderId !== NOWHERE)) dropPlacements(store, tx, [id]);
  else removePlacements(store, tx, [id], { evenIfAttempted: true, vanished: true });
}

const takeInto = statement<{ from: number; into: number }>(
  "UPDATE placement INDEXED BY placement_without_uid SET folder_id = :into WHERE folder_id = :from AND uid IS NULL",
);

/** Copies that were to go into a folder which turned out to be another one. */
export function takeCopiesInto(tx: Writer, from: FolderId, into: FolderId): void {
  tx.run(takeInto, { from, into });
}
