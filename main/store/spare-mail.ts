import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import BetterSqlite, { type Database as Connection } from "better-sqlite3";
import { isDamage } from "./copy-tables.ts";
import { asStorageFailure } from "./database.ts";

/** A table of the store that is kept twice, or some rows of it. */
type Mirrored = {
  readonly table: string;
  readonly key: readonly string[];
  readonly where?: string;
  /** What is not kept, and stands as this. */
  readonly instead?: Readonly<Record<string, string>>;
};

const ABOUT = `coalesce(about, (SELECT json_object('subject', message.subject, 'from', json(message.from_json))
  FROM store.placement JOIN store.message ON message.id = placement.message_id WHERE placement.id = operation.placement_id))`;
/** Nobody else has headers and place of these: what lies in the safety net, and copies that have yet to be made. */
const ONLY_HERE = `SELECT id FROM store.placement WHERE folder_id = 0 AND uid IS NULL
  UNION SELECT placement.id
    FROM store.operation CROSS JOIN store.placement ON placement.id = operation.placement_id
    WHERE operation.state IN ('pending', 'attempted', 'parked') AND json_extract(operation.change, '$.kind') = 'copy'
      AND placement.uid IS NULL AND placement.home_id IS NULL`;
const MIRRORED: readonly Mirrored[] = [
  {
    table: "folder",
    key: ["id"],
    // What the server said is asked again, what follows from rows is counted again.
    instead: {
      uid_validity: "NULL",
      uid_next: "NULL",
      highest_modseq: "NULL",
      remote_total: "NULL",
      headers_down_to: "NULL",
      reconciled_at: "NULL",
      total: "0",
      unread: "0",
      here: "0",
      bytes_missing: "0",
    },
  },
  { table: "chosen_role", key: ["account_id", "role"] },
  // The journal names what it is about, also before that is listed again.
  { table: "operation", key: ["id"], instead: { about: ABOUT } },
  { table: "story", key: ["id"] },
  { table: "receipt_answer", key: ["message_id"] },
  { table: "message", key: ["id"], where: `id IN (SELECT message_id FROM store.placement WHERE id IN (${ONLY_HERE}))` },
  { table: "placement", key: ["id"], where: `id IN (${ONLY_HERE})`, instead: { shown_folder_id: "NULL", pending: "0" } },
  { table: "safety_net", key: ["placement_id"] },
  { table: "pop3_message", key: ["id"] },
  // Who wrote is counted again as mail is listed.
  { table: "contact", key: ["address"], where: "written_to > 0", instead: { heard_from: "0" } },
];

/** Parents before those who name them; `remembered` says which messages the others are about. */
export const SPARE_MAIL_TABLES: readonly string[] = [...MIRRORED.map(({ table }) => table), "remembered"];

const NAMED = `SELECT placement_id AS id FROM store.operation WHERE placement_id IS NOT NULL
  UNION SELECT placement.id FROM store.story CROSS JOIN store.placement ON placement.message_id = story.message_id
  UNION SELECT placement.id FROM store.receipt_answer CROSS JOIN store.placement ON placement.message_id = receipt_answer.message_id
  UNION SELECT id FROM store.placement INDEXED BY placement_kept_here WHERE local_flags <> 0
  UNION SELECT placement.id
    FROM store.account CROSS JOIN store.folder ON folder.account_id = account.id
    CROSS JOIN store.placement INDEXED BY placement_without_uid ON placement.folder_id = folder.id AND placement.uid IS NULL
    WHERE account.settings ->> '$.protocol' = 'pop3'`;
const KEPT = "message_id, folder_id, uid_validity, uid, flags, local_flags, received_at";
const of = (table: string): string =>
  KEPT.split(", ")
    .map((name) => `${table}.${name}`)
    .join(", ");

/** What any message is known by on which something hangs, and those that have not turned up since the rescue before. */
const REMEMBER = [
  "CREATE TEMP TABLE named (id INTEGER PRIMARY KEY)",
  `INSERT INTO temp.named (id) SELECT placement.id FROM (${NAMED}) AS found CROSS JOIN store.placement ON placement.id = found.id
   WHERE placement.home_id IS NULL AND placement.folder_id <> 0`,
  `DELETE FROM main.remembered WHERE placement_id NOT IN (SELECT id FROM temp.named)
     AND placement_id NOT IN (SELECT placement_id FROM store.remembered)`,
  `INSERT OR REPLACE INTO main.remembered (placement_id, account_id, raw_hash, message_id_header, size_bytes, ${KEPT})
   SELECT placement.id, message.account_id, message.raw_hash, message.message_id_header, message.size_bytes, ${of("placement")}
   FROM temp.named CROSS JOIN store.placement ON placement.id = named.id
     LEFT JOIN main.remembered AS kept ON kept.placement_id = placement.id
     CROSS JOIN store.message ON message.id = placement.message_id
   WHERE (${of("kept")}) IS NOT (${of("placement")}) OR kept.raw_hash IS NULL AND message.raw_hash IS NOT NULL`,
  "INSERT OR IGNORE INTO main.remembered SELECT placement_id, message_id, account_id, folder_id, uid_validity, uid, flags, local_flags, received_at, raw_hash, message_id_header, size_bytes FROM store.remembered",
  "DROP TABLE temp.named",
];

export function spareMailFile(profileDir: string): string {
  return join(profileDir, "satchel-spare-mail.db");
}

/**
 * Keeps a second time what hangs on mail and no server or file can give again: what the user did, copies that wait, stories, the safety net, the ledger of POP3 and where its
 * messages lie, the folders that all this names. Only what has changed since the copy before is written; on disk when it returns.
 *
 * @param storeFile the database, which others may be writing
 * @throws Failure of kind storage; the copy before is as it was then
 */
export function writeSpareMail(storeFile: string, profileDir: string): void {
  const file = spareMailFile(profileDir);
  try {
    if (existsSync(file) && bringForward(storeFile, file)) return;
    // There is none, or none that could be brought forward: it is replaced by a whole new one.
    const next = `${file}.next`;
    rmSync(next, { force: true });
    bringForward(storeFile, next);
    renameSync(next, file);
  } catch (error) {
    throw asStorageFailure(error);
  }
}

/** @returns false when the copy is of another schema, or damaged: nothing was changed then */
function bringForward(storeFile: string, file: string): boolean {
  const spare = new BetterSqlite(file);
  try {
    spare.pragma("synchronous = FULL");
    spare.pragma("foreign_keys = OFF");
    spare.pragma("temp_store = MEMORY");
    spare.prepare("ATTACH ? AS store").run(storeFile);
    const version = Number(spare.pragma("store.user_version", { simple: true }));
    const found = Number(spare.pragma("main.user_version", { simple: true }));
    if (found !== version && tablesIn(spare) > 0) return false;
    spare.transaction(() => {
      if (found !== version) createTables(spare, version);
      for (const one of MIRRORED) mirror(spare, one);
      for (const sql of REMEMBER) spare.exec(sql);
      keepNumbers(spare);
    })();
    return true;
  } catch (error) {
    if (isDamage(error)) return false;
    throw error;
  } finally {
    spare.close();
  }
}

function tablesIn(spare: Connection): number {
  return spare.prepare<[], number>("SELECT count(*) FROM main.sqlite_schema").pluck(true).get() ?? 0;
}

function createTables(spare: Connection, version: number): void {
  const schema = spare.prepare<[string], string>("SELECT sql FROM store.sqlite_schema WHERE name = ?").pluck(true);
  // A table that numbers is written to by every INSERT, also of no row.
  for (const table of SPARE_MAIL_TABLES) spare.exec((schema.get(table) ?? "").replace(" AUTOINCREMENT", ""));
  spare.exec("CREATE TABLE numbering (id INTEGER PRIMARY KEY AUTOINCREMENT)");
  spare.pragma(`main.user_version = ${version}`);
}

function mirror(spare: Connection, { table, key, where = "TRUE", instead = {} }: Mirrored): void {
  const names = spare.prepare<[string], string>("SELECT name FROM pragma_table_info(?, 'main')").pluck(true).all(table);
  const columns = names.map((name) => `"${name}"`).join(", ");
  const wanted = names.map((name) => `${instead[name] ?? `"${name}"`} AS "${name}"`).join(", ");
  const keys = key.join(", ");
  const rows = names.map((name) => `"${table}"."${name}"`).join(", ");
  const now = names.map((name) => `now."${name}"`).join(", ");
  const same = key.map((name) => `"${table}"."${name}" = now."${name}"`).join(" AND ");
  spare.exec(`DELETE FROM main."${table}" WHERE (${keys}) NOT IN (SELECT ${keys} FROM store."${table}" WHERE ${where});
    INSERT OR REPLACE INTO main."${table}" (${columns})
    SELECT ${columns} FROM (SELECT ${wanted} FROM store."${table}" WHERE ${where}) AS now
    WHERE NOT EXISTS (SELECT 1 FROM main."${table}" WHERE ${same} AND (${rows}) IS (${now}))`);
}

/** Numbers are never given twice, by the store that comes after this one neither. */
function keepNumbers(spare: Connection): void {
  const numbers = (schema: string): string =>
    JSON.stringify(spare.prepare(`SELECT name, seq FROM ${schema}.sqlite_sequence ORDER BY name`).all());
  if (numbers("main") === numbers("store")) return;
  spare.exec("DELETE FROM main.sqlite_sequence; INSERT INTO main.sqlite_sequence (name, seq) SELECT name, seq FROM store.sqlite_sequence");
}
