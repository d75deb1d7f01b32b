import { closeSync, constants, copyFileSync, fsyncSync, openSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { asStorageFailure, type Database } from "./database.ts";

const NAME = /^satchel-v\d+\.db$/u;

/**
 * Keeps the database as it is before its schema moves on, so that the program of before can be gone back to: `satchel-vN.db` in the
 * profile, N the version of the schema in it. Only the latest is kept. Nobody else may have the database open.
 *
 * @throws Failure `disk-full` or `read-only`; nothing was changed then, and the migration is not begun
 */
export function keepSnapshot(db: Database, profileDir: string, file: string, version: number): void {
  const name = `satchel-v${version}.db`;
  const aside = join(profileDir, `${name}.tmp`);
  try {
    // Whatever is still in the log belongs to it.
    db.connection.pragma("wal_checkpoint(TRUNCATE)");
    // Shares the blocks where the file system can (FICLONE), which takes no time and no room.
    copyFileSync(file, aside, constants.COPYFILE_FICLONE);
    syncFile(aside);
    renameSync(aside, join(profileDir, name));
  } catch (error) {
    rmSync(aside, { force: true });
    throw asStorageFailure(error);
  }
  for (const one of readdirSync(profileDir)) if (NAME.test(one) && one !== name) rmSync(join(profileDir, one), { force: true });
}

function syncFile(path: string): void {
  const handle = openSync(path, "r+");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
