import { rmSync } from "node:fs";
import { asFailure } from "../../shared/failure.ts";
import { type Database, openDatabase, type Reader } from "../store/database.ts";
import { statement } from "../store/statement.ts";
import { foldForIndex } from "./fold.ts";

/** What one message gives to the index; as parsed, not folded. */
export type IndexText = {
  readonly subject: string;
  readonly from: string;
  readonly to: string;
  readonly body: string;
  readonly attachmentNames: string;
};

export type IndexDocument = { readonly messageId: number /** ms UTC */; readonly receivedAt: number; readonly text: IndexText };

/** Segments that FTS5 gathers before it merges them: late merges are cheaper, and a newest-first search hardly notices (default 4). */
const AUTOMERGE = 16;
/** Pages (of 4 KiB) in the log before they go into the file: on disks with slow flushes each of those costs as much as a batch. */
const CHECKPOINT_PAGES = 16_000;

/** Grows when the shape or the folding changes; another number in the file means it is built anew. */
const FORMAT = 2;

const SCHEMA = `
  CREATE TABLE document (row INTEGER PRIMARY KEY, message_id INTEGER NOT NULL UNIQUE) STRICT;
  CREATE VIRTUAL TABLE mail USING fts5(
    subject, sender, recipients, body, files,
    content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
  );
  INSERT INTO mail (mail, rank) VALUES ('automerge', ${AUTOMERGE});
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
const insertMail = statement<{ row: number; subject: string; sender: string; recipients: string; body: string; files: string }>(
  `INSERT INTO mail (rowid, subject, sender, recipients, body, files)
   VALUES (:row, :subject, :sender, :recipients, :body, :files)`,
  "search",
);
const countDocuments = statement<Record<never, never>, { count: number }>("SELECT count(*) AS count FROM document", "search");

/** Rows of one second; a thousand messages of the same second spill into the next. */
const ROWS_A_SECOND = 1024;

function freeRow(database: Database, receivedAt: number): number {
  for (let from = Math.floor(receivedAt / 1000) * ROWS_A_SECOND; ; from += ROWS_A_SECOND) {
    const last = database.get(selectLastRow, { from, to: from + ROWS_A_SECOND })?.row ?? null;
    if (last === null) return from;
    if (last + 1 < from + ROWS_A_SECOND) return last + 1;
  }
}

/**
 * Takes documents in, in one transaction, replacing what the index had of the same messages.
 *
 * Row ids follow the time of arrival, so that newest-first is the index's own order; ascending insertion is half as dear as
 * descending, which is why the batch is sorted here.
 */
export function writeDocuments(database: Database, documents: readonly IndexDocument[]): void {
  const ascending = [...documents].sort((a, b) => a.receivedAt - b.receivedAt);
  database.write((tx) => {
    for (const { messageId } of ascending) removeOne(database, messageId);
    for (const { messageId, receivedAt, text } of ascending) {
      const row = freeRow(database, receivedAt);
      tx.run(insertDocument, { row, messageId });
      tx.run(insertMail, {
        row,
        subject: foldForIndex(text.subject),
        sender: foldForIndex(text.from),
        recipients: foldForIndex(text.to),
        body: foldForIndex(text.body),
        files: foldForIndex(text.attachmentNames),
      });
    }
  });
}

export function removeDocuments(database: Database, messageIds: readonly number[]): void {
  database.write(() => {
    for (const messageId of messageIds) removeOne(database, messageId);
  });
}

function removeOne(database: Database, messageId: number): void {
  const found = database.get(selectRowOf, { messageId });
  if (!found) return;
  database.write((tx) => {
    tx.run(deleteMail, { row: found.row });
    tx.run(deleteDocument, { row: found.row });
  });
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
