import BetterSqlite, { type Database as Connection, type Statement } from "better-sqlite3";
import { Failure } from "../../shared/failure.ts";
import { asStorageFailure } from "./database.ts";
import { isJsonColumn } from "./json-columns.ts";

const BATCH = 200;

/**
 * Copies what can be read, and makes sense, of `tables` into a database of the present schema, where rows that are there already stay as they are.
 * Foreign keys must be off: rows come before their parents, and those of a lost one stay until `dropOrphans`.
 *
 * @returns the rows copied, and the tables of which something could not be read
 */
export function copyTables(source: Connection, target: Connection, tables: readonly string[]): { rows: number; damaged: string[] } {
  const damaged: string[] = [];
  let rows = 0;
  for (const table of tables) {
    const copied = copyTable(source, target, table);
    rows += copied.rows;
    if (!copied.whole) damaged.push(table);
  }
  return { rows, damaged };
}

/** Whether it says that a file cannot be read, and not that something else went wrong. */
export function isDamage(error: unknown): boolean {
  const failure = asStorageFailure(error);
  return failure instanceof Failure && failure.code === "database-corrupt";
}

type Column = { name: string; type: string; pk: number };

function columnsOf(connection: Connection, table: string): Column[] {
  return connection.prepare<[string], Column>("SELECT name, type, pk FROM pragma_table_info(?)").all(table);
}

/** Reads past the damage where rows have numbers, else from both ends towards it. */
function copyTable(source: Connection, target: Connection, table: string): { rows: number; whole: boolean } {
  const columns = columnsOf(target, table);
  const there = new Set(readable(() => columnsOf(source, table).map(({ name }) => name)));
  const shared = columns.flatMap(({ name }) => (there.has(name) ? [name] : []));
  // A name that was turned over: what the others would say is not to be believed either.
  if (columns.some(({ name, pk }) => pk > 0 && !there.has(name)) || shared.length === 0) return { rows: 0, whole: false };
  const list = shared.map((name) => `"${name}"`).join(", ");
  const insert = target.prepare<unknown[]>(`INSERT OR IGNORE INTO "${table}" (${list}) VALUES (${shared.map(() => "?").join(", ")})`);
  const json = shared.flatMap((name, at) => (isJsonColumn(name) ? [at] : []));
  let rows = 0;
  let senseless = 0;
  const take = (batch: readonly unknown[][]): void => {
    target.transaction(() => {
      for (const row of batch) {
        const added = json.every((at) => row[at] === null || isJson(row[at])) ? inserted(insert, row) : null;
        if (added === null) senseless += 1;
        else rows += added;
      }
    })();
  };
  const [first, ...others] = columns.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk);
  const select = `SELECT ${list} FROM "${table}" NOT INDEXED`;
  if (first?.type === "INTEGER" && others.length === 0) {
    const whole = copyNumbered(source, `${select} WHERE "${first.name}" > ? ORDER BY "${first.name}"`, shared.indexOf(first.name), take);
    return { rows, whole: whole && senseless === 0 };
  }
  const keys = [...(first === undefined ? [] : [first]), ...others].map(({ name }) => `"${name}"`);
  for (const order of ["ASC", "DESC"]) {
    if (copyFrom(source, `${select} ORDER BY ${keys.map((key) => `${key} ${order}`).join(", ")}`, [], take))
      return { rows, whole: order === "ASC" && senseless === 0 };
  }
  return { rows, whole: false };
}

/** Rows added; null when the table takes no such values. */
function inserted(insert: Statement<unknown[]>, row: readonly unknown[]): number | null {
  try {
    return insert.run(...row).changes;
  } catch (error) {
    if (error instanceof BetterSqlite.SqliteError && error.code.startsWith("SQLITE_CONSTRAINT")) return null;
    throw error;
  }
}

function isJson(value: unknown): boolean {
  try {
    JSON.parse(String(value));
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

function readable<T>(read: () => T[]): T[] {
  try {
    return read();
  } catch (error) {
    if (!isDamage(error)) throw error;
    return [];
  }
}

/** Behind a damaged page come good ones: steps over it, twice as far each time. */
const FARTHEST_STEP = 2 ** 40;

function copyNumbered(source: Connection, sql: string, keyAt: number, take: (batch: readonly unknown[][]) => void): boolean {
  let after = -1;
  let step = 0;
  let whole = true;
  while (step <= FARTHEST_STEP) {
    const from = after;
    const read = copyFrom(source, sql, [after + step], (batch) => {
      const last = batch.at(-1)?.[keyAt];
      if (typeof last === "number") after = last;
      take(batch);
    });
    if (read) return whole;
    whole = false;
    step = after > from ? 1 : Math.max(1, step * 2);
  }
  return whole;
}

/** Whether it came to the end; what could be read before the damage has been given out. */
function copyFrom(source: Connection, sql: string, params: readonly number[], take: (batch: unknown[][]) => void): boolean {
  let batch: unknown[][] = [];
  try {
    for (const row of source
      .prepare<number[], unknown[]>(sql)
      .raw(true)
      .iterate(...params)) {
      batch.push(row);
      if (batch.length < BATCH) continue;
      take(batch);
      batch = [];
    }
    take(batch);
    return true;
  } catch (error) {
    if (!isDamage(error)) throw error;
    take(batch);
    return false;
  }
}

/** Removes rows whose parent was lost, where a foreign key asks for one: the last thing to do, when no source is left that may still have the parent. */
export function dropOrphans(target: Connection): void {
  for (;;) {
    const orphans = target
      .prepare<[], { table: string; rowid: number | null }>('SELECT "table", rowid FROM pragma_foreign_key_check')
      .all();
    const dropped = orphans.filter(({ rowid }) => rowid !== null);
    if (dropped.length === 0) return;
    for (const { table, rowid } of dropped) target.prepare(`DELETE FROM "${table}" WHERE rowid = ?`).run(rowid);
  }
}

/** Where the numbers of the damaged database cannot be read, the new ones begin this much higher. */
const FAR = 1_000_000_000;
const MOST = 2 ** 40;

/**
 * Has the new database number on where the damaged one stopped. What names a lost row (a line of the journal, of the ledger of POP3) would name a stranger
 * otherwise.
 */
export function keepNumbering(source: Connection, target: Connection): void {
  const read = readable(() => source.prepare<[], { name: string; seq: number }>("SELECT name, seq FROM sqlite_sequence").all());
  const before = new Map(read.filter(({ seq }) => Number.isInteger(seq) && seq >= 0 && seq < MOST).map(({ name, seq }) => [name, seq]));
  const numbered = target
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'")
    .pluck(true);
  const known = target.prepare<[string], number>("SELECT seq FROM sqlite_sequence WHERE name = ?").pluck(true);
  for (const name of numbered.all()) {
    const now = known.get(name);
    // A table that never had a row has no number either.
    const seq = Math.max(now ?? 0, before.get(name) ?? (read.length === 0 ? (now ?? 0) + FAR : 0));
    if (now === undefined) target.prepare("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)").run(name, seq);
    else target.prepare("UPDATE sqlite_sequence SET seq = ? WHERE name = ?").run(seq, name);
  }
}
