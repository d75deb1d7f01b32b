import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../../shared/failure.ts";
import { type Log, silentLog } from "../log.ts";
import type { Blobs } from "./blobs.ts";
import { Changes } from "./changes.ts";
import { Checkpoints } from "./checkpoints.ts";
import { type Database, openDatabase } from "./database.ts";
import { trimJournal } from "./journal.ts";
import { hasBrokenJson } from "./json-columns.ts";
import { removeLooseBlobs } from "./loose-blobs.ts";
import { migrate, readMigrations } from "./migrate.ts";
import { purgeSafetyNet } from "./safety-net.ts";
import { keepSnapshot } from "./snapshot.ts";
import { hasSpare, SPARE_TABLES, writeSpare } from "./spare.ts";

/** The profile's own database and message files, for the engine thread. */
export type Store = {
  readonly db: Database;
  readonly blobs: Blobs;
  readonly changes: Changes;
  /** ms UTC */
  readonly clock: () => number;
  /** The run before ended without closing the store. */
  readonly unclean: boolean;
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
  const db = openDatabase(storeFile(profileDir));
  try {
    // What is damaged is repaired before it is changed or copied.
    if (unclean || checkWanted) checkQuickly(db, log);
    migrate(db, readMigrations(migrations ?? new URL("./migrations/", import.meta.url)), (version) =>
      keepSnapshot(db, profileDir, storeFile(profileDir), version),
    );
    writeFileSync(running, "");
    if (checkWanted) rmSync(join(profileDir, CHECK_WANTED), { force: true });
  } catch (error) {
    db.close();
    throw error;
  }
  const checkpoints = new Checkpoints(storeFile(profileDir), (error) => log.error("store.checkpoint-failed", error));
  db.connection.pragma(`wal_autocheckpoint = ${LONGEST_LOG_PAGES}`);
  db.onCommit(() => checkpoints.committed());
  const store: Store = {
    db,
    blobs: { dir },
    changes: new Changes(),
    clock,
    unclean,
    close() {
      clearInterval(upkeep);
      if (checkpoints.close()) keepSpare(db, profileDir, log);
      db.close();
      rmSync(running, { force: true });
    },
  };
  store.changes.subscribe(({ event }) => {
    if (KEPT_TWICE.has(event)) checkpoints.spareWanted();
  });
  if (!hasSpare(profileDir)) checkpoints.spareWanted();
  const tidyUp = (): void => {
    for (const tidy of [trimJournal, purgeSafetyNet, removeLooseBlobs])
      tidy(store).catch((error: unknown) => log.error("store.tidying-failed", error));
  };
  const upkeep = setInterval(tidyUp, TIDY_EVERY_MS);
  upkeep.unref();
  return store;
}

/** What the spare copy has of these is old. */
const KEPT_TWICE: ReadonlySet<string> = new Set(["accounts.changed", "settings.changed", "compose.changed", "outbox.changed"]);

function keepSpare(db: Database, profileDir: string, log: Log): void {
  try {
    writeSpare(db.connection, profileDir);
  } catch (error) {
    log.error("store.spare-not-kept", error);
  }
}

/** Pages (of 4 KiB) in the log at which the writer stops to bring them over itself, should the thread for it not keep up. */
const LONGEST_LOG_PAGES = 65_536;
const TIDY_EVERY_MS = 10 * 60_000;

function checkQuickly(db: Database, log: Log): void {
  const started = performance.now();
  const answer = db.connection.pragma("quick_check(1)", { simple: true });
  log.info("store.checked", { tookMs: Math.round(performance.now() - started) });
  if (answer === "ok" && hasBrokenJson(db.connection, SPARE_TABLES)) throw new Failure("database-corrupt", { params: { found: "json" } });
  if (answer !== "ok") throw new Failure("database-corrupt", { params: { found: String(answer).slice(0, 200) } });
}
