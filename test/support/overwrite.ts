import { readFileSync, writeFileSync } from "node:fs";
import BetterSqlite from "better-sqlite3";

/** Spoils every page of these tables in a database that nobody has open. */
export function overwrite(file: string, tables: readonly string[]): void {
  const database = new BetterSqlite(file);
  const pagesOf = database.prepare<[string], number>("SELECT pageno FROM dbstat WHERE name = ?").pluck(true);
  const pages = tables.flatMap((table) => pagesOf.all(table));
  const size = Number(database.pragma("page_size", { simple: true }));
  database.close();
  const bytes = readFileSync(file);
  for (const page of pages) bytes.fill(0xa5, (page - 1) * size, page * size);
  writeFileSync(file, bytes);
}
