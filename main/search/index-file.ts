import { rmSync } from "node:fs";
import { asFailure } from "../../shared/failure.ts";
import { type Database, openDatabase } from "../store/database.ts";
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

/** Grows when the shape or the folding changes; another number in the file means it is built anew. */
const FORMAT = 1;

const SCHEMA = `
  CREATE TABLE document (row INTEGER PRIMARY KEY, message_id INTEGER NOT NULL UNIQUE) STRICT;
  CREATE VIRTUAL TABLE mail USING fts5(
    subject, sender, recipients, body, files,
    content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
  );
`;

/**
 * Opens `search.db`, empty if it is missing, damaged or of another format.
 *
 * Nothing in it is unique: `fresh` tells the caller to queue every message again.
 */
export function openIndexFile(file: string): { database: Database; fresh: boolean } {
  try {
    const database = openDatabase(file);
    const format = Number(database.connection.pragma("user_version", { simple: true }));
    if (format === FORMAT) return { database, fresh: false };
    database.close();
  } catch (error) {
    if (asFailure(error).code !== "database-corrupt") throw error;
  }
  for (const suffix of ["", "-wal", "-shm"]) rmSync(`${file}${suffix}`, { force: true });
  const database = openDatabase(file);
  database.write(() => {
    database.connection.exec(SCHEMA);
    database.connection.pragma(`user_version = ${FORMAT}`);
  });
  return { database, fresh: true };
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
