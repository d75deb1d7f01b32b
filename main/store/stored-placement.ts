import type { FlagBits } from "../../shared/flags.ts";
import type { AccountId, ConversationId, FolderId, MessageId, PlacementId } from "../../shared/ids.ts";
import type { Reader } from "./database.ts";
import type { Listed } from "./list-upkeep.ts";
import { statement } from "./statement.ts";

/** A placement with all that lists, operations and sync decide by. */
export type StoredPlacement = {
  readonly id: PlacementId;
  readonly messageId: MessageId;
  readonly accountId: AccountId;
  readonly conversationId: ConversationId;
  readonly folderId: FolderId;
  /** Of one that stands for a Gmail label: the placement in All Mail that it belongs to. */
  readonly homeId: PlacementId | null;
  readonly uidValidity: number | null;
  readonly uid: number | null;
  readonly modseq: number | null;
  readonly flags: FlagBits;
  /** Keywords that the server does not keep. */
  readonly localFlags: FlagBits;
  readonly keywords: string;
  readonly shownFolderId: FolderId | null;
  readonly shownFlags: FlagBits;
  readonly pending: number;
  readonly receivedAt: number;
  readonly missingSince: number | null;
  readonly hasAttachment: number;
  readonly here: number;
  /** 1: not here, but for an outline. */
  readonly outlined: number;
  readonly sizeBytes: number;
  readonly rawHash: string | null;
};

/** Whether a message that is not here can be read all the same. */
export const OUTLINED = "(message.bytes_here = 0 AND EXISTS (SELECT 1 FROM outline WHERE outline.message_id = message.id))";
export const COLUMNS = `placement.id AS id, placement.message_id AS messageId, message.account_id AS accountId,
  message.conversation_id AS conversationId, placement.folder_id AS folderId, placement.home_id AS homeId, placement.uid_validity AS uidValidity, placement.uid AS uid,
  placement.modseq AS modseq, placement.flags AS flags, placement.local_flags AS localFlags,
  placement.keywords AS keywords, placement.shown_folder_id AS shownFolderId,
  placement.shown_flags AS shownFlags, placement.pending AS pending, placement.received_at AS receivedAt,
  placement.missing_since AS missingSince, placement.has_attachment AS hasAttachment, message.bytes_here AS here,
  message.size_bytes AS sizeBytes, message.raw_hash AS rawHash, ${OUTLINED} AS outlined`;
export const FROM = "FROM placement JOIN message ON message.id = placement.message_id";

/** The placements of a Gmail message under its labels. `onServer` 0: the label is only put on here so far. */
export type LabelPlacement = StoredPlacement & { readonly onServer: number };
const ofHome = statement<{ homeId: number }, LabelPlacement>(
  `SELECT ${COLUMNS}, placement.label_on_server AS onServer
   FROM placement INDEXED BY placement_by_home JOIN message ON message.id = placement.message_id
   WHERE placement.home_id = :homeId`,
);

export function labelPlacements(reader: Reader, homeId: PlacementId): LabelPlacement[] {
  return reader.all(ofHome, { homeId });
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
    outlined: placement.outlined !== 0,
    sizeBytes: placement.sizeBytes,
  };
}

export const deletePlacement = statement<{ id: number }>("DELETE FROM placement WHERE id = :id");
