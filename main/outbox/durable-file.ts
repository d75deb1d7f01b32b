import { type FileHandle, mkdir, open, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { asStorageFailure } from "../store/database.ts";

/** The name itself must survive a power cut; Windows has no such call and needs none. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function create(path: string): Promise<FileHandle> {
  try {
    return await open(path, "w", 0o600);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    const folder = dirname(path);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await syncFolder(dirname(folder));
    return await open(path, "w", 0o600);
  }
}

/**
 * Writes a file that is named by the hash of its bytes, and on disk once this resolves.
 *
 * It is written under its name at once: no row speaks of it before that, and every reader checks the bytes against the name. A
 * rename would cost the disk a second commit. Several at a time share commits, which is why this does not block as the store's
 * `writeBlob` does.
 * @throws Failure of kind storage
 */
export async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  try {
    const file = await create(path);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(path, { force: true });
    throw asStorageFailure(error);
  }
}
