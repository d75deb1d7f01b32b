import { readdirSync, readFileSync } from "node:fs";
import type { Database as Connection } from "better-sqlite3";
import { Failure } from "../../shared/failure.ts";
import { type Database, openDatabase } from "./database.ts";

export type Migration = { readonly number: number; readonly name: string; readonly sql: string };

/** Reads `NNNN-name.sql` files in order. Numbers start at 1 and have no gaps. */
export function readMigrations(folder: URL): Migration[] {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .sort();
  return files.map((file, index) => {
    const number = Number(file.slice(0, 4));
    if (number !== index + 1) throw new Error(`migration ${file} is out of order`);
    return { number, name: file.slice(5, -4), sql: readFileSync(new URL(file, folder), "utf8") };
  });
}

/**
 * Brings the schema forward, each step in a transaction of its own; `user_version` says how far it is. There is no way back:
 * a database newer than this program is refused as `database-newer` and left alone.
 *
 * @param before called once when a database of an earlier version is about to be changed, with that version
 */
export function migrate(database: Database, migrations: readonly Migration[], before: (version: number) => void = () => undefined): void {
  const at = Number(database.connection.pragma("user_version", { simple: true }));
  if (at > migrations.length) throw new Failure("database-newer", { params: { found: at, known: migrations.length } });
  if (at > 0 && at < migrations.length) before(at);
  for (const migration of migrations.slice(at)) {
    database.write(() => {
      database.connection.exec(migration.sql);
      database.connection.pragma(`user_version = ${migration.number}`);
    });
  }
}

const SCHEMA = "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name";

/** Whether the schema says, to the letter, what the migrations make of an empty database. */
export function isSchemaOf(connection: Connection, migrations: readonly Migration[]): boolean {
  const fresh = openDatabase(":memory:");
  try {
    migrate(fresh, migrations);
    const [now, made] = [connection, fresh.connection].map((one) => JSON.stringify(one.prepare(SCHEMA).all()));
    return now === made;
  } finally {
    fresh.close();
  }
}
