import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { type FileHandle, open, readFile } from "node:fs/promises";
import { Failure } from "../../shared/failure.ts";
import { type ByteSource, sourceOf } from "../line/byte-source.ts";
import { frozenPath } from "./durable-file.ts";

const WHOLE_BYTES = 4 * 1024 * 1024;
/** So small that reading at once costs less than four turns through the thread pool. */
const SMALL_BYTES = 64 * 1024;
const PIECE_BYTES = 256 * 1024;

export type FrozenBytes = ByteSource & { close(): Promise<void> };

/**
 * The frozen bytes of a message, after they have been checked against their hash. Large ones are read piece by piece, never whole.
 *
 * @throws Failure `blob-damaged` when the file is missing or not what was frozen: it is not sent then
 */
export async function openFrozenBytes(profileDir: string, hash: string, sizeBytes: number): Promise<FrozenBytes> {
  const path = frozenPath(profileDir, hash);
  try {
    if (sizeBytes <= WHOLE_BYTES) {
      const bytes = sizeBytes <= SMALL_BYTES ? readFileSync(path) : await readFile(path);
      if (bytes.length !== sizeBytes || createHash("sha256").update(bytes).digest("hex") !== hash) throw new Failure("blob-damaged");
      return { ...sourceOf(bytes), close: async () => {} };
    }
    const file = await open(path, "r");
    try {
      await check(file, hash, sizeBytes);
    } catch (error) {
      await file.close();
      throw error;
    }
    return { sizeBytes, read: (offset, length, into) => pieceOf(file, offset, length, into), close: () => file.close() };
  } catch (error) {
    throw error instanceof Failure ? error : new Failure("blob-damaged", { cause: error });
  }
}

/**
 * A frozen message as it lies there, also when it is not what was frozen: what is left of it is for its writer to keep. Read in pieces into
 * one piece of memory, since a copy of a large one would stand in everybody's way.
 *
 * @param head stands before it
 * @throws Failure `blob-damaged` when there is no file
 */
export async function readFrozen(profileDir: string, hash: string, head: Uint8Array): Promise<Buffer> {
  try {
    const file = await open(frozenPath(profileDir, hash), "r");
    try {
      const { size } = await file.stat();
      const whole = Buffer.allocUnsafe(head.length + size);
      whole.set(head);
      for (let at = head.length; at < whole.length; ) {
        const { bytesRead } = await file.read(whole, at, Math.min(WHOLE_BYTES, whole.length - at), at - head.length);
        if (bytesRead === 0) return whole.subarray(0, at);
        at += bytesRead;
      }
      return whole;
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new Failure("blob-damaged", { cause: error });
  }
}

async function pieceOf(file: FileHandle, offset: number, length: number, buffer: Buffer = Buffer.allocUnsafe(length)): Promise<Buffer> {
  const { bytesRead } = await file.read(buffer, 0, length, offset);
  if (bytesRead !== length) throw new Failure("blob-damaged");
  return buffer.subarray(0, length);
}

async function check(file: FileHandle, hash: string, sizeBytes: number): Promise<void> {
  const { size } = await file.stat();
  if (size !== sizeBytes) throw new Failure("blob-damaged");
  const sha = createHash("sha256");
  // One piece of memory for all: what is thrown away is collected late.
  const buffer = Buffer.allocUnsafe(PIECE_BYTES);
  for (let offset = 0; offset < size; offset += PIECE_BYTES)
    sha.update(await pieceOf(file, offset, Math.min(PIECE_BYTES, size - offset), buffer));
  if (sha.digest("hex") !== hash) throw new Failure("blob-damaged");
}
