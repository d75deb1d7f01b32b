import { randomUUID } from "node:crypto";
import type { Address } from "../../shared/address.ts";
import type { NetItem } from "../../shared/contract/story.ts";
import type { InputOf, OutputOf } from "../../shared/contract/table.ts";
import { hasFlag } from "../../shared/flags.ts";
import type { AccountId, FolderId, MessageId, PlacementId } from "../../shared/ids.ts";
import { ALL_MAIL, isLabel } from "../plan/labels.ts";
import { secondOf } from "../plan/list-order.ts";
import { NOWHERE } from "../plan/overlay.ts";
import type { Reader, Writer } from "./database.ts";
import { folderOfRole, readFolder, readFolders, type StoredFolder } from "./folders.ts";
import { ListUpkeep } from "./list-upkeep.ts";
import { queueForIndex } from "./message-columns.ts";
import type { Store } from "./open.ts";
import { record } from "./operation-log.ts";
import { dropPlacements, readPlacement } from "./placements.ts";
import { breathe, slicesOf } from "./slices.ts";
import { statement } from "./statement.ts";
import type { StoredPlacement } from "./stored-placement.ts";

const DAY = 86_400_000;
/** So long a message that vanished from the server is kept here. */
export const NET_KEPT_MS = 90 * DAY;

type Row = {
  placementId: PlacementId;
  accountId: AccountId;
  folderId: FolderId;
  folderName: string;
  vanishedAt: number;
  subject: string;
  fromJson: string;
  snippet: string;
  receivedAt: number;
  sizeBytes: number;
  flags: number;
  hasAttachment: number;
  here: number;
  pending: number;
};
const pageRows = statement<{ at: number; id: number; query: string; limit: number }, Row>(
  `SELECT safety_net.placement_id AS placementId, safety_net.account_id AS accountId, safety_net.folder_id AS folderId,
     safety_net.folder_name AS folderName, safety_net.vanished_at AS vanishedAt, message.subject AS subject, message.from_json AS fromJson,
     message.snippet AS snippet, placement.received_at AS receivedAt, message.size_bytes AS sizeBytes, placement.flags AS flags,
     message.has_attachment AS hasAttachment, message.bytes_here AS here, placement.pending AS pending
   FROM safety_net INDEXED BY safety_net_page
   JOIN placement ON placement.id = safety_net.placement_id
   JOIN message ON message.id = placement.message_id
   WHERE (safety_net.vanished_at, safety_net.placement_id) < (:at, :id) AND instr(safety_net.words, :query) > 0
   ORDER BY safety_net.vanished_at DESC, safety_net.placement_id DESC
   LIMIT :limit`,
);
const countRows = statement<{ query: string }, { count: number }>(
  "SELECT count(*) AS count FROM safety_net WHERE instr(words, :query) > 0",
);

/** One page of what vanished, the latest first. */
export function netPage(store: Store, { query, before, limit }: InputOf<"safety.page">): OutputOf<"safety.page"> {
  const words = query.trim().toLowerCase();
  const { at, id } = before ?? { at: Number.MAX_SAFE_INTEGER, id: 0 };
  return {
    items: store.db.all(pageRows, { at, id, query: words, limit }).map(itemOf),
    total: store.db.get(countRows, { query: words })?.count ?? 0,
  };
}

function itemOf({ fromJson, folderId, folderName, flags, hasAttachment, here, pending, ...row }: Row): NetItem {
  return {
    ...row,
    // The store wrote it itself.
    from: JSON.parse(fromJson) as Address[],
    flagged: hasFlag(flags, "flagged"),
    hasAttachment: hasAttachment !== 0,
    here: here !== 0,
    folder: { id: folderId, name: folderName },
    keptUntil: row.vanishedAt + NET_KEPT_MS,
    returning: pending > 0,
  };
}

const netRow = statement<{ placementId: number }, { folderId: FolderId }>(
  "SELECT folder_id AS folderId FROM safety_net WHERE placement_id = :placementId",
);

/**
 * Puts messages back on the server, with their dates and flags: an operation like any other, carried out when the server can be reached.
 *
 * @returns how many; those whose bytes are not here cannot be
 */
export function putBack(store: Store, ids: readonly PlacementId[]): number {
  const group = randomUUID();
  let count = 0;
  for (const { slice, write } of slicesOf(store, ids)) {
    count += write((tx) => {
      const lists = new ListUpkeep(store);
      const back = slice.filter((id) => putOneBack(store, tx, lists, group, id));
      lists.settle(tx);
      return back.length;
    });
  }
  if (count > 0) {
    store.changes.healthChanged();
    store.changes.safetyChanged();
  }
  return count;
}

function putOneBack(store: Store, tx: Writer, lists: ListUpkeep, group: string, id: PlacementId): boolean {
  const placement = readPlacement(tx, id);
  const from = tx.get(netRow, { placementId: id });
  if (placement === undefined || from === undefined || placement.here === 0 || placement.pending > 0) return false;
  const target = targetOf(store, placement.accountId, from.folderId);
  if (target === undefined) return false;
  record(store, tx, lists, group, placement, [{ kind: "restore", toFolderId: target.id }]);
  tx.run(queueForIndex, { messageId: placement.messageId });
  return true;
}

/** Where it lay, if that can still take mail, else the inbox. Of Gmail's labels only All Mail is a mailbox. */
function targetOf(store: Store, accountId: AccountId, folderId: FolderId): StoredFolder | undefined {
  const takes = (folder: StoredFolder | undefined): boolean =>
    folder !== undefined && folder.accountId === accountId && folder.canSelect && folder.canWrite && !isLabel(folder);
  const before = readFolder(store, folderId);
  if (takes(before)) return before;
  const inbox = folderOfRole(store, accountId, "inbox");
  if (takes(inbox)) return inbox;
  return readFolders(store, accountId).find(({ label }) => label === ALL_MAIL);
}

/** Forgets messages of the safety net for good, with their bytes; those on their way back stay. @returns how many */
export function forgetVanished(store: Store, ids: readonly PlacementId[]): number {
  let count = 0;
  for (const { slice, write } of slicesOf(store, ids)) {
    count += write((tx) => {
      const old = slice.filter((id) => tx.get(netRow, { placementId: id }) !== undefined && readPlacement(tx, id)?.pending === 0);
      return dropPlacements(store, tx, old);
    });
  }
  if (count > 0) store.changes.safetyChanged();
  return count;
}

const vanishedBefore = statement<{ before: number; limit: number }, { id: PlacementId }>(
  `SELECT safety_net.placement_id AS id
   FROM safety_net INDEXED BY safety_net_page
   JOIN placement ON placement.id = safety_net.placement_id
   WHERE safety_net.vanished_at < :before AND placement.pending = 0
   LIMIT :limit`,
);
const SLICE = 100;

/** Forgets what vanished ninety days ago. What is on its way back to the server is not touched. */
export async function purgeSafetyNet(store: Store): Promise<void> {
  for (;;) {
    if (!store.db.connection.open) return;
    const old = store.db.all(vanishedBefore, { before: store.clock() - NET_KEPT_MS, limit: SLICE });
    if (old.length === 0) return;
    forgetVanished(
      store,
      old.map(({ id }) => id),
    );
    await breathe();
  }
}

const ofAccount = statement<{ accountId: number; limit: number }, { id: PlacementId }>(
  "SELECT placement_id AS id FROM safety_net INDEXED BY safety_net_by_header WHERE account_id = :accountId LIMIT :limit",
);

/** Of an account that goes: at most so many. @returns how many went */
export function dropNetOfAccount(store: Store, tx: Writer, accountId: AccountId, limit: number): number {
  return dropPlacements(
    store,
    tx,
    tx.all(ofAccount, { accountId, limit }).map(({ id }) => id),
  );
}

const anyOfAccount = statement<{ accountId: number }, { id: PlacementId }>(
  "SELECT placement_id AS id FROM safety_net INDEXED BY safety_net_by_header WHERE account_id = :accountId LIMIT 1",
);
const netOfMessage = statement<{ messageId: number; nowhere: number }, { id: PlacementId }>(
  "SELECT id FROM placement INDEXED BY placement_by_message WHERE message_id = :messageId AND folder_id = :nowhere LIMIT 1",
);
const alike = statement<{ accountId: number; messageIdHeader: string; sizeBytes: number; receivedAt: number }, { id: PlacementId }>(
  `SELECT placement_id AS id FROM safety_net INDEXED BY safety_net_by_header
   WHERE account_id = :accountId AND message_id_header = :messageIdHeader AND size_bytes = :sizeBytes AND received_at = :receivedAt
   LIMIT 2`,
);
const folderBefore = statement<{ placementId: number }, { id: FolderId; name: string }>(
  "SELECT folder_id AS id, folder_name AS name FROM safety_net WHERE placement_id = :placementId",
);
const leaveNet = statement<{ placementId: number }>("DELETE FROM safety_net WHERE placement_id = :placementId");

/** Whether anything of the account is in the net: on a first sync nothing is, and nothing is looked for. */
export function anyVanished(reader: Reader, accountId: AccountId): boolean {
  return reader.get(anyOfAccount, { accountId }) !== undefined;
}

/** The placement of a message in the net, by what the message is. */
export function vanishedOfMessage(reader: Reader, messageId: MessageId): StoredPlacement | undefined {
  const found = reader.get(netOfMessage, { messageId, nowhere: NOWHERE });
  return found === undefined ? undefined : readPlacement(reader, found.id);
}

/** The one in the net with this Message-ID, size and date: copying and moving keep all three. Two that fit are not told apart. */
export function vanishedAlike(
  reader: Reader,
  accountId: AccountId,
  row: { readonly messageIdHeader: string | null; readonly sizeBytes: number; readonly receivedAt: number },
): StoredPlacement | undefined {
  const { messageIdHeader, sizeBytes, receivedAt } = row;
  if (messageIdHeader === null) return undefined;
  const found = reader.all(alike, { accountId, messageIdHeader, sizeBytes, receivedAt: secondOf(receivedAt) });
  const [only] = found;
  return found.length === 1 && only !== undefined ? readPlacement(reader, only.id) : undefined;
}

/** It is on the server again. @returns where it had lain */
export function leaveSafetyNet(store: Store, tx: Writer, placementId: PlacementId): { id: FolderId; name: string } | undefined {
  const before = tx.get(folderBefore, { placementId });
  if (before === undefined) return undefined;
  tx.run(leaveNet, { placementId });
  store.changes.safetyChanged();
  return before;
}
