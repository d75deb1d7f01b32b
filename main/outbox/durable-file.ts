import { randomUUID } from "node:crypto";
import { type FileHandle, open, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { asStorageFailure } from "../store/database.ts";
import { syncFolder } from "../store/durable-stream.ts";

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
