import type { BulkCounts, BulkOptions, BulkRecipientState, BulkRow, BulkState } from "../../shared/contract/bulk.ts";
import { Failure, type FailureData } from "../../shared/failure.ts";
import type { AccountId, BulkId, DraftId } from "../../shared/ids.ts";
import type { Database, Reader, Writer } from "./database.ts";
import { statement } from "./statement.ts";

type Db = { readonly db: Database };

/** What was prepared for many, and how far it is. */
export type StoredBulk = {
  readonly id: BulkId;
  readonly accountId: AccountId;
  readonly draftId: DraftId | null;
  readonly state: BulkState;
  /** Of the draft, as it was at the start. */
  readonly subject: string;
  readonly fileName: string | null;
  readonly columns: readonly string[];
  readonly addressColumn: number | null;
  readonly nameColumn: number | null;
  readonly options: BulkOptions;
  readonly failure: FailureData | null;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
};

type BulkRowOf = Omit<StoredBulk, "columns" | "options" | "failure"> & { columns: string; options: string; failure: string | null };

const COLUMNS = `id, account_id AS accountId, draft_id AS draftId, state, subject, file_name AS fileName, columns,
  address_column AS addressColumn, name_column AS nameColumn, options, failure, started_at AS startedAt, ended_at AS endedAt`;

const oneBulk = statement<{ id: number }, BulkRowOf>(`SELECT ${COLUMNS} FROM bulk WHERE id = :id AND state <> 'reading'`);
const startedBulks = statement<Record<never, never>, BulkRowOf>(
  `SELECT ${COLUMNS} FROM bulk WHERE state IN ('running', 'paused', 'ended') ORDER BY id`,
);
const insert = statement<{
  accountId: number;
  draftId: number;
  fileName: string | null;
  columns: string;
  addressColumn: number | null;
  nameColumn: number | null;
  options: string;
  createdAt: number;
}>(`
  INSERT INTO bulk (account_id, draft_id, state, file_name, columns, address_column, name_column, options, created_at)
  VALUES (:accountId, :draftId, 'reading', :fileName, :columns, :addressColumn, :nameColumn, :options, :createdAt)`);
const insertRow = statement<{ bulkId: number; position: number; cells: string }>(
  "INSERT INTO bulk_recipient (bulk_id, position, cells) VALUES (:bulkId, :position, :cells)",
);
const prepared = statement<{ id: number }>("UPDATE bulk SET state = 'preparing' WHERE id = :id AND state = 'reading'");
const change = statement<{ id: number; addressColumn: number | null; nameColumn: number | null; options: string }>(
  "UPDATE bulk SET address_column = :addressColumn, name_column = :nameColumn, options = :options WHERE id = :id AND state = 'preparing'",
);
const move = statement<{ id: number; from: BulkState; to: BulkState; failure: string | null; at: number | null }>(
  "UPDATE bulk SET state = :to, failure = :failure, ended_at = :at WHERE id = :id AND state = :from",
);
const begin = statement<{ id: number }>("UPDATE bulk SET options = json_set(options, '$.startAt', NULL) WHERE id = :id");
const startRow = statement<{ id: number; accountId: number; subject: string; at: number }>(
  "UPDATE bulk SET state = 'running', account_id = :accountId, subject = :subject, started_at = :at WHERE id = :id AND state = 'preparing'",
);
const lockDraft = statement<{ draftId: number; bulkId: number }>(
  "UPDATE draft SET bulk_id = :bulkId, revision = revision + 1 WHERE id = :draftId",
);
const remove = statement<{ id: number }>("DELETE FROM bulk WHERE id = :id");
const removeHalfRead = statement<Record<never, never>>("DELETE FROM bulk WHERE state = 'reading'");
const removeOthers = statement<{ id: number; draftId: number }>(
  "DELETE FROM bulk WHERE draft_id = :draftId AND id <> :id AND state IN ('reading', 'preparing')",
);
const rowsOf = statement<{ id: number }, { cells: string }>("SELECT cells FROM bulk_recipient WHERE bulk_id = :id ORDER BY position");
const decide = statement<{ id: number; position: number; address: string; name: string; state: BulkRecipientState }>(
  "UPDATE bulk_recipient SET address = :address, name = :name, state = :state WHERE bulk_id = :id AND position = :position",
);
const countStates = statement<{ id: number }, { state: BulkRecipientState; found: number }>(
  "SELECT state, count(*) AS found FROM bulk_recipient WHERE bulk_id = :id GROUP BY state",
);

function fromRow({ columns, options, failure, ...plain }: BulkRowOf): StoredBulk {
  return {
    ...plain,
    columns: JSON.parse(columns) as string[],
    // Those of before knew no moment.
    options: { startAt: null, ...(JSON.parse(options) as Omit<BulkOptions, "startAt">) },
    failure: failure === null ? null : (JSON.parse(failure) as FailureData),
  };
}

/** @throws Failure `message-gone` */
export function readBulk(reader: Reader, id: BulkId): StoredBulk {
  const row = reader.get(oneBulk, { id });
  if (!row) throw new Failure("message-gone");
  return fromRow(row);
}

/** Those that were started, oldest first. */
export function readStartedBulks(reader: Reader): StoredBulk[] {
  return reader.all(startedBulks, {}).map(fromRow);
}

/** Not to be seen before `finishBulk`: its rows follow in slices. */
export function insertBulk(
  tx: Writer,
  {
    columns,
    options,
    ...bulk
  }: Omit<StoredBulk, "id" | "state" | "subject" | "failure" | "startedAt" | "endedAt"> & { readonly draftId: DraftId },
  createdAt: number,
): BulkId {
  return tx.run(insert, { ...bulk, columns: JSON.stringify(columns), options: JSON.stringify(options), createdAt }).lastId as BulkId;
}

export function insertBulkRows(tx: Writer, bulkId: BulkId, rows: readonly { position: number; cells: readonly string[] }[]): void {
  for (const { position, cells } of rows) tx.run(insertRow, { bulkId, position, cells: JSON.stringify(cells) });
}

/** All rows are there. What was prepared for the same draft before goes. */
export function finishBulk(tx: Writer, id: BulkId, draftId: DraftId): void {
  tx.run(removeOthers, { id, draftId });
  tx.run(prepared, { id });
}

/** Tables that were cut off while they were taken in. */
export function removeHalfReadBulks({ db }: Db): void {
  db.write((tx) => void tx.run(removeHalfRead, {}));
}

export function changeBulk(tx: Writer, { id, addressColumn, nameColumn, options }: StoredBulk): void {
  tx.run(change, { id, addressColumn, nameColumn, options: JSON.stringify(options) });
}

/** @returns false when it was no longer in `from` */
export function moveBulk(
  tx: Writer,
  id: BulkId,
  from: BulkState,
  to: BulkState,
  more: { failure?: FailureData; endedAt?: number } = {},
): boolean {
  const failure = more.failure === undefined ? null : JSON.stringify(more.failure);
  return tx.run(move, { id, from, to, failure, at: more.endedAt ?? null }).changes === 1;
}

/** It waits for no moment any more. */
export function beginBulk(tx: Writer, id: BulkId): void {
  tx.run(begin, { id });
}

/** @returns false when it had been started already */
export function startBulk(tx: Writer, id: BulkId, accountId: AccountId, draftId: DraftId, subject: string, at: number): boolean {
  if (tx.run(startRow, { id, accountId, subject, at }).changes === 0) return false;
  tx.run(lockDraft, { draftId, bulkId: id });
  return true;
}

export function removeBulk(tx: Writer, id: BulkId): void {
  tx.run(remove, { id });
}

export function readBulkCells(reader: Reader, id: BulkId): string[][] {
  return reader.all(rowsOf, { id }).map(({ cells }) => JSON.parse(cells) as string[]);
}

/** Who gets a message, and who none. */
export function decideBulkRow(tx: Writer, id: BulkId, row: { position: number; address: string; name: string; leftOut: boolean }): void {
  const { position, address, name, leftOut } = row;
  tx.run(decide, { id, position, address, name, state: leftOut ? "left-out" : "waiting" });
}

export function countBulk(reader: Reader, id: BulkId): BulkCounts {
  const found = new Map(reader.all(countStates, { id }).map((row) => [row.state, row.found]));
  const count = (state: BulkRecipientState): number => found.get(state) ?? 0;
  return {
    waiting: count("waiting"),
    onTheWay: count("queued"),
    accepted: count("accepted"),
    held: count("held"),
    unknown: count("unknown"),
    cancelled: count("cancelled"),
    leftOut: count("left-out"),
  };
}

type RecipientRow = Omit<BulkRow, "failure"> & { failure: string | null };
const RECIPIENT = "position, address, name, state, failure, changed_at AS at";
const rowsAfter = statement<{ id: number; after: number; limit: number }, RecipientRow>(
  `SELECT ${RECIPIENT} FROM bulk_recipient WHERE bulk_id = :id AND position > :after ORDER BY position LIMIT :limit`,
);
const rowsInState = statement<{ id: number; after: number; limit: number; states: string }, RecipientRow>(
  `SELECT ${RECIPIENT} FROM bulk_recipient
   WHERE bulk_id = :id AND position > :after AND state IN (SELECT value FROM json_each(:states)) ORDER BY position LIMIT :limit`,
);

/** What became of each, in the order of the table. */
export function readBulkRows(
  reader: Reader,
  id: BulkId,
  states: readonly BulkRecipientState[] | null,
  after: number,
  limit: number,
): BulkRow[] {
  const rows =
    states === null
      ? reader.all(rowsAfter, { id, after, limit })
      : reader.all(rowsInState, { id, after, limit, states: JSON.stringify(states) });
  return rows.map(({ failure, ...row }) => ({ ...row, failure: failure === null ? null : (JSON.parse(failure) as FailureData) }));
}
