import { open } from "node:fs/promises";
import { asFailure } from "../../shared/failure.ts";
import { receivedAtOf } from "../mime/received-at.ts";
import { blobPath } from "../store/blobs.ts";
import { asStorageFailure } from "../store/database.ts";
import type { ArrivedBody } from "../store/message-columns.ts";
import type { Store } from "../store/open.ts";
import type { ParsePool } from "./parse-pool.ts";
import { arrivedAt, headerHashOf, LONGEST_HEADER } from "./pop3-message.ts";

/** All that a message file without a row says of itself. */
export type ReadStray = { readonly body: ArrivedBody; readonly headerHash: string; readonly receivedAt: number };

/**
 * Reads a message of which only the file is left.
 *
 * @returns null when the file is gone, or is not what its name says
 * @throws Failure of kind storage
 */
export async function readStray(
  store: Store,
  pool: Pick<ParsePool, "again">,
  hash: string,
  likely: readonly string[],
): Promise<ReadStray | null> {
  try {
    const summary = await pool.again({ hash }, { chosen: "", likely });
    const { head, sizeBytes } = await headOf(blobPath(store.blobs.dir, hash));
    const receivedAt = arrivedAt(receivedAtOf(head), summary.sentAt, store.clock());
    return { body: { ...summary, hash, sizeBytes }, headerHash: headerHashOf(head), receivedAt };
  } catch (error) {
    const failure = asFailure(asStorageFailure(error));
    if (failure.code === "not-here-yet") return null;
    throw failure;
  }
}

/** The beginning of a message file, its header with it. @throws what the disk says */
export async function headOf(path: string): Promise<{ head: Buffer; sizeBytes: number }> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(size, LONGEST_HEADER)), 0);
    return { head: buffer.subarray(0, bytesRead), sizeBytes: size };
  } finally {
    await file.close();
  }
}
