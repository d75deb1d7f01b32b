import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Database as Connection } from "better-sqlite3";
import { Failure } from "../../shared/failure.ts";
import { asStorageFailure, openDatabase } from "./database.ts";
import { CHECK_WANTED, openStore, type StoreOptions, storeFile } from "./open.ts";
import { rebuild } from "./rebuild.ts";

export type Repaired = {
  /** Where the damaged database lies now. */
  readonly movedTo: string;
  readonly rows: number;
  /** Tables of which something could not be read. */
  readonly damaged: readonly string[];
};

/** Made anew from the others. */
const DERIVED = new Set(["conversation_in_view", "view_stretch", "missing_body", "folder_month", "index_queue"]);
const BATCH = 200;

/**
 * Puts a damaged database aside and copies into a new one what can still be read; then makes the rest anew. The message files are not
 * touched. What was lost comes back from the servers.
 *
 * @throws Failure `database-newer`, `disk-full` or `read-only`; the old database is in its place then
 */
export async function repair(options: StoreOptions): Promise<Repaired> {
  const file = storeFile(options.profileDir);
  const movedTo = join(
    options.profileDir,
    freeName(options.profileDir, (number) => `satchel-damaged-${number}.db`),
  );
  move(file, movedTo);
  try {
    // Not unclean any more: the new database is not the one that was open.
    for (const mark of ["running", CHECK_WANTED]) rmSync(join(options.profileDir, mark), { force: true });
    const store = openStore(options);
    try {
      const { rows, damaged } = copyAll(movedTo, store.db.connection);
      await rebuild(store);
      return { movedTo, rows, damaged };
    } finally {
      store.close();
    }
  } catch (error) {
    for (const end of ENDS) rmSync(file + end, { force: true });
    move(movedTo, file);
    throw asStorageFailure(error);
  }
}

/** What belongs to the rows of the database and to nothing else. */
const BESIDE_ROWS = ["drafts", "outbox"] as const;

/**
 * Puts a file that is no database at all aside, with the drafts and the unsent messages that only it could explain: all of it is kept in a folder of
 * its own, and a store begins anew. The mail itself stays where it is.
 *
 * @returns that folder's name in the profile
 */
export function setAside(profileDir: string): string {
  const name = freeName(profileDir, (number) => `set-aside-${number}`);
  const folder = join(profileDir, name);
  mkdirSync(folder, { mode: 0o700 });
  for (const one of BESIDE_ROWS) if (existsSync(join(profileDir, one))) renameSync(join(profileDir, one), join(folder, one));
  // Last: killed before this, the next start finds the same file and does the rest.
  move(storeFile(profileDir), join(folder, "satchel.db"));
  rmSync(join(profileDir, "running"), { force: true });
  return name;
}

const ENDS = ["", "-wal", "-shm"] as const;

function move(from: string, to: string): void {
  for (const end of ENDS) if (existsSync(from + end)) renameSync(from + end, to + end);
}

function freeName(profileDir: string, named: (number: number) => string): string {
  for (let number = 1; ; number++) if (!existsSync(join(profileDir, named(number)))) return named(number);
}

function copyAll(damagedFile: string, target: Connection): { rows: number; damaged: string[] } {
  let source: Connection;
  try {
    source = openDatabase(damagedFile).connection;
  } catch (error) {
    if (!isDamage(error)) throw error;
    // Not a database any more: nothing of it can be read.
    return { rows: 0, damaged: ["*"] };
  }
  try {
    const found = Number(source.pragma("user_version", { simple: true }));
    const known = Number(target.pragma("user_version", { simple: true }));
    if (found > known) throw new Failure("database-newer", { params: { found, known } });
    // Rows come table by table; what lost its parent is cleaned up by the rebuild.
    target.pragma("foreign_keys = OFF");
    const damaged: string[] = [];
    let rows = 0;
    for (const table of tablesOf(target)) {
      const copied = copyTable(source, target, table);
      rows += copied.rows;
      if (!copied.whole) damaged.push(table);
    }
    dropOrphans(target);
    target.pragma("foreign_keys = ON");
    return { rows, damaged };
  } finally {
    source.close();
  }
}

function isDamage(error: unknown): boolean {
  const failure = asStorageFailure(error);
  return failure instanceof Failure && failure.code === "database-corrupt";
}

function tablesOf(connection: Connection): string[] {
  const rows = connection
    .prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid")
    .all();
  return rows.map(({ name }) => name).filter((name) => !DERIVED.has(name));
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
  if (shared.length === 0) return { rows: 0, whole: false };
  const list = shared.map((name) => `"${name}"`).join(", ");
  const insert = target.prepare<unknown[]>(`INSERT OR IGNORE INTO "${table}" (${list}) VALUES (${shared.map(() => "?").join(", ")})`);
  let rows = 0;
  const take = (batch: readonly unknown[][]): void => {
    target.transaction(() => {
      for (const row of batch) rows += insert.run(...row).changes;
    })();
  };
  const [first, ...others] = columns.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk);
  const select = `SELECT ${list} FROM "${table}" NOT INDEXED`;
  if (first?.type === "INTEGER" && others.length === 0) {
    const whole = copyNumbered(source, `${select} WHERE "${first.name}" > ? ORDER BY "${first.name}"`, shared.indexOf(first.name), take);
    return { rows, whole };
  }
  const keys = [...(first === undefined ? [] : [first]), ...others].map(({ name }) => `"${name}"`);
  for (const order of ["ASC", "DESC"]) {
    if (copyFrom(source, `${select} ORDER BY ${keys.map((key) => `${key} ${order}`).join(", ")}`, [], take))
      return { rows, whole: order === "ASC" };
  }
  return { rows, whole: false };
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

/** Rows whose parent was lost, where a foreign key asks for one. */
function dropOrphans(target: Connection): void {
  for (;;) {
    const orphans = target
      .prepare<[], { table: string; rowid: number | null }>('SELECT "table", rowid FROM pragma_foreign_key_check')
      .all();
    const dropped = orphans.filter(({ rowid }) => rowid !== null);
    if (dropped.length === 0) return;
    for (const { table, rowid } of dropped) target.prepare(`DELETE FROM "${table}" WHERE rowid = ?`).run(rowid);
  }
}
