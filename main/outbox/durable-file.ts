import { closeSync, fsyncSync, openSync, rmSync, writeSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { asStorageFailure } from "../store/database.ts";

/** Where the frozen bytes of a message lie, in the outbox's own folder. */
export function frozenPath(profileDir: string, hash: string): string {
  return join(profileDir, "outbox", `${hash}.eml`);
}

/** A new name must survive a power cut too; Windows has no such call and needs none. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Writes files that are named by the hash of their bytes; all are on disk when it returns. For a thread that may wait.
 *
 * They are written under their names at once: no row speaks of them before that, and every reader checks the bytes against the
 * name. All are written before the first is synced, so that the disk's journal takes them in one commit, and no rename costs another.
 * @throws Failure of kind storage; none of them counts then
 */
export function writeDurably(files: readonly { readonly path: string; readonly bytes: Uint8Array }[]): void {
  const open: number[] = [];
  try {
    for (const { path, bytes } of files) {
      const file = openSync(path, "w", 0o600);
      open.push(file);
      for (let written = 0; written < bytes.byteLength; ) written += writeSync(file, bytes, written);
    }
    for (const file of open) fsyncSync(file);
    if (process.platform === "win32") return;
    for (const folder of new Set(files.map(({ path }) => dirname(path)))) {
      const handle = openSync(folder, "r");
      open.push(handle);
      fsyncSync(handle);
    }
  } catch (error) {
    for (const { path } of files) rmSync(path, { force: true });
    throw asStorageFailure(error);
  } finally {
    for (const handle of open) closeSync(handle);
  }
}
