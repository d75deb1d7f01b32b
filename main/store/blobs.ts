import { createHash, hash } from "node:crypto";
import { closeSync, fstatSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { type FileHandle, mkdir, open, readdir, readFile, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { threadId } from "node:worker_threads";
import { type ByteSource, piecesOf } from "../line/byte-source.ts";
import { asStorageFailure } from "./database.ts";
import { GATHERED_BYTES, writeStreamDurably } from "./durable-stream.ts";

/** Where the raw messages of a profile lie. */
export type Blobs = { readonly dir: string };

export function sha256(bytes: Uint8Array): string {
  return hash("sha256", bytes, "hex");
}

/** As much is hashed in 3 ms, or in 15 by a processor that has no instructions for it. */
const SLICE_BYTES = 4 * 1024 * 1024;

/** The same for bytes of any size: between slices the thread listens. */
export async function sha256InSlices(bytes: Uint8Array): Promise<string> {
  if (bytes.byteLength <= SLICE_BYTES) return sha256(bytes);
  const hashed = createHash("sha256");
  for (let at = 0; at < bytes.byteLength; at += SLICE_BYTES) {
    if (at > 0) await turn();
    hashed.update(bytes.subarray(at, at + SLICE_BYTES));
  }
  return hashed.digest("hex");
}

/** Where what is here of messages that are not lies (decision 0103): apart from the messages, so that nothing takes one for the other. */
export function outlineDir(blobDir: string): string {
  return join(dirname(blobDir), "outlines");
}

export function blobPath(dir: string, hash: string): string {
  return join(dir, hash.slice(0, 2), `${hash}.eml`);
}

let temporary = 0;

/**
 * Keeps a message as a file named by its SHA-256. Usable from any thread.
 *
 * With `durable` it is written aside and then renamed, so that its name never stands for half a file. Else it is written under its name at once,
 * which costs half: whoever reads it checks its hash anyway, and nobody is told of it before it is whole. Where the name is taken already (an equal
 * message, half of one that a killed process left) it is replaced by a rename: looking into it would cost more than equal messages do.
 *
 * @param options.durable on disk before it returns: for POP3 mail, drafts and the outbox, which no server could give again
 * @param options.files what writes; a test gives one that has no room
 * @throws Failure of kind storage
 */
export function writeBlob(
  dir: string,
  bytes: Uint8Array,
  { durable, files = { writeSync } }: { durable: boolean; files?: FileWriter },
): { hash: string; sizeBytes: number } {
  const hash = sha256(bytes);
  const path = blobPath(dir, hash);
  try {
    if (durable || !writeNew(path, bytes, files)) writeAside(path, bytes, durable, files);
  } catch (error) {
    throw asStorageFailure(error);
  }
  return { hash, sizeBytes: bytes.byteLength };
}

type FileWriter = { readonly writeSync: (file: number, bytes: Uint8Array, offset: number) => number };

/** @returns false when a file of that name is there already */
function writeNew(path: string, bytes: Uint8Array, files: FileWriter): boolean {
  let file: number;
  try {
    file = createFile(path);
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
  fill(file, path, bytes, false, files);
  return true;
}

function writeAside(path: string, bytes: Uint8Array, durable: boolean, files: FileWriter): void {
  const folder = dirname(path);
  const aside = join(folder, asideName());
  fill(createFile(aside), aside, bytes, durable, files);
  renameSync(aside, path);
  if (durable) syncFolder(folder);
}

/** Writes the whole of a file that was just made, and closes it; removes it when that fails. */
function fill(file: number, path: string, bytes: Uint8Array, durable: boolean, files: FileWriter): void {
  try {
    for (let written = 0; written < bytes.byteLength; ) written += files.writeSync(file, bytes, written);
    if (durable) fsyncSync(file);
  } catch (error) {
    // An equal message may have come and taken the name meanwhile: its file stays.
    if (statSync(path, { throwIfNoEntry: false })?.ino === fstatSync(file).ino) rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}

/**
 * As `writeBlob` with `durable`, from what gives it piece by piece: a large message is never in memory whole.
 * @throws what the source throws; Failure of kind storage. Nothing of it is left then
 */
export async function streamBlob(dir: string, source: ByteSource): Promise<{ hash: string; sizeBytes: number }> {
  // Its hash, and with it its folder, is known at its end.
  const folder = join(dir, "00");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return await writeStreamDurably(piecesOf(source, GATHERED_BYTES), join(folder, asideName()), (hash) => blobPath(dir, hash));
}

/** A name by which `listBlobs` knows what a killed process left half-written. */
function asideName(): string {
  return `${process.pid}-${threadId}-${temporary++}.tmp`;
}

/** @throws `EEXIST` */
function createFile(path: string): number {
  try {
    return openSync(path, "wx", 0o600);
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return openSync(path, "wx", 0o600);
  }
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && "code" in error && codes.some((code) => code === error.code);
}

/** The rename itself must survive a power cut; Windows has no such call and needs none. */
function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** A file that changed within this time may still be being written: what looks for files without rows would find half of it. */
const BEING_WRITTEN_MS = 60_000;

/** The bytes, or null when the file is missing or is not what its name says: then it counts as not here, and a damaged one goes. */
export async function readBlob(dir: string, hash: string): Promise<Buffer | null> {
  const path = blobPath(dir, hash);
  try {
    const bytes = await readFile(path);
    if ((await sha256InSlices(bytes)) === hash) return bytes;
    const { mtimeMs } = await stat(path);
    if (Math.abs(Date.now() - mtimeMs) > BEING_WRITTEN_MS) await removeBlob(dir, hash);
    return null;
  } catch (error) {
    if (hasCode(error, "ENOENT", "EIO", "EISDIR")) return null;
    throw asStorageFailure(error);
  }
}

/**
 * The first bytes of a message that has more than these; null when it has not, or is not here. What they are worth is known when the whole
 * is read: only then its hash is checked.
 */
export async function readBlobFront(dir: string, hash: string, frontBytes: number): Promise<Buffer | null> {
  let file: FileHandle | null = null;
  try {
    file = await open(blobPath(dir, hash), "r");
    const front = Buffer.alloc(frontBytes + 1);
    const { bytesRead } = await file.read(front, 0, front.length, 0);
    return bytesRead > frontBytes ? front.subarray(0, frontBytes) : null;
  } catch {
    // Whoever reads the whole says why.
    return null;
  } finally {
    await file?.close();
  }
}

/** The hashes of all messages kept. Half-written files of a killed process are removed on the way; those of this one are being written. */
export async function listBlobs(dir: string): Promise<string[]> {
  const hashes: string[] = [];
  for (const folder of await readdir(dir).catch(() => [])) {
    for (const name of await readdir(join(dir, folder))) {
      if (/^[0-9a-f]{64}\.eml$/u.test(name)) hashes.push(name.slice(0, 64));
      else if (name.endsWith(".tmp") && !name.startsWith(`${process.pid}-`)) await rm(join(dir, folder, name), { force: true });
    }
  }
  return hashes;
}

export async function removeBlob(dir: string, hash: string): Promise<void> {
  await rm(blobPath(dir, hash), { force: true });
}
