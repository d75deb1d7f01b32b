import { constants, copyFileSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import BetterSqlite, { type Database as Connection } from "better-sqlite3";
import { isDamage } from "./copy-tables.ts";
import { asStorageFailure } from "./database.ts";
import { isSchemaDamaged, mendSchema } from "./schema-pages.ts";

/** A damaged database, to be read. */
export type DamagedSource = { readonly connection: Connection; close(): void };

/**
 * Opens a damaged database and changes nothing in it: it is kept as it is, byte for byte, for whoever may get more out of it. Where SQLite does not find its
 * way in it (a torn first page, a damaged schema, an end that was cut off), a copy is mended and read in its place; that takes as much room once more, until
 * it is closed.
 *
 * @throws Failure `database-corrupt` when nothing helps, `disk-full` or `read-only`
 */
export function openDamaged(file: string, profileDir: string): DamagedSource {
  const copy = join(profileDir, "satchel-mended.db");
  const removeCopy = (): void => {
    for (const end of ["", "-wal", "-shm"]) rmSync(copy + end, { force: true });
  };
  // Of a repair that was cut off.
  removeCopy();
  try {
    const asItIs = isSchemaDamaged(file, profileDir) ? null : openReadable(file);
    if (asItIs !== null) return asItIs;
    for (const end of ["", "-wal"]) if (existsSync(file + end)) copyFileSync(file + end, copy + end, constants.COPYFILE_FICLONE);
    mendSchema(copy, profileDir);
    const mended = openReadable(copy);
    if (mended === null) throw new BetterSqlite.SqliteError("the schema cannot be read", "SQLITE_CORRUPT");
    const close = (): void => {
      mended.close();
      removeCopy();
    };
    return { connection: mended.connection, close };
  } catch (error) {
    removeCopy();
    throw asStorageFailure(error);
  }
}

/** Null when not even its tables can be named. */
function openReadable(file: string): DamagedSource | null {
  const connection = new BetterSqlite(file, { readonly: true, fileMustExist: true });
  try {
    // Any statement has SQLite read the whole schema first.
    const named = connection.prepare<[], { tables: number }>("SELECT count(*) AS tables FROM sqlite_schema WHERE type = 'table'").get();
    if (named !== undefined && named.tables > 0) return { connection, close: () => void connection.close() };
  } catch (error) {
    if (!isDamage(error)) throw error;
  }
  connection.close();
  return null;
}
