import type { AccountId, MessageId } from "../../shared/ids.ts";
import type { Ranked } from "../plan/room.ts";
import type { Reader } from "./database.ts";
import { readFolders, type StoredFolder } from "./folders.ts";
import { extentsOf } from "./offline.ts";
import type { Store } from "./open.ts";
import { placementsOfMessage } from "./placements.ts";
import { statement } from "./statement.ts";
import type { StoredPlacement } from "./stored-placement.ts";

const keptBytes = statement<{ accountId: number }, { bytes: number }>("SELECT bytes FROM kept_bytes WHERE account_id = :accountId");

/** Bytes of an account's message files; without an account: of all, where a file that several share counts once. */
export function readKeptBytes(reader: Reader, accountId?: AccountId): number {
  return reader.get(keptBytes, { accountId: accountId ?? 0 })?.bytes ?? 0;
}

const ownLimit = statement<{ accountId: number }, { mb: number | null }>("SELECT keep_at_most_mb AS mb FROM account WHERE id = :accountId");
const setOwnLimit = statement<{ accountId: number; mb: number | null }>("UPDATE account SET keep_at_most_mb = :mb WHERE id = :accountId");

/** MB of 1,000,000 bytes; null: none of its own. */
export function readOwnLimit(reader: Reader, accountId: AccountId): number | null {
  return reader.get(ownLimit, { accountId })?.mb ?? null;
}

export function writeOwnLimit(store: Store, accountId: AccountId, mb: number | null): void {
  store.db.write((tx) => tx.run(setOwnLimit, { accountId, mb }));
  store.changes.accountsChanged();
  store.changes.healthChanged();
}

/** Where the reading of what is here goes on. */
export type KeptPlace = { readonly receivedAt: number; readonly messageId: number };
export const FIRST_KEPT: KeptPlace = { receivedAt: Number.MIN_SAFE_INTEGER, messageId: 0 };

type KeptRow = { messageId: MessageId; receivedAt: number; sizeBytes: number; openedAt: number | null };
// A list that is being left wants the signed message once more.
const keptAfter = statement<{ accountId: number; at: number; id: number; limit: number }, KeptRow>(
  `SELECT message.id AS messageId, message.received_at AS receivedAt, message.size_bytes AS sizeBytes, opened_body.opened_at AS openedAt
   FROM message INDEXED BY message_kept LEFT JOIN opened_body ON opened_body.message_id = message.id
   WHERE message.account_id = :accountId AND message.bytes_here = 1 AND (message.received_at, message.id) > (:at, :id)
     AND NOT EXISTS (SELECT 1 FROM unsubscribe WHERE unsubscribe.message_id = message.id AND unsubscribe.state IN ('waiting', 'telling'))
   ORDER BY message.received_at, message.id
   LIMIT :limit`,
);

/** A message that is here; `tier` null: it is only here, or was opened just now, or is not in the index yet, and stays. */
export type Kept = Omit<Ranked, "tier"> & { readonly tier: Ranked["tier"] | null };

const HOUR = 3_600_000;
/** What was opened is not taken from under the user's eyes, and for a week it ranks with the starred. */
const JUST_OPENED_MS = HOUR;
const OPENED_MS = 7 * 24 * HOUR;

/**
 * What is here of an account, the oldest first.
 *
 * @param waiting these have words that are not in the index yet, and stay until they are
 */
export function readKept(store: Store, accountId: AccountId, after: KeptPlace, limit: number, waiting: ReadonlySet<number>): Kept[] {
  const folders = new Map(readFolders(store, accountId).map((folder) => [folder.id, folder]));
  const onTrip = new Set([...extentsOf(store, accountId)].flatMap(([id, extent]) => (extent?.first === true ? [id] : [])));
  const now = store.clock();
  const rows = store.db.all(keptAfter, { accountId, at: after.receivedAt, id: after.messageId, limit });
  return rows.map(({ openedAt, ...row }) => {
    const placements = placementsOfMessage(store.db, row.messageId);
    const opened = openedAt === null ? Number.POSITIVE_INFINITY : Math.abs(now - openedAt);
    const stays =
      opened < JUST_OPENED_MS || waiting.has(row.messageId) || !placements.every((one) => isOnServer(one, folders.get(one.folderId)));
    if (stays || placements.length === 0) return { ...row, tier: null };
    if (placements.some(({ shownFolderId }) => shownFolderId !== null && onTrip.has(shownFolderId))) return { ...row, tier: 0 };
    const starred = placements.some(({ shownFlags }) => (shownFlags & FLAGGED) !== 0);
    return { ...row, tier: starred || opened < OPENED_MS ? 1 : 2 };
  });
}

const FLAGGED = 2;

/**
 * Whether the server has it and nothing is on its way: neither what the user did, nor a number that is not known yet, nor a listing that left it out. What
 * stands for a Gmail label follows the placement in All Mail.
 */
function isOnServer(placement: StoredPlacement, folder: StoredFolder | undefined): boolean {
  if (placement.pending > 0 || folder === undefined || !folder.onServer) return false;
  if (placement.homeId !== null) return true;
  return placement.uid !== null && placement.uidValidity === folder.uidValidity && placement.missingSince === null;
}
