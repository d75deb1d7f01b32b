import { rmSync } from "node:fs";
import { asFailure } from "../../shared/failure.ts";
import { type IndexText, indexColumn } from "../mime/index-text.ts";
import { type Database, openDatabase, type Reader, type Writer } from "../store/database.ts";
import { statement } from "../store/statement.ts";

export type IndexDocument = {
  readonly messageId: number;
  /** ms UTC */
  readonly receivedAt: number;
  readonly text: IndexText;
  /** It has documents whose own words are still to be taken in. */
  readonly unread: boolean;
  /** Its bytes are not here: what is in the index of it already is worth more. */
  readonly headersOnly?: boolean;
};

/**
 * Segments of one level that FTS5 would merge by itself, in the middle of a transaction: never (0 for the steady merging, a number that is not
 * reached for the sudden one). `mergeStep` does it in small steps when there is time.
 */
const AUTOMERGE = 0;
const CRISIS_MERGE = 1900;
/** Bytes that FTS5 gathers before it writes a segment. */
const GATHERED_BYTES = 8 * 1024 * 1024;
/** Pages (of 4 KiB) in the log before they go into the file in the middle of the work: a flush of the disk keeps every search waiting. */
const CHECKPOINT_PAGES = 65_536;

/** What is written is hardly read again, and FTS5 gathers by itself. */
const CACHE_KB = 12_000;

/** Grows when the shape or the folding changes; another number in the file means it is built anew. */
const FORMAT = 5;

// Texts come folded and cut (`mime/fold`). The first column costs two bytes less than the others for each word of each message.
const SCHEMA = `
  CREATE TABLE document (row INTEGER PRIMARY KEY, message_id INTEGER NOT NULL UNIQUE) STRICT;
  CREATE TABLE pdf_waiting (message_id INTEGER PRIMARY KEY, tries INTEGER NOT NULL DEFAULT 0) STRICT;
  CREATE VIRTUAL TABLE mail USING fts5(
    body, subject, sender, recipients, files,
    content = '', contentless_delete = 1, tokenize = 'ascii'
  );
  INSERT INTO mail (mail, rank) VALUES ('automerge', ${AUTOMERGE});
  INSERT INTO mail (mail, rank) VALUES ('crisismerge', ${CRISIS_MERGE});
  INSERT INTO mail (mail, rank) VALUES ('hashsize', ${GATHERED_BYTES});
`;

/**
 * Opens `search.db`, empty if it is missing, damaged or of another format.
 *
 * Nothing in it is unique: `fresh` tells the caller to queue every message again.
 */
export function openIndexFile(file: string): { database: Database; fresh: boolean } {
  try {
    const database = opened(file);
    const format = Number(database.connection.pragma("user_version", { simple: true }));
    if (format === FORMAT) return { database, fresh: false };
    database.close();
  } catch (error) {
    if (asFailure(error).code !== "database-corrupt") throw error;
  }
  for (const suffix of ["", "-wal", "-shm"]) rmSync(`${file}${suffix}`, { force: true });
  const database = opened(file);
  database.write(() => {
    database.connection.exec(SCHEMA);
    database.connection.pragma(`user_version = ${FORMAT}`);
  });
  return { database, fresh: true };
}

function opened(file: string): Database {
  const database = openDatabase(file);
  database.connection.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  database.connection.pragma(`cache_size = -${CACHE_KB}`);
  return database;
}

const selectRowOf = statement<{ messageId: number }, { row: number }>("SELECT row FROM document WHERE message_id = :messageId", "search");
const selectLastRow = statement<{ from: number; to: number }, { row: number | null }>(
  "SELECT max(row) AS row FROM document WHERE row >= :from AND row < :to",
  "search",
);
const insertDocument = statement<{ row: number; messageId: number }>(
  "INSERT INTO document (row, message_id) VALUES (:row, :messageId)",
  "search",
);
const deleteDocument = statement<{ row: number }>("DELETE FROM document WHERE row = :row", "search");
const deleteMail = statement<{ row: number }>("DELETE FROM mail WHERE rowid = :row", "search");
// Bytes count as text: FTS5 reads both as UTF-8, and a string would be copied once more.
const insertMail = statement<{
  row: number;
  subject: Uint8Array;
  sender: Uint8Array;
  recipients: Uint8Array;
  body: Uint8Array;
  files: Uint8Array;
}>(
  `INSERT INTO mail (rowid, subject, sender, recipients, body, files)
   VALUES (:row, :subject, :sender, :recipients, :body, :files)`,
  "search",
);
const countDocuments = statement<Record<never, never>, { count: number }>("SELECT count(*) AS count FROM document", "search");

const waitForPdf = statement<{ messageId: number }>(
  "INSERT INTO pdf_waiting (message_id) VALUES (:messageId) ON CONFLICT DO NOTHING",
  "search",
);

/** Rows of one second; a thousand messages of the same second spill into the next. */
const ROWS_A_SECOND = 1024;

function freeRow(database: Reader, receivedAt: number): number {
  for (let from = Math.floor(receivedAt / 1000) * ROWS_A_SECOND; ; from += ROWS_A_SECOND) {
    const last = database.get(selectLastRow, { from, to: from + ROWS_A_SECOND })?.row ?? null;
    if (last === null) return from;
    if (last + 1 < from + ROWS_A_SECOND) return last + 1;
  }
}

/** Messages of the same second that may have spilled into later ones before a search by date could miss one: 88 million. */
const SPILL_SECONDS = 24 * 60 * 60;

/** All rows of messages that came before a moment (ms UTC) lie below this one; some that came a little later do so too. */
export function rowsBefore(moment: number): number {
  return (Math.ceil(moment / 1000) + SPILL_SECONDS) * ROWS_A_SECOND;
}

/** No row of a message that came at this moment (ms UTC) or later lies below this one. */
export function firstRowFrom(moment: number): number {
  return Math.floor(moment / 1000) * ROWS_A_SECOND;
}

/** Documents in the order in which they are to be written: FTS5 ends a segment whenever a row id is below the one before. */
export function inRowOrder(documents: readonly IndexDocument[]): IndexDocument[] {
  return [...documents].sort((a, b) => a.receivedAt - b.receivedAt);
}

/**
 * Takes a document in, replacing what the index had of the same message. Row ids follow the time of arrival, so that newest-first is the
 * index's own order.
 *
 * @returns whether the message was not in the index before
 */
export function writeDocument(tx: Writer, { messageId, receivedAt, text, unread, headersOnly }: IndexDocument): boolean {
  // What was taken off this computer is still found by all of its words.
  if (headersOnly === true && hasDocument(tx, messageId)) return false;
  const known = removeDocument(tx, messageId);
  const row = freeRow(tx, receivedAt);
  tx.run(insertDocument, { row, messageId });
  tx.run(insertMail, {
    row,
    subject: indexColumn(text, 0),
    sender: indexColumn(text, 1),
    recipients: indexColumn(text, 2),
    body: indexColumn(text, 3),
    files: indexColumn(text, 4),
  });
  if (unread) tx.run(waitForPdf, { messageId });
  return !known;
}

export function hasDocument(reader: Reader, messageId: number): boolean {
  return reader.get(selectRowOf, { messageId }) !== undefined;
}

/** @returns whether it was there */
export function removeDocument(tx: Writer, messageId: number): boolean {
  const found = tx.get(selectRowOf, { messageId });
  if (!found) return false;
  tx.run(deleteMail, { row: found.row });
  tx.run(deleteDocument, { row: found.row });
  return true;
}

const mergePages = statement<{ pages: number }>("INSERT INTO mail (mail, rank) VALUES ('merge', :pages)", "search");

/**
 * Merges segments of the index, some `pages` of 4 KiB of them.
 * @returns whether there is more to merge
 */
export function mergeStep(database: Database, pages: number): boolean {
  const before = totalChanges(database);
  database.write((tx) => tx.run(mergePages, { pages }));
  // As SQLite's manual says (FTS5 §6.8): fewer than two changes mean that there was nothing to do.
  return totalChanges(database) - before >= 2;
}

/** Brings the log into the file: for when nothing else is to be done. */
export function checkpoint(database: Database): void {
  database.connection.pragma("wal_checkpoint(TRUNCATE)");
}

const selectChanges = statement<Record<never, never>, { changes: number }>("SELECT total_changes() AS changes", "search");

function totalChanges(database: Database): number {
  return database.get(selectChanges, {})?.changes ?? 0;
}

export function documentCount(database: Database): number {
  return database.get(countDocuments, {})?.count ?? 0;
}

const selectMessages = statement<{ after: number }, { id: number }>("SELECT id FROM message WHERE id > :after ORDER BY id LIMIT 5000");

/**
 * Messages of the store that the index lacks. A power cut may take the last second of this file but not of the queue that was
 * emptied for it: after an unclean end everything is compared once.
 */
export function* missingMessages(database: Database, store: Reader): Generator<number[]> {
  for (let after = 0; ; ) {
    const ids = store.all(selectMessages, { after }).map(({ id }) => id);
    const last = ids.at(-1);
    if (last === undefined) return;
    after = last;
    yield ids.filter((messageId) => database.get(selectRowOf, { messageId }) === undefined);
  }
}
