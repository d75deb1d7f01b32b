import { createHash, randomUUID } from "node:crypto";
import { type FileHandle, open, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { asStorageFailure } from "../store/database.ts";

/** Where the frozen bytes of a message lie, in the outbox's own folder. */
export function frozenPath(profileDir: string, hash: string): string {
  return join(profileDir, "outbox", `${hash}.eml`);
}

const PART = ".part";

/** A message that is still being written into the outbox's folder: its hash is known at its end. */
export function partPath(profileDir: string): string {
  return join(profileDir, "outbox", `${randomUUID()}${PART}`);
}

const FROZEN = /^[0-9a-f]{64}\.eml$/u;

/**
 * Removes what a program that was killed while it froze has left behind: halves of files, and whole ones that were never queued, of which the
 * draft is still there. Nobody else may be writing.
 *
 * @param named hashes of the messages that the outbox has; null when rows were lost: a whole file may then be all that is left of a message
 */
export async function sweepFrozen(profileDir: string, named: ReadonlySet<string> | null): Promise<void> {
  const folder = join(profileDir, "outbox");
  const isLeft = (name: string): boolean =>
    name.endsWith(PART) || (named !== null && FROZEN.test(name) && !named.has(name.slice(0, -".eml".length)));
  for (const name of await readdir(folder)) if (isLeft(name)) await rm(join(folder, name), { force: true });
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

/** Pieces are gathered to this: every write costs a turn through the thread pool. */
const GATHERED_BYTES = 256 * 1024;

/**
 * Writes a file of pieces as they come, hashing them on the way; it is on disk under its hash when this resolves.
 *
 * @param part where it lies until then
 * @throws what reading the pieces throws; Failure of kind storage. The file is gone then
 */
export async function writeStreamDurably(
  pieces: AsyncIterable<Buffer>,
  part: string,
  pathOf: (hash: string) => string,
): Promise<{ hash: string; sizeBytes: number }> {
  const sha = createHash("sha256");
  let sizeBytes = 0;
  let gathered: Buffer[] = [];
  let gatheredBytes = 0;
  try {
    const file = await open(part, "wx", 0o600);
    const flush = async (): Promise<void> => {
      const bytes = Buffer.concat(gathered, gatheredBytes);
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
    await rename(part, pathOf(hash));
    await syncFolder(dirname(part));
    return { hash, sizeBytes };
  } catch (error) {
    await rm(part, { force: true });
    throw asStorageFailure(error);
  }
}

/** As `Promise.all`, but a failure is told only when nothing is under way any more. */
async function all(work: readonly Promise<unknown>[]): Promise<void> {
  for (const result of await Promise.allSettled(work)) if (result.status === "rejected") throw result.reason;
}
