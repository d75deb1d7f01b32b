import { createHash } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { asStorageFailure } from "./database.ts";

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

/** A file that was written without waiting for the disk is on it when this resolves. @returns false when it is not there */
export async function keepDurably(path: string): Promise<boolean> {
  try {
    // Windows syncs only what may be written to.
    const file = await open(path, "r+");
    try {
      await file.sync();
    } finally {
      await file.close();
    }
    await syncFolder(dirname(path));
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw asStorageFailure(error);
  }
}

/** Small pieces are gathered to this: every write costs a turn through the thread pool. */
export const GATHERED_BYTES = 256 * 1024;

/**
 * Writes a file of pieces as they come, hashing them on the way; it is on disk under its hash when this resolves.
 *
 * @param pieces a large one is written before the next is asked for, so it may lie in the same memory
 * @param part where it lies until then
 * @throws what reading the pieces throws; Failure of kind storage. The file is gone then
 */
export async function writeStreamDurably(
  pieces: AsyncIterable<Uint8Array>,
  part: string,
  pathOf: (hash: string) => string,
): Promise<{ hash: string; sizeBytes: number }> {
  const sha = createHash("sha256");
  let sizeBytes = 0;
  let gathered: Uint8Array[] = [];
  let gatheredBytes = 0;
  try {
    const file = await open(part, "wx", 0o600);
    const flush = async (): Promise<void> => {
      const bytes = gathered.length === 1 && gathered[0] !== undefined ? gathered[0] : Buffer.concat(gathered, gatheredBytes);
      gathered = [];
      gatheredBytes = 0;
      sha.update(bytes);
      sizeBytes += bytes.length;
      await file.writeFile(bytes);
    };
    try {
      for await (const piece of pieces) {
        gathered.push(piece);
        gatheredBytes += piece.length;
        if (gatheredBytes >= GATHERED_BYTES) await flush();
      }
      await flush();
      await file.sync();
    } finally {
      await file.close();
    }
    const hash = sha.digest("hex");
    const path = pathOf(hash);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await rename(part, path);
    await syncFolder(dirname(path));
    return { hash, sizeBytes };
  } catch (error) {
    await rm(part, { force: true });
    throw asStorageFailure(error);
  }
}
