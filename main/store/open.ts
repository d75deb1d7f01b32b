import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import BetterSqlite from "better-sqlite3";
import { Failure } from "../../shared/failure.ts";
import { type Log, silentLog } from "../log.ts";
import { isBehindSpare } from "./behind-spare.ts";
import type { Blobs } from "./blobs.ts";
import { Changes } from "./changes.ts";
import { Checkpoints, WORTH_IT_BYTES } from "./checkpoints.ts";
import { asStorageFailure, type Database, openDatabase } from "./database.ts";
import { forgetOpenedBodies } from "./give-back.ts";
import { trimJournal } from "./journal.ts";
import { hasBrokenJson } from "./json-columns.ts";
import { removeLooseBlobs } from "./loose-blobs.ts";
import { isSchemaOf, type Migration, migrate, readMigrations } from "./migrate.ts";
import { removeLooseOutlines, sweepOutlines } from "./outlines.ts";
import { purgeSafetyNet } from "./safety-net.ts";
import { isHeaderDamaged, keepSchemaPages } from "./schema-pages.ts";
import { keepSnapshot } from "./snapshot.ts";
import { hasSpare, restoreWanted, SPARE_TABLES, updateSpareMail, writeSpare } from "./spare.ts";

/** The profile's own database and message files, for the engine thread. */
export type Store = {
  readonly db: Database;
  readonly blobs: Blobs;
  readonly changes: Changes;
  /** ms UTC */
  readonly clock: () => number;
  /** The run before ended without closing the store. */
  readonly unclean: boolean;
  /** What whoever writes much is to wait for before the next commit; undefined: nothing. */
  roomInLog(): Promise<void> | undefined;
  close(): void;
};

export type StoreOptions = {
  readonly profileDir: string;
  readonly clock?: () => number;
  readonly log?: Log;
  /** Where the migrations lie; beside this file, and beside the bundle. */
  readonly migrations?: URL;
};

/** Lies in the profile when the next start is to look for damage though the last end was in order. */
export const CHECK_WANTED = "check-wanted";

export function storeFile(profileDir: string): string {
  return join(profileDir, "satchel.db");
}

export function blobDir(profileDir: string): string {
  return join(profileDir, "mail");
}

/**
 * Opens the store, brings its schema forward and looks for damage after an unclean end.
 *
 * @throws Failure `database-corrupt`, `database-newer`, `read-only` or `disk-full`; nothing was changed then
 */
export function openStore({ profileDir, clock = Date.now, log = silentLog, migrations }: StoreOptions): Store {
  mkdirSync(profileDir, { recursive: true, mode: 0o700 });
  const dir = blobDir(profileDir);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const running = join(profileDir, "running");
  const unclean = existsSync(running);
  const checkWanted = existsSync(join(profileDir, CHECK_WANTED));
  // What is damaged is repaired before it is changed or copied.
  lookForDamage(profileDir, unclean || checkWanted, log);
  const db = openDatabase(storeFile(profileDir));
  try {
    const version = Number(db.connection.pragma("user_version", { simple: true }));
    const steps = readMigrations(migrations ?? new URL("./migrations/", import.meta.url));
    migrate(db, steps, () => keepSnapshot(db, profileDir, storeFile(profileDir), version));
    // What the migrations wrote is to be in the file itself.
    if (version !== steps.length) db.connection.pragma("wal_checkpoint(PASSIVE)");
    keepSchema(db, profileDir, steps, log);
    writeFileSync(running, "");
    if (checkWanted) rmSync(join(profileDir, CHECK_WANTED), { force: true });
  } catch (error) {
    db.close();
    throw error;
  }
  const checkpoints = new Checkpoints(storeFile(profileDir), (error) => log.error("store.checkpoint-failed", error));
  db.connection.pragma(`wal_autocheckpoint = ${LONGEST_LOG_PAGES}`);
  db.connection.pragma(`journal_size_limit = ${WORTH_IT_BYTES}`);
  db.onCommit(() => checkpoints.committed());
  const store: Store = {
    db,
    blobs: { dir },
    changes: new Changes(),
    clock,
    unclean,
    roomInLog: () => checkpoints.room(),
    close() {
      clearInterval(upkeep);
      keepSpares(db, profileDir, checkpoints.close(), log);
      db.close();
      rmSync(running, { force: true });
    },
  };
  store.changes.subscribe(({ event }) => {
    if (KEPT_TWICE.has(event)) checkpoints.spareWanted();
    if (DONE_HERE.has(event)) checkpoints.mailWanted(true);
  });
  if (!hasSpare(profileDir)) checkpoints.spareWanted();
  const tidyUp = (): void => {
    for (const tidy of [trimJournal, purgeSafetyNet, removeLooseBlobs, removeLooseOutlines, forgetOpenedBodies])
      tidy(store).catch((error: unknown) => log.error("store.tidying-failed", error));
  };
  if (unclean) sweepOutlines(store).catch((error: unknown) => log.error("store.tidying-failed", error));
  const upkeep = setInterval(tidyUp, TIDY_EVERY_MS);
  upkeep.unref();
  return store;
}

function keepSchema(db: Database, profileDir: string, migrations: readonly Migration[], log: Log): void {
  try {
    const isWhole = (): boolean =>
      db.connection.pragma("quick_check(1)", { simple: true }) === "ok" && isSchemaOf(db.connection, migrations);
    keepSchemaPages(db.connection, profileDir, storeFile(profileDir), isWhole);
  } catch (error) {
    const failure = asStorageFailure(error);
    if (failure instanceof Failure && failure.code === "database-corrupt") throw failure;
    log.error("store.schema-not-kept", error);
  }
}

/** What the spare copy has of these is old. */
const KEPT_TWICE: ReadonlySet<string> = new Set([
  "accounts.changed",
  "settings.changed",
  "senders.changed",
  "compose.changed",
  "outbox.changed",
]);

const DONE_HERE: ReadonlySet<string> = new Set(["journal.changed", "safety.changed", "folders.changed"]);

function keepSpares(db: Database, profileDir: string, owed: { readonly spare: boolean; readonly mail: boolean }, log: Log): void {
  try {
    if (owed.spare) writeSpare(db.connection, profileDir);
    if (owed.mail) updateSpareMail(storeFile(profileDir), profileDir);
  } catch (error) {
    log.error("store.spare-not-kept", error);
  }
}

/** Pages (of 4 KiB) in the log at which the writer stops to bring them over itself, should the thread for it not keep up. */
const LONGEST_LOG_PAGES = 65_536;
const TIDY_EVERY_MS = 10 * 60_000;

/** @throws Failure `database-corrupt`; neither the file nor its log was touched */
function lookForDamage(profileDir: string, thoroughly: boolean, log: Log): void {
  const file = storeFile(profileDir);
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) === 0) return;
  if (isHeaderDamaged(file, profileDir)) throw new Failure("database-corrupt", { params: { found: "header" } });
  if (!thoroughly) return;
  const started = performance.now();
  try {
    // One that may write would bring the log into the file when it is closed.
    const connection = new BetterSqlite(file, { readonly: true });
    try {
      const answer = connection.pragma("quick_check(1)", { simple: true });
      if (answer !== "ok") throw new Failure("database-corrupt", { params: { found: String(answer).slice(0, 200) } });
      if (hasBrokenJson(connection, SPARE_TABLES)) throw new Failure("database-corrupt", { params: { found: "json" } });
      if (!restoreWanted(profileDir) && isBehindSpare(connection, profileDir))
        throw new Failure("database-corrupt", { params: { found: "behind" } });
    } finally {
      connection.close();
    }
  } catch (error) {
    throw asStorageFailure(error);
  }
  log.info("store.checked", { tookMs: Math.round(performance.now() - started) });
}
