import { type OfferedCharset, offeredCharset } from "../../shared/charsets.ts";
import { type MessageId, UNIFIED_VIEWS } from "../../shared/ids.ts";
import { noteTaughtCharset } from "./charset-history.ts";
import type { Reader, Writer } from "./database.ts";
import { columnsOf, type MessageEnvelope, queueForIndex } from "./message-columns.ts";
import type { Store } from "./open.ts";
import { placementsOfMessage } from "./placements.ts";
import { breathe } from "./slices.ts";
import { statement } from "./statement.ts";
import type { KnownPart } from "./views.ts";

const chosenFor = statement<{ messageId: number }, { charset: string }>("SELECT charset FROM read_as WHERE message_id = :messageId");
const choose = statement<{ messageId: number; charset: string }>(
  "INSERT INTO read_as (message_id, charset) VALUES (:messageId, :charset) ON CONFLICT (message_id) DO UPDATE SET charset = excluded.charset",
);
const unchoose = statement<{ messageId: number }>("DELETE FROM read_as WHERE message_id = :messageId");
const chooseSender = statement<{ address: string; charset: string }>(
  "INSERT INTO sender_charset (address, charset) VALUES (:address, :charset) ON CONFLICT (address) DO UPDATE SET charset = excluded.charset",
);
const unchooseSender = statement<{ address: string }>("DELETE FROM sender_charset WHERE address = :address");
const allSenders = statement<Record<never, never>, { address: string; charset: string }>("SELECT address, charset FROM sender_charset");
const sendersBefore = statement<{ before: number; limit: number }, { id: MessageId; fromJson: string }>(
  "SELECT id, from_json AS fromJson FROM message WHERE id < :before AND bytes_here = 1 ORDER BY id DESC LIMIT :limit",
);
const hashOf = statement<{ id: number }, { rawHash: string | null }>(
  "SELECT raw_hash AS rawHash FROM message WHERE id = :id AND bytes_here = 1",
);
const rewrite = statement<{
  id: number;
  subject: string;
  baseSubject: string;
  fromJson: string;
  toJson: string;
  ccJson: string;
  bccJson: string;
  replyToJson: string;
  partsJson: string;
  snippet: string;
  lang: string;
}>(
  `UPDATE message SET subject = :subject, base_subject = :baseSubject, from_json = :fromJson, to_json = :toJson, cc_json = :ccJson,
     bcc_json = :bccJson, reply_to_json = :replyToJson, parts_json = :partsJson, snippet = :snippet, lang = :lang
   WHERE id = :id`,
);

/** The charset that the user chose for this message or its sender; null when it is read as it says. */
export function readAsOf(db: Reader, messageId: MessageId): OfferedCharset | null {
  const found = offeredCharset.safeParse(db.get(chosenFor, { messageId })?.charset);
  return found.success ? found.data : null;
}

/** What the user chose for senders, by address in lower case. */
export function senderCharsets(db: Reader): ReadonlyMap<string, string> {
  return new Map(db.all(allSenders, {}).map(({ address, charset }) => [address, charset]));
}

/** Remembered for what this sender writes from now on; null forgets it. */
export function rememberSenderCharset(store: Store, address: string, charset: OfferedCharset | null): void {
  store.db.write((tx) => {
    if (charset === null) {
      tx.run(unchooseSender, { address });
      return;
    }
    tx.run(chooseSender, { address, charset });
    noteTaughtCharset(tx, address, charset);
  });
}

/** A message that was read in a charset that the user had chosen for its sender. */
export function noteReadAs(tx: Writer, messageId: MessageId, charset: string | null | undefined): void {
  if (charset) tx.run(choose, { messageId, charset });
}

const SLICE = 1000;

/** Messages by this sender whose bytes are here, newest first, out of the newest `among`. Lets others have the thread in between. */
export async function messagesBy(store: Store, address: string, among: number): Promise<MessageId[]> {
  const found: MessageId[] = [];
  let before = Number.MAX_SAFE_INTEGER;
  for (let seen = 0; seen < among; seen += SLICE) {
    const rows = store.db.all(sendersBefore, { before, limit: SLICE });
    for (const { id, fromJson } of rows) if (fromJson.toLowerCase().includes(`"${address}"`)) found.push(id);
    const last = rows.at(-1);
    if (last === undefined || rows.length < SLICE) break;
    before = last.id;
    await breathe();
  }
  return found;
}

export function rawHashOf(db: Reader, id: MessageId): string | null {
  return db.get(hashOf, { id })?.rawHash ?? null;
}

/** What another reading of the same bytes found. */
export type ReadAgain = MessageEnvelope & { readonly snippet: string; readonly parts: readonly KnownPart[]; readonly lang: string };

/** Writes what a message says when it is read in this charset, and has it indexed anew. Its place in lists and threads stays. */
export function writeReadAgain(store: Store, messageId: MessageId, charset: OfferedCharset | null, read: ReadAgain): void {
  const { subject, baseSubject, fromJson, toJson, ccJson, bccJson, replyToJson } = columnsOf(read);
  const { snippet, lang, parts } = read;
  const placements = store.db.write((tx) => {
    if (charset === null) tx.run(unchoose, { messageId });
    else tx.run(choose, { messageId, charset });
    const words = { subject, baseSubject, fromJson, toJson, ccJson, bccJson, replyToJson, partsJson: JSON.stringify(parts), snippet, lang };
    tx.run(rewrite, { id: messageId, ...words });
    tx.run(queueForIndex, { messageId });
    return placementsOfMessage(tx, messageId);
  });
  for (const { folderId } of placements) if (folderId !== null) store.changes.viewChanged(`folder:${folderId}`);
  for (const view of UNIFIED_VIEWS) store.changes.viewChanged(`all:${view}`);
  store.changes.messagesUpdated([messageId]);
}
