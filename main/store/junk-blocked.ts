import { randomUUID } from "node:crypto";
import type { Address } from "../../shared/address.ts";
import type { FolderId, MessageId, PlacementId } from "../../shared/ids.ts";
import { whyJunk } from "../plan/blocked-mail.ts";
import { secondOf } from "../plan/list-order.ts";
import type { Reader } from "./database.ts";
import { folderOfRole, readFolder, type StoredFolder } from "./folders.ts";
import { labelsShown, readLabelFolders } from "./labels.ts";
import { ListUpkeep } from "./list-upkeep.ts";
import type { Store } from "./open.ts";
import { record } from "./operation-log.ts";
import { placementsOfMessage, readPlacement } from "./placements.ts";
import { senderRules } from "./sender-rules.ts";
import { statement } from "./statement.ts";

/** A message that has just come, as it was taken in. */
export type Arrival = {
  readonly placementId: PlacementId;
  readonly messageId: MessageId;
  readonly isNew: boolean;
  readonly receivedAt: number;
  readonly sizeBytes: number;
  readonly header: { readonly from: readonly Address[]; readonly messageIdHeader: string | null };
};

/**
 * Moves what blocked senders wrote from the inbox to Junk: an operation as if the user had done it, with its reason. Called in the transaction
 * that takes the messages in, so that none is listed first and left there by a crash. Where there is no Junk, they stay.
 *
 * @returns how many
 */
export function junkBlocked(store: Store, folderId: FolderId, arrivals: readonly Arrival[]): number {
  const rules = senderRules(store.db);
  const folder = readFolder(store, folderId);
  const junk = folder && folderOfRole(store, folder.accountId, "junk");
  if (folder === undefined || junk === undefined || !rules.some(({ verdict }) => verdict === "block")) return 0;
  const group = randomUUID();
  const count = store.db.write((tx) => {
    const lists = new ListUpkeep(store);
    let moved = 0;
    for (const arrival of arrivals) {
      if (!arrival.isNew) continue;
      const because = whyJunk(rules, {
        from: arrival.header.from[0]?.address ?? "",
        receivedAt: arrival.receivedAt,
        inInbox: () => liesInInbox(tx, folder, arrival.placementId),
        seenBefore: () => wasSeen(tx, junk, arrival),
      });
      const placement = because === null ? undefined : readPlacement(tx, arrival.placementId);
      if (because === null || placement === undefined || placement.shownFolderId === null) continue;
      record(store, tx, lists, group, placement, [{ kind: "move", toFolderId: junk.id }], { because });
      moved += 1;
    }
    lists.settle(tx);
    return moved;
  });
  if (count > 0) store.changes.healthChanged();
  return count;
}

/** Of Gmail, what carries the inbox's label. */
function liesInInbox(reader: Reader, folder: StoredFolder, placementId: PlacementId): boolean {
  if (folder.role === "inbox") return true;
  const inbox = folder.label === null ? undefined : readLabelFolders(reader, folder.accountId).get("\\Inbox");
  return inbox !== undefined && labelsShown(reader, placementId).includes(inbox);
}

const otherOfHeader = statement<{ accountId: number; reference: string; messageIdHeader: string; messageId: number }, { id: number }>(
  `SELECT message.id AS id
   FROM conversation_reference
   JOIN message INDEXED BY message_by_conversation ON message.conversation_id = conversation_reference.conversation_id
   WHERE conversation_reference.account_id = :accountId AND conversation_reference.reference = :reference
     AND message.message_id_header = :messageIdHeader AND message.id <> :messageId
   LIMIT 1`,
);
const alikeIn = statement<{ folderId: number; from: number; to: number; sizeBytes: number; messageId: number }, { id: number }>(
  `SELECT placement.id AS id
   FROM placement INDEXED BY placement_in_list
   JOIN message ON message.id = placement.message_id
   WHERE placement.shown_folder_id = :folderId AND placement.received_at BETWEEN :from AND :to
     AND message.size_bytes = :sizeBytes AND message.message_id_header IS NULL AND message.id <> :messageId
   LIMIT 1`,
);

/** Another device that moves it back gives it a new number, and it comes as if it were new. */
function wasSeen(reader: Reader, junk: StoredFolder, { messageId, receivedAt, sizeBytes, header }: Arrival): boolean {
  const { accountId } = junk;
  const { messageIdHeader } = header;
  if (placementsOfMessage(reader, messageId).filter(({ homeId }) => homeId === null).length > 1) return true;
  if (messageIdHeader !== null) {
    // A reference is kept up to 250 characters.
    const reference = messageIdHeader.slice(0, 250);
    return reader.get(otherOfHeader, { accountId, reference, messageIdHeader, messageId }) !== undefined;
  }
  const from = secondOf(receivedAt);
  return reader.get(alikeIn, { folderId: junk.id, from, to: from + 999, sizeBytes, messageId }) !== undefined;
}
