import { withFlag } from "../../shared/flags.ts";
import type { AccountId, FolderId, MessageId, PlacementId } from "../../shared/ids.ts";
import type { LedgerEntry } from "../plan/pop3.ts";
import type { Writer } from "./database.ts";
import { ingestBodies } from "./ingest-bodies.ts";
import { ingestLocal } from "./ingest-local.ts";
import { junkBlocked } from "./junk-blocked.ts";
import type { ArrivedBody } from "./message-columns.ts";
import type { Store } from "./open.ts";
import { readPlacement } from "./placements.ts";
import { rememberedBytes } from "./remembered.ts";
import { breathe, eachSlice } from "./slices.ts";
import { statement } from "./statement.ts";

/** A line with what the store has of its message. */
export type StoredEntry = LedgerEntry & {
  readonly rawHash: string;
  readonly messageId: MessageId | null;
  /** Of the message here, 0 when there is none. */
  readonly messageBytes: number;
};
type Row = Omit<StoredEntry, "here" | "listed" | "verified"> & { here: number; listed: number; verified: number };

const COLUMNS = `pop3_message.id AS id, pop3_message.uid AS uid, pop3_message.size_bytes AS sizeBytes, pop3_message.header_hash AS headerHash,
  pop3_message.raw_hash AS rawHash, pop3_message.message_id AS messageId, pop3_message.taken_at AS takenAt,
  pop3_message.deleted_at AS deletedAt, pop3_message.listed AS listed, pop3_message.verified AS verified,
  coalesce(message.bytes_here, 0) AS here, coalesce(message.size_bytes, 0) AS messageBytes`;
// After a rescue its file may still be waiting to be read.
const HERE_OR_WAITING = COLUMNS.replace(
  "coalesce(message.bytes_here, 0)",
  "max(coalesce(message.bytes_here, 0), EXISTS (SELECT 1 FROM stray_file WHERE stray_file.hash = pop3_message.raw_hash))",
);
const page = statement<{ accountId: number; after: number; limit: number }, Row>(
  `SELECT ${HERE_OR_WAITING} FROM pop3_message LEFT JOIN message ON message.id = pop3_message.message_id
   WHERE pop3_message.account_id = :accountId AND pop3_message.id > :after ORDER BY pop3_message.id LIMIT :limit`,
);
const byHash = statement<{ accountId: number; rawHash: string }, Row>(
  `SELECT ${COLUMNS} FROM pop3_message LEFT JOIN message ON message.id = pop3_message.message_id
   WHERE pop3_message.account_id = :accountId AND pop3_message.raw_hash = :rawHash
   ORDER BY coalesce(message.bytes_here, 0) DESC, pop3_message.id DESC LIMIT 1`,
);

const fromRow = (row: Row): StoredEntry => ({ ...row, here: row.here !== 0, listed: row.listed !== 0, verified: row.verified !== 0 });
const PAGE = 5000;

/** All lines of an account, oldest first; other work goes on between the pages. */
export async function readLedger(store: Store, accountId: AccountId): Promise<StoredEntry[]> {
  const all: StoredEntry[] = [];
  for (;;) {
    const rows = store.db.all(page, { accountId, after: all.at(-1)?.id ?? 0, limit: PAGE });
    for (const row of rows) all.push(fromRow(row));
    if (rows.length < PAGE) return all;
    await breathe();
  }
}

const insertEntry = statement<{
  accountId: number;
  uid: string | null;
  sizeBytes: number;
  headerHash: string;
  rawHash: string;
  messageId: number | null;
  takenAt: number;
  deletedAt: number | null;
  verified: number;
}>(
  `INSERT INTO pop3_message (account_id, uid, size_bytes, header_hash, raw_hash, message_id, taken_at, deleted_at, verified)
   VALUES (:accountId, :uid, :sizeBytes, :headerHash, :rawHash, :messageId, :takenAt, :deletedAt, :verified)`,
);
const forgetUid = statement<{ accountId: number; uid: string }>(
  "UPDATE pop3_message SET uid = NULL, listed = 0 WHERE account_id = :accountId AND uid = :uid",
);
const refreshEntry = statement<{ id: number; sizeBytes: number; headerHash: string; messageId: number | null; verified: number }>(
  `UPDATE pop3_message SET size_bytes = :sizeBytes, header_hash = :headerHash, message_id = :messageId, listed = 1, verified = :verified
   WHERE id = :id`,
);
const anyPlacement = statement<{ messageId: number }, { id: PlacementId }>(
  "SELECT id FROM placement WHERE message_id = :messageId ORDER BY id LIMIT 1",
);

/** A message that was fetched, hashed and fsynced. */
export type Taken = {
  /** Null where the server's id is not worth remembering. */
  readonly uid: string | null;
  readonly listedBytes: number;
  readonly headerHash: string;
  readonly takenAt: number;
  readonly receivedAt: number;
  readonly body: ArrivedBody;
  /** It is not new to the user. */
  readonly seen?: true;
};

type Placed = { readonly messageId: MessageId | null; readonly placementId: PlacementId | null; readonly isNew: boolean };
/** `isNew`: it came into the folder; otherwise it was here before, or the user has thrown it away. */
export type Recorded = Placed & Pick<StoredEntry, "takenAt" | "deletedAt">;

/**
 * Takes fetched messages in, with their lines in the ledger: one transaction, on disk when it returns. What equals a message fetched
 * before, byte for byte, is not shown a second time, whatever the server calls it now; its line stands for both.
 */
export function recordTaken(store: Store, accountId: AccountId, folderId: FolderId, all: readonly Taken[]): Recorded[] {
  return store.db.writeDurably((tx) => all.map((taken) => recordOne(store, tx, accountId, folderId, taken)));
}

function recordOne(store: Store, tx: Writer, accountId: AccountId, folderId: FolderId, taken: Taken): Recorded {
  const { body, uid, headerHash, listedBytes } = taken;
  const row = tx.get(byHash, { accountId, rawHash: body.hash });
  const before = row === undefined ? undefined : fromRow(row);
  const placed = placeOf(store, tx, { accountId, folderId }, before, taken);
  const line = { sizeBytes: listedBytes, headerHash, messageId: placed.messageId, verified: 1 };
  const { takenAt, deletedAt } = before ?? { takenAt: taken.takenAt, deletedAt: null };
  if (before !== undefined && (uid === null || before.uid === uid)) tx.run(refreshEntry, { id: before.id, ...line });
  else {
    if (uid !== null) tx.run(forgetUid, { accountId, uid });
    tx.run(insertEntry, { accountId, uid, rawHash: body.hash, takenAt, deletedAt, ...line });
  }
  return { ...placed, takenAt, deletedAt };
}

function placeOf(
  store: Store,
  tx: Writer,
  { accountId, folderId }: { accountId: AccountId; folderId: FolderId },
  before: StoredEntry | undefined,
  { body, receivedAt, seen }: Taken,
): Placed {
  if (before?.here === true) return { messageId: before.messageId, placementId: null, isNew: false };
  if (before !== undefined && before.deletedAt !== null) return { messageId: null, placementId: null, isNew: false };
  const lost = before === undefined || before.messageId === null ? undefined : tx.get(anyPlacement, { messageId: before.messageId });
  if (lost !== undefined) {
    // It is where the user put it; only its file was missing or damaged.
    ingestBodies(store, [{ placementId: lost.id, body }]);
    return { messageId: readPlacement(tx, lost.id)?.messageId ?? null, placementId: lost.id, isNew: false };
  }
  const lay = rememberedBytes(tx, accountId, body.hash);
  if (lay.length > 0) {
    const [messageId] = lay.flatMap((one) =>
      ingestLocal(store, one.folderId, [{ body, ...one, lost: one }]).map((placed) => placed.messageId),
    );
    if (messageId !== undefined) return { messageId, placementId: null, isNew: false };
  }
  const [ingested] = ingestLocal(store, folderId, [{ body, flags: withFlag(0, "seen", seen === true), receivedAt }]);
  if (ingested !== undefined && seen !== true)
    junkBlocked(store, folderId, [{ ...ingested, receivedAt, sizeBytes: body.sizeBytes, header: body }]);
  return { messageId: ingested?.messageId ?? null, placementId: ingested?.placementId ?? null, isNew: true };
}

/** A message that was recognised by its header: nothing was fetched. */
export function recordRecognised(store: Store, accountId: AccountId, entry: StoredEntry, uid: string | null, listedBytes: number): void {
  const { headerHash, rawHash, messageId, takenAt, deletedAt } = entry;
  store.db.write((tx) => {
    if (uid === null || entry.uid === uid) {
      const verified = entry.verified ? 1 : 0;
      tx.run(refreshEntry, { id: entry.id, sizeBytes: listedBytes, headerHash, messageId, verified });
      return;
    }
    tx.run(forgetUid, { accountId, uid });
    tx.run(insertEntry, { accountId, uid, sizeBytes: listedBytes, headerHash, rawHash, messageId, takenAt, deletedAt, verified: 0 });
  });
}

const setUnlisted = statement<{ id: number }>("UPDATE pop3_message SET listed = 0 WHERE id = :id");

/** A whole listing had them no more: should their ids come back, they are not believed. */
export async function noteUnlisted(store: Store, ids: readonly number[]): Promise<void> {
  await eachSlice(ids, (slice) =>
    store.db.write((tx) => {
      for (const id of slice) tx.run(setUnlisted, { id });
    }),
  );
}

const setDeleted = statement<{ messageId: number; at: number }>(
  "UPDATE pop3_message SET deleted_at = :at WHERE message_id = :messageId AND deleted_at IS NULL",
);

/** The user took it away for good, wherever it lay. */
export function noteDeletedHere(tx: Writer, messageId: MessageId, at: number): void {
  tx.run(setDeleted, { messageId, at });
}
