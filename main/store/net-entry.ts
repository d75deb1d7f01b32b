import type { Address } from "../../shared/address.ts";
import { hasFlag } from "../../shared/flags.ts";
import { secondOf } from "../plan/list-order.ts";
import { NOWHERE } from "../plan/overlay.ts";
import type { Writer } from "./database.ts";
import type { Store } from "./open.ts";
import { statement } from "./statement.ts";
import type { StoredPlacement } from "./stored-placement.ts";
import { tell } from "./story.ts";

const folderOf = statement<{ id: number }, { name: string; role: string }>("SELECT name, role FROM folder WHERE id = :id");
const wordsOf = statement<{ id: number }, { subject: string; fromJson: string; messageIdHeader: string | null }>(
  "SELECT subject, from_json AS fromJson, message_id_header AS messageIdHeader FROM message WHERE id = :id",
);
const newerDraft = statement<{ conversationId: number; messageIdHeader: string; not: number; folderId: number }, { id: number }>(
  `SELECT placement.id AS id
   FROM message INDEXED BY message_by_conversation
   JOIN placement INDEXED BY placement_by_message ON placement.message_id = message.id
   WHERE message.conversation_id = :conversationId AND message.message_id_header = :messageIdHeader AND message.id <> :not
     AND placement.folder_id = :folderId
   LIMIT 1`,
);
const leaveServer = statement<{ id: number; nowhere: number; flags: number }>(
  `UPDATE placement SET folder_id = :nowhere, uid_validity = NULL, uid = NULL, modseq = NULL, missing_since = NULL, flags = :flags,
     shown_folder_id = NULL, shown_flags = :flags | local_flags, pending = 0
   WHERE id = :id`,
);
const insertEntry = statement<{
  placementId: number;
  accountId: number;
  folderId: number;
  folderName: string;
  vanishedAt: number;
  words: string;
  messageIdHeader: string | null;
  sizeBytes: number;
  receivedAt: number;
}>(
  `INSERT INTO safety_net (placement_id, account_id, folder_id, folder_name, vanished_at, words, message_id_header, size_bytes, received_at)
   VALUES (:placementId, :accountId, :folderId, :folderName, :vanishedAt, :words, :messageIdHeader, :sizeBytes, :receivedAt)`,
);

/**
 * The last copy of a message has vanished from the server: its placement stays, nowhere, and the message with it. The lists have let go of it
 * before.
 *
 * @returns false for a draft whose newer version lies beside it: programs replace drafts by the minute
 */
export function enterSafetyNet(store: Store, tx: Writer, placement: StoredPlacement): boolean {
  const { id, messageId, conversationId, accountId, folderId, sizeBytes, receivedAt } = placement;
  const folder = tx.get(folderOf, { id: folderId });
  const message = tx.get(wordsOf, { id: messageId });
  if (message === undefined) return false;
  const { subject, fromJson, messageIdHeader } = message;
  if (folder?.role === "drafts" && messageIdHeader !== null) {
    if (tx.get(newerDraft, { conversationId, messageIdHeader, not: messageId, folderId }) !== undefined) return false;
  }
  const vanishedAt = store.clock();
  // The store wrote it itself.
  const from = JSON.parse(fromJson) as Address[];
  const words = [subject, ...from.flatMap(({ name, address }) => [name, address])].join("\n").toLowerCase();
  const folderName = folder?.name ?? "";
  tx.run(leaveServer, { id, nowhere: NOWHERE, flags: placement.flags & ~DELETED });
  const second = secondOf(receivedAt);
  tx.run(insertEntry, {
    placementId: id,
    accountId,
    folderId,
    folderName,
    vanishedAt,
    words,
    messageIdHeader,
    sizeBytes,
    receivedAt: second,
  });
  tell(tx, messageId, vanishedAt, {
    kind: "gone",
    folder: { id: folderId, name: folderName },
    marked: hasFlag(placement.flags, "deleted"),
  });
  store.changes.safetyChanged();
  return true;
}

const DELETED = 32;
