import { expect, test } from "vitest";
import { openDatabase } from "../../main/store/database.ts";
import { migrate, readMigrations } from "../../main/store/migrate.ts";

/** Rows that go one by one while mail is read, written and sent; an account, which may take its time, is none of them. */
const SELDOM_REMOVED = new Set(["account", "folder"]);

test("a row that others name is removed without a walk through all of them", () => {
  const db = openDatabase(":memory:");
  migrate(db, readMigrations(new URL("../../main/store/migrations/", import.meta.url)));
  const ask = <R>(sql: string, ...params: string[]): R[] => db.connection.prepare<string[], R>(sql).all(...params);
  const tables = ask<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'").map(({ name }) => name);
  const bare: string[] = [];
  let seen = 0;
  for (const table of tables) {
    const keys = ask<{ from: string; table: string }>('SELECT "from", "table" FROM pragma_foreign_key_list(?)', table);
    const firsts = ask<{ name: string }>(
      "SELECT i.name AS name FROM pragma_index_list(?) AS l JOIN pragma_index_info(l.name) AS i WHERE i.seqno = 0",
      table,
    );
    const primary = ask<{ name: string }>("SELECT name FROM pragma_table_info(?) WHERE pk = 1", table);
    const found = new Set([...firsts, ...primary].map(({ name }) => name));
    for (const key of keys) {
      seen += 1;
      if (!found.has(key.from) && !SELDOM_REMOVED.has(key.table)) bare.push(`${table}.${key.from} → ${key.table}`);
    }
  }
  db.close();
  expect(seen).toBeGreaterThan(20);
  expect(bare).toEqual([]);
});
