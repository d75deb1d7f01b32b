import type { Address } from "../../shared/address.ts";
import type { AccountId, ConversationId, MessageId, PlacementId } from "../../shared/ids.ts";
import { isLabel } from "../plan/labels.ts";
import type { PlacementChange } from "../plan/overlay.ts";
import { conversationFor } from "./conversations.ts";
import { placeCopy } from "./copies.ts";
import type { Reader, Writer } from "./database.ts";
import type { StoredFolder } from "./folders.ts";
import { allMailOf } from "./labels.ts";
import type { ListUpkeep } from "./list-upkeep.ts";
import { queueForIndex, type Same, sameBytes } from "./message-columns.ts";
import type { Store } from "./open.ts";
import { record } from "./operation-log.ts";
import { statement } from "./statement.ts";
import type { StoredPlacement } from "./stored-placement.ts";
import { Ties } from "./ties.ts";

// A message belongs to one account: what is moved or copied into another one is a message of its own there, of the same bytes.

const insertTwin = statement<{ from: number; accountId: number; conversationId: number }>(
  `INSERT INTO message (account_id, conversation_id, raw_hash, size_bytes, message_id_header, in_reply_to, subject, base_subject, from_json, to_json,
     cc_json, bcc_json, reply_to_json, sent_at, received_at, snippet, has_attachment, parts_json, lang, bytes_here, unreadable)
   SELECT :accountId, :conversationId, raw_hash, size_bytes, message_id_header, in_reply_to, subject, base_subject, from_json, to_json,
     cc_json, bcc_json, reply_to_json, sent_at, received_at, snippet, has_attachment, parts_json, lang, bytes_here, unreadable
   FROM message
   WHERE id = :from`,
);

/**
 * Into a folder of another account: a copy stands there at once, flagged as the original is shown, and of a move the original is shown no more. It leaves its
 * account when the copy is known to be in the other one. What is not on this computer is fetched first, once the other one is known to take it.
 *
 * @param way whether the original stays
 * @returns false where it is shown nowhere
 */
export function recordAcross(
  store: Store,
  tx: Writer,
  lists: ListUpkeep,
  group: string,
  original: StoredPlacement,
  target: StoredFolder,
  way: "copy" | "move",
): boolean {
  if (original.shownFolderId === null) return false;
  const messageId = twinOf(tx, lists, original, target.accountId);
  // Of Gmail's labels only All Mail is a mailbox.
  const label = isLabel(target) ? allMailOf(tx, target.accountId) : undefined;
  const toFolderId = label ?? target.id;
  const { id: fromId } = original;
  const copy = placeCopy(tx, original, messageId, toFolderId);
  if (copy === undefined) return false;
  const changes: PlacementChange[] = [{ kind: "copy", toFolderId, fromId, across: way }];
  if (label !== undefined) changes.push({ kind: "label", folderId: target.id, on: true });
  const [made] = record(store, tx, lists, group, copy, changes, { seen: original });
  if (way === "move" && made !== undefined)
    record(store, tx, lists, group, original, [{ kind: "leave", toFolderId: target.id, copyId: copy.id, made }]);
  return true;
}

type Head = {
  messageIdHeader: string | null;
  inReplyTo: string | null;
  subject: string;
  fromJson: string;
  toJson: string;
  ccJson: string;
  receivedAt: number;
};
const headOf = statement<{ id: number }, Head>(
  `SELECT message_id_header AS messageIdHeader, in_reply_to AS inReplyTo, subject, from_json AS fromJson, to_json AS toJson, cc_json AS ccJson,
     received_at AS receivedAt
   FROM message WHERE id = :id`,
);
const tiesOf = statement<{ conversationId: number }, { reference: string }>(
  `SELECT reference FROM conversation_reference INDEXED BY conversation_reference_by_conversation
   WHERE conversation_id = :conversationId
   LIMIT 20`,
);

/** The message of the same bytes in another account: one that it has already, else a new one. */
function twinOf(tx: Writer, lists: ListUpkeep, { messageId, conversationId, rawHash }: StoredPlacement, accountId: AccountId): MessageId {
  const known: Same | undefined = rawHash === null ? undefined : tx.get(sameBytes, { rawHash, accountId, id: messageId });
  if (known !== undefined) return known.id;
  const head = tx.get(headOf, { id: messageId });
  const people = (json: string): Address[] => JSON.parse(json) as Address[];
  const referring = {
    messageIdHeader: head?.messageIdHeader ?? null,
    inReplyTo: head?.inReplyTo ?? null,
    // Not kept with the message; its conversation was made of them.
    references: tx.all(tiesOf, { conversationId }).map(({ reference }) => reference),
  };
  const conversation: ConversationId = conversationFor(tx, lists, new Ties(tx, accountId, [referring]), accountId, {
    ...referring,
    subject: head?.subject ?? "",
    from: people(head?.fromJson ?? "[]"),
    to: people(head?.toJson ?? "[]"),
    cc: people(head?.ccJson ?? "[]"),
    receivedAt: head?.receivedAt ?? 0,
  });
  const id = tx.run(insertTwin, { from: messageId, accountId, conversationId: conversation }).lastId as MessageId;
  tx.run(queueForIndex, { messageId: id });
  return id;
}

const withoutBytes = statement<Record<never, never>, { id: PlacementId; fromId: PlacementId }>(
  `SELECT placement.id AS id, json_extract(operation.change, '$.fromId') AS fromId
   FROM account
   CROSS JOIN operation INDEXED BY operation_waiting ON operation.account_id = account.id
   CROSS JOIN placement ON placement.id = operation.placement_id
   CROSS JOIN message ON message.id = placement.message_id
   WHERE operation.state IN ('pending', 'attempted', 'parked') AND instr(operation.change, '"across":') > 0 AND message.bytes_here = 0`,
);

/** Copies that wait in other accounts for the bytes of their originals, by these; as a rule there are none. */
export function copiesWithoutBytes(reader: Reader): Map<PlacementId, PlacementId[]> {
  const copies = new Map<PlacementId, PlacementId[]>();
  for (const { id, fromId } of reader.all(withoutBytes, {})) copies.set(fromId, [...(copies.get(fromId) ?? []), id]);
  return copies;
}

const originalOf = statement<{ placementId: number }, { fromId: PlacementId }>(
  `SELECT json_extract(change, '$.fromId') AS fromId FROM operation INDEXED BY operation_by_placement
   WHERE placement_id = :placementId AND state IN ('pending', 'attempted', 'parked')
     AND json_extract(change, '$.kind') = 'copy' AND json_extract(change, '$.across') IS NOT NULL
   LIMIT 1`,
);

/** What a copy that waits is made of, in another account; undefined for every other placement. */
export function originalAcross(reader: Reader, id: PlacementId): PlacementId | undefined {
  return reader.get(originalOf, { placementId: id })?.fromId;
}
