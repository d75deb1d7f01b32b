import { existsSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { AccountId, PlacementId } from "../../shared/ids.ts";
import { listBlobs } from "./blobs.ts";
import type { Reader, Writer } from "./database.ts";
import type { Store } from "./open.ts";
import { breathe, slicesOf } from "./slices.ts";
import { statement } from "./statement.ts";

/** Lies in the profile from when rows may have been lost until the files that are left without one have been noted. */
const markOf = (blobDir: string): string => join(dirname(blobDir), "strays-wanted");

/** Message files may be left that no row names: they are to be looked for, and none of them may be removed before. */
export function wantStrays(blobDir: string): void {
  writeFileSync(markOf(blobDir), "");
}

export function straysWanted(blobDir: string): boolean {
  return existsSync(markOf(blobDir));
}

const namedHashes = statement<Record<never, never>, { hash: string }>(
  `SELECT raw_hash AS hash FROM message WHERE raw_hash IS NOT NULL
   UNION SELECT hash FROM loose_blob`,
);
const insertStray = statement<{ hash: string; at: number }>("INSERT OR IGNORE INTO stray_file (hash, noted_at) VALUES (:hash, :at)");

/** Notes the files that no message has and that nothing else is about to remove. Begun again when it was cut off. */
export async function noteStrays(store: Store): Promise<void> {
  const { db, blobs, clock } = store;
  if (!straysWanted(blobs.dir)) return;
  const files = await listBlobs(blobs.dir);
  const named = new Set(db.all(namedHashes, {}).map(({ hash }) => hash));
  const at = clock();
  for (const { slice, write } of slicesOf(
    store,
    files.filter((hash) => !named.has(hash)),
  )) {
    write((tx) => {
      for (const hash of slice) tx.run(insertStray, { hash, at });
      return slice.length;
    });
    await breathe();
    // The program ends; the mark stays.
    if (!db.connection.open) return;
  }
  rmSync(markOf(blobs.dir), { force: true });
}

const deleteStray = statement<{ hash: string }>("DELETE FROM stray_file WHERE hash = :hash");

/** A message has it again, or nobody needs it. */
export function dropStray(tx: Writer, hash: string): void {
  tx.run(deleteStray, { hash });
}

const anyStray = statement<Record<never, never>, { found: number }>("SELECT 1 AS found FROM stray_file LIMIT 1");

export function anyStrays(reader: Reader): boolean {
  return reader.get(anyStray, {}) !== undefined;
}

export type Stray = { readonly hash: string; readonly notedAt: number };
const unread = statement<{ limit: number }, Stray>(
  "SELECT hash, noted_at AS notedAt FROM stray_file INDEXED BY stray_file_unread WHERE size_bytes IS NULL LIMIT :limit",
);
const readAfter = statement<{ after: string; limit: number }, Stray>(
  "SELECT hash, noted_at AS notedAt FROM stray_file WHERE hash > :after AND size_bytes IS NOT NULL ORDER BY hash LIMIT :limit",
);

export function unreadStrays(reader: Reader, limit: number): Stray[] {
  return reader.all(unread, { limit });
}

/** Those that were looked into and had to wait, by hash. */
export function waitingStrays(reader: Reader, after: string, limit: number): Stray[] {
  return reader.all(readAfter, { after, limit });
}

/** What a message says of itself, by which it is known again. */
export type StrayMessage = {
  readonly hash: string;
  readonly sizeBytes: number;
  readonly messageIdHeader: string | null;
  readonly sentAt: number | null;
};
const noteStray = statement<StrayMessage>(
  "UPDATE stray_file SET size_bytes = :sizeBytes, message_id_header = :messageIdHeader, sent_at = :sentAt WHERE hash = :hash",
);

/** What it is was found out: from here on a message without bytes can be held against it. */
export function noteStrayRead(tx: Writer, { hash, sizeBytes, messageIdHeader, sentAt }: StrayMessage): void {
  tx.run(noteStray, { hash, sizeBytes, messageIdHeader, sentAt });
}

const likeMessage = statement<{ placementId: number }, { hash: string }>(
  `SELECT stray_file.hash AS hash
   FROM placement
   JOIN message ON message.id = placement.message_id
   JOIN stray_file INDEXED BY stray_file_by_header
     ON stray_file.message_id_header = message.message_id_header AND stray_file.size_bytes = message.size_bytes
   WHERE placement.id = :placementId AND message.message_id_header IS NOT NULL AND stray_file.sent_at IS message.sent_at
   LIMIT 2`,
);

/** The file that is this message by Message-ID, size and date; null when there is none, or more than one. */
export function strayLike(reader: Reader, placementId: PlacementId): string | null {
  const [one, ...others] = reader.all(likeMessage, { placementId });
  return one === undefined || others.length > 0 ? null : one.hash;
}

const withoutBytes = statement<
  { accountId: number; reference: string; messageIdHeader: string; sizeBytes: number; sentAt: number | null },
  { id: PlacementId }
>(
  `SELECT min(placement.id) AS id
   FROM conversation_reference
   JOIN message INDEXED BY message_by_conversation ON message.conversation_id = conversation_reference.conversation_id
   JOIN placement INDEXED BY placement_by_message ON placement.message_id = message.id
   WHERE conversation_reference.account_id = :accountId AND conversation_reference.reference = :reference
     AND message.message_id_header = :messageIdHeader AND message.size_bytes = :sizeBytes AND message.sent_at IS :sentAt
     AND message.bytes_here = 0
   GROUP BY message.id`,
);

/** A placement of each listed message of the account that lacks its bytes and is this one by Message-ID, size and date. */
export function placementsLike(reader: Reader, accountId: AccountId, { messageIdHeader, sizeBytes, sentAt }: StrayMessage): PlacementId[] {
  if (messageIdHeader === null) return [];
  const like = { accountId, reference: messageIdHeader.slice(0, 250), messageIdHeader, sizeBytes, sentAt };
  return reader.all(withoutBytes, like).map(({ id }) => id);
}

const haveBytes = statement<{ hash: string }, { found: number }>(
  "SELECT 1 AS found FROM message WHERE raw_hash = :hash AND bytes_here = 1 LIMIT 1",
);
const inLedger = statement<{ hash: string }, { accountId: AccountId; thrownAway: number }>(
  `SELECT pop3_message.account_id AS accountId, pop3_message.deleted_at IS NOT NULL AS thrownAway
   FROM account CROSS JOIN pop3_message INDEXED BY pop3_message_by_hash
     ON pop3_message.account_id = account.id AND pop3_message.raw_hash = :hash
   ORDER BY pop3_message.deleted_at IS NOT NULL DESC
   LIMIT 1`,
);

/** Whether a message has these bytes. */
export function isNeeded(reader: Reader, hash: string): boolean {
  return reader.get(haveBytes, { hash }) !== undefined;
}

/** What the ledger of a POP3 account says of these bytes. */
export function ledgerOf(reader: Reader, hash: string): { accountId: AccountId; thrownAway: boolean } | null {
  const found = reader.get(inLedger, { hash });
  return found === undefined ? null : { accountId: found.accountId, thrownAway: found.thrownAway !== 0 };
}
