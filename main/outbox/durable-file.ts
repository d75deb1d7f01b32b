import { type FileHandle, open, rm } from "node:fs/promises";
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
 * Writes files that are named by the hash of their bytes; all are on disk when it resolves.
 *
 * They are written under their names at once: no row speaks of them before that, and every reader checks the bytes against the
 * name. All are written before the first is synced, and all are synced side by side: the disk's journal takes them in few commits, and no
 * rename costs another.
 * @throws Failure of kind storage; none of them counts then
 */
export async function writeDurably(files: readonly { readonly path: string; readonly bytes: Uint8Array }[]): Promise<void> {
  const handles: FileHandle[] = [];
  try {
    await all(
      files.map(async ({ path, bytes }) => {
        const file = await open(path, "w", 0o600);
        handles.push(file);
        await file.writeFile(bytes);
      }),
    );
    await all(handles.map((file) => file.sync()));
    for (const folder of new Set(files.map(({ path }) => dirname(path)))) await syncFolder(folder);
  } catch (error) {
    for (const { path } of files) await rm(path, { force: true });
    throw asStorageFailure(error);
  } finally {
    for (const file of handles) await file.close();
  }
}

/** As `Promise.all`, but a failure is told only when nothing is under way any more. */
async function all(work: readonly Promise<unknown>[]): Promise<void> {
  for (const result of await Promise.allSettled(work)) if (result.status === "rejected") throw result.reason;
}
