import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Database as Connection } from "better-sqlite3";
import { Failure } from "../../shared/failure.ts";
import { copyTables, dropOrphans, keepNumbering } from "./copy-tables.ts";
import { openDamaged } from "./damaged-source.ts";
import { asStorageFailure } from "./database.ts";
import { blobDir, CHECK_WANTED, openStore, type StoreOptions, storeFile } from "./open.ts";
import { rebuild } from "./rebuild.ts";
import { hasSpare, REPAIR_UNDER_WAY, restoreSpare, wantRestore } from "./spare.ts";
import { wantStrays } from "./stray-files.ts";

export type Repaired = {
  /** Where the damaged database lies now. */
  readonly movedTo: string;
  readonly rows: number;
  /** Tables of which something could not be read. */
  readonly damaged: readonly string[];
};

/** Made anew from the others. */
const DERIVED = new Set([
  "conversation_in_view",
  "view_stretch",
  "missing_body",
  "folder_month",
  "index_queue",
  "kept_bytes",
  "loose_outline",
]);

/**
 * Puts a damaged database aside and copies into a new one what can still be read; then makes the rest anew. The message files are not
 * touched. What was lost comes back from the servers.
 *
 * @throws Failure `database-corrupt` when not one row can be read, `database-newer`, `disk-full` or `read-only`; the old database is in its place then
 */
export async function repair(options: StoreOptions): Promise<Repaired> {
  const file = storeFile(options.profileDir);
  const movedTo = join(
    options.profileDir,
    freeName(options.profileDir, (number) => `satchel-damaged-${number}.db`),
  );
  const mark = join(options.profileDir, REPAIR_UNDER_WAY);
  writeFileSync(mark, basename(movedTo));
  move(file, movedTo);
  wantStrays(blobDir(options.profileDir));
  try {
    // Not unclean any more: the new database is not the one that was open.
    for (const mark of ["running", CHECK_WANTED]) rmSync(join(options.profileDir, mark), { force: true });
    const repaired = await fillAnew(options, movedTo);
    // Only a whole new store ends it.
    rmSync(mark);
    return repaired;
  } catch (error) {
    undoRepair(options.profileDir);
    throw asStorageFailure(error);
  }
}

async function fillAnew(options: StoreOptions, movedTo: string): Promise<Repaired> {
  const store = openStore(options);
  try {
    const { rows, damaged } = copyAll(movedTo, options.profileDir, store.db.connection);
    // An account that cannot be read is in the spare copy, and all of its mail hangs on it.
    restoreSpare(store, options.profileDir, damaged);
    dropOrphans(store.db.connection);
    await rebuild(store);
    // What was lost of a folder shows when all of it is compared.
    store.db.connection.exec("UPDATE folder SET reconciled_at = NULL");
    return { movedTo, rows, damaged };
  } finally {
    store.close();
  }
}

/** A repair that was cut off is as if it had never begun: the damaged database is in its place again, to be looked at by this start. */
export function undoRepair(profileDir: string): void {
  const mark = join(profileDir, REPAIR_UNDER_WAY);
  if (!existsSync(mark)) return;
  const file = storeFile(profileDir);
  const name = readFileSync(mark, "utf8");
  if (/^satchel-damaged-\d+\.db$/u.test(name)) {
    const movedTo = join(profileDir, name);
    // The half-filled one. While the damaged one is not all moved there is none, and what lies there is still its own log.
    if (existsSync(movedTo) && existsSync(file)) for (const end of ENDS) rmSync(file + end, { force: true });
    move(movedTo, file);
  }
  writeFileSync(join(profileDir, CHECK_WANTED), "");
  rmSync(mark);
}

/** What belongs to the rows of the database and to nothing else. */
const BESIDE_ROWS = ["drafts", "outbox"] as const;

/**
 * Puts a file that is no database at all aside, with the files of drafts and unsent messages that only it or its spare copy could explain: all of it
 * is kept in a folder of its own, and a store begins anew, with what the spare copy has. The mail itself stays where it is.
 *
 * @returns that folder's name in the profile
 */
export function setAside(profileDir: string): string {
  const name = freeName(profileDir, (number) => `set-aside-${number}`);
  const folder = join(profileDir, name);
  mkdirSync(folder, { mode: 0o700 });
  const spare = hasSpare(profileDir);
  for (const one of BESIDE_ROWS) {
    const [from, to] = [join(profileDir, one), join(folder, one)];
    if (!existsSync(from)) continue;
    if (spare) cpSync(from, to, { recursive: true });
    else renameSync(from, to);
  }
  if (spare) wantRestore(profileDir, name);
  wantStrays(blobDir(profileDir));
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

function copyAll(damagedFile: string, profileDir: string, target: Connection): { rows: number; damaged: string[] } {
  const source = openDamaged(damagedFile, profileDir);
  try {
    const found = Number(source.connection.pragma("user_version", { simple: true }));
    const known = Number(target.pragma("user_version", { simple: true }));
    if (found > known) throw new Failure("database-newer", { params: { found, known } });
    // Rows come table by table; what lost its parent is cleaned up by the rebuild.
    target.pragma("foreign_keys = OFF");
    const copied = copyTables(source.connection, target, tablesOf(target));
    target.pragma("foreign_keys = ON");
    keepNumbering(source.connection, target);
    if (copied.rows === 0) throw new Failure("database-corrupt", { params: { found: "nothing" } });
    return copied;
  } finally {
    source.close();
  }
}

function tablesOf(connection: Connection): string[] {
  const rows = connection
    .prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid")
    .all();
  return rows.map(({ name }) => name).filter((name) => !DERIVED.has(name));
}
