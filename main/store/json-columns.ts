import type { Database as Connection } from "better-sqlite3";

/** Columns whose text is JSON, in whichever table they are. */
const NAMES = new Set([
  "about",
  "answers",
  "attempt",
  "bcc_json",
  "because",
  "before",
  "cc_json",
  "cells",
  "change",
  "columns",
  "content",
  "detail",
  "facts",
  "failure",
  "filing_failure",
  "from_json",
  "knowledge",
  "learnt",
  "offline",
  "options",
  "origin",
  "parts_json",
  "pauses",
  "reply_to_json",
  "requests",
  "search",
  "settings",
  "to_json",
]);

export function isJsonColumn(name: string): boolean {
  return NAMES.has(name);
}

/** What lies in a long row's further pages is no part of the tree that SQLite checks: this finds text there that is none any more. */
export function hasBrokenJson(connection: Connection, tables: readonly string[]): boolean {
  return tables.some((table) => {
    const columns = connection.prepare<[string], { name: string }>("SELECT name FROM pragma_table_info(?)").all(table);
    const broken = columns.flatMap(({ name }) => (isJsonColumn(name) ? [`"${name}" IS NOT NULL AND NOT json_valid("${name}")`] : []));
    return broken.length > 0 && connection.prepare(`SELECT 1 FROM "${table}" WHERE ${broken.join(" OR ")} LIMIT 1`).get() !== undefined;
  });
}
