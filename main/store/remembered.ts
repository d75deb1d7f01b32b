import type { FlagBits } from "../../shared/flags.ts";
import type { AccountId, FolderId, MessageId, PlacementId } from "../../shared/ids.ts";
import { sameSecond } from "../plan/list-order.ts";
import type { Reader, Writer } from "./database.ts";
import { statement } from "./statement.ts";
import { joinStories } from "./story.ts";

/** A message whose row was lost, under the numbers that everything about it still names. */
export type Remembered = {
  readonly placementId: PlacementId;
  readonly messageId: MessageId;
  readonly accountId: AccountId;
  readonly folderId: FolderId;
  readonly flags: FlagBits;
  /** Keywords that only stood here. */
  readonly localFlags: FlagBits;
  /** ms UTC. */
  readonly receivedAt: number;
};

const COLUMNS = `placement_id AS placementId, message_id AS messageId, account_id AS accountId, folder_id AS folderId, flags,
  local_flags AS localFlags, received_at AS receivedAt`;
const anyOfAccount = statement<{ accountId: number }, { found: number }>(
  "SELECT 1 AS found FROM remembered INDEXED BY remembered_of_account WHERE account_id = :accountId LIMIT 1",
);
const atUid = statement<{ folderId: number; uidValidity: number; uid: number }, Remembered>(
  `SELECT ${COLUMNS} FROM remembered INDEXED BY remembered_by_uid
   WHERE folder_id = :folderId AND uid_validity = :uidValidity AND uid = :uid`,
);
const alikeIn = statement<{ folderId: number; uidValidity: number; messageIdHeader: string; sizeBytes: number }, Remembered>(
  `SELECT ${COLUMNS} FROM remembered INDEXED BY remembered_by_header
   WHERE folder_id = :folderId AND uid_validity IS NOT :uidValidity AND message_id_header = :messageIdHeader AND size_bytes = :sizeBytes`,
);
const withBytes = statement<{ rawHash: string; accountId: number }, Remembered>(
  `SELECT ${COLUMNS} FROM remembered INDEXED BY remembered_by_hash
   WHERE raw_hash = :rawHash AND account_id = :accountId
   ORDER BY placement_id`,
);
const anyWithBytes = statement<{ rawHash: string }, { accountId: AccountId }>(
  `SELECT remembered.account_id AS accountId
   FROM remembered INDEXED BY remembered_by_hash JOIN account ON account.id = remembered.account_id
   WHERE remembered.raw_hash = :rawHash AND account.settings ->> '$.protocol' = 'pop3'
   LIMIT 1`,
);

/** Whether something of the account has still to turn up: as a rule nothing has, and nothing is looked for. */
export function anyRemembered(reader: Reader, accountId: AccountId): boolean {
  return reader.get(anyOfAccount, { accountId }) !== undefined;
}

/**
 * What the server lists under this number, as it was known here; where the numbers have changed since, the one message of that folder that is the same by
 * Message-ID, size and date. Two alike are not told apart: what was done to one of them would be done to the other.
 */
export function rememberedAt(
  reader: Reader,
  place: { readonly folderId: FolderId; readonly uidValidity: number },
  row: { readonly uid: number; readonly sizeBytes: number; readonly receivedAt: number; readonly messageIdHeader: string | null },
): Remembered | undefined {
  const { uid, sizeBytes, receivedAt, messageIdHeader } = row;
  const known = reader.get(atUid, { ...place, uid });
  if (known !== undefined || messageIdHeader === null) return known;
  const alike = reader.all(alikeIn, { ...place, messageIdHeader, sizeBytes }).filter((one) => sameSecond(one.receivedAt, receivedAt));
  return alike.length === 1 ? alike[0] : undefined;
}

/** Where messages of these bytes lay in an account. */
export function rememberedBytes(reader: Reader, accountId: AccountId, rawHash: string): Remembered[] {
  return reader.all(withBytes, { rawHash, accountId });
}

/** The POP3 account in whose folders messages of these bytes lay. */
export function rememberedByPop3(reader: Reader, rawHash: string): AccountId | null {
  return reader.get(anyWithBytes, { rawHash })?.accountId ?? null;
}

const forget = statement<{ placementId: number }>("DELETE FROM remembered WHERE placement_id = :placementId");
const keepHere = statement<{ id: number; localFlags: number }>(
  "UPDATE placement SET local_flags = :localFlags & ~flags WHERE id = :id AND local_flags <> :localFlags & ~flags",
);
const handReceiptOver = statement<{ from: number; to: number }>(
  "UPDATE OR IGNORE receipt_answer SET message_id = :to WHERE message_id = :from",
);

/** It has turned up, as `messageId`; who inserted it has still to show it anew. */
export function noteRecalled(tx: Writer, { placementId, messageId: from, localFlags }: Remembered, messageId: MessageId): void {
  tx.run(forget, { placementId });
  tx.run(keepHere, { id: placementId, localFlags });
  if (from === messageId) return;
  joinStories(tx, from, messageId);
  tx.run(handReceiptOver, { from, to: messageId });
}

const lost = statement<{ accountId: number; limit: number }, { placementId: PlacementId; messageId: MessageId }>(
  `SELECT placement_id AS placementId, message_id AS messageId FROM remembered INDEXED BY remembered_of_account
   WHERE account_id = :accountId
   LIMIT :limit`,
);
const closeOperations = statement<{ placementId: number; at: number }>(
  `UPDATE operation INDEXED BY operation_by_placement SET state = 'refused', ended_at = :at, reason = 'gone'
   WHERE placement_id = :placementId AND state IN ('pending', 'attempted', 'parked')`,
);
const forgetStory = statement<{ messageId: number }>(
  "DELETE FROM story WHERE message_id = :messageId AND message_id NOT IN (SELECT id FROM message WHERE id = :messageId)",
);
const forgetReceipt = statement<{ messageId: number }>(
  "DELETE FROM receipt_answer WHERE message_id = :messageId AND message_id NOT IN (SELECT id FROM message WHERE id = :messageId)",
);

/** All of the account has been listed: what has not turned up is gone, and what was to be done to it ends. @returns how many, at most `limit` */
export function giveUpRemembered(tx: Writer, accountId: AccountId, at: number, limit: number): number {
  const all = tx.all(lost, { accountId, limit });
  for (const { placementId, messageId } of all) {
    tx.run(closeOperations, { placementId, at });
    tx.run(forget, { placementId });
    tx.run(forgetStory, { messageId });
    tx.run(forgetReceipt, { messageId });
  }
  return all.length;
}
