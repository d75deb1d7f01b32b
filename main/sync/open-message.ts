import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { type ByteSource, sourceOf } from "../line/byte-source.ts";
import { blobPath, readBlob } from "../store/blobs.ts";

const WHOLE_BYTES = 1024 * 1024;
const PIECE_BYTES = 256 * 1024;

export type OpenMessage = ByteSource & { close(): Promise<void> };

/** The bytes of a message that is here, after they were checked against their hash; a large one is read piece by piece. Null: the file is missing or is not it. */
export async function openMessage(dir: string, hash: string, sizeBytes: number): Promise<OpenMessage | null> {
  if (sizeBytes <= WHOLE_BYTES) {
    const bytes = await readBlob(dir, hash);
    return bytes === null ? null : { ...sourceOf(bytes), close: async () => {} };
  }
  const file = await open(blobPath(dir, hash), "r").catch(() => null);
  if (file === null) return null;
  if (!(await isWhole(file, hash, sizeBytes))) {
    await file.close();
    // Whoever reads the whole says why, and lets a damaged one go.
    await readBlob(dir, hash);
    return null;
  }
  return {
    sizeBytes,
    async read(offset, length, into = Buffer.allocUnsafe(length)) {
      const { bytesRead } = await file.read(into, 0, length, offset);
      return into.subarray(0, bytesRead);
    },
    close: () => file.close(),
  };
}

async function isWhole(file: FileHandle, hash: string, sizeBytes: number): Promise<boolean> {
  if ((await file.stat()).size !== sizeBytes) return false;
  const sha = createHash("sha256");
  // One piece of memory for all: what is thrown away is collected late.
  const memory = Buffer.allocUnsafe(PIECE_BYTES);
  for (let offset = 0; offset < sizeBytes; offset += PIECE_BYTES) {
    const { bytesRead } = await file.read(memory, 0, Math.min(PIECE_BYTES, sizeBytes - offset), offset);
    sha.update(memory.subarray(0, bytesRead));
  }
  return sha.digest("hex") === hash;
}
