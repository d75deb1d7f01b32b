import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { Failure } from "../../shared/failure.ts";
import { receivedAtOf } from "../mime/received-at.ts";
import { listedAt } from "../plan/list-order.ts";
import type { ListedMessage } from "../plan/pop3.ts";
import type { Session } from "../pop3/session.ts";
import { blobPath } from "../store/blobs.ts";
import type { Taken } from "../store/pop3-ledger.ts";
import type { AccountWork } from "./account-work.ts";

/** A larger one stays on the server. */
export const LARGEST_MESSAGE = 256 * 1024 * 1024;
export const LONGEST_HEADER = 1024 * 1024;
/** A clock that runs ahead somewhere on the way does not put mail on top for days. */
const AHEAD_MS = 24 * 60 * 60 * 1000;

/** The header of a message, or what TOP gave of it: some servers leave out the blank line, or add a line of text. */
function headerOf(bytes: Buffer): Buffer {
  const head = bytes.subarray(0, LONGEST_HEADER);
  const ends = ["\r\n\r\n", "\n\n"].map((mark) => head.indexOf(mark)).filter((at) => at >= 0);
  const header = ends.length === 0 ? head : head.subarray(0, Math.min(...ends));
  let end = header.length;
  while (end > 0 && (header[end - 1] === 0x0d || header[end - 1] === 0x0a)) end -= 1;
  return header.subarray(0, end);
}

export function headerHashOf(bytes: Buffer): string {
  return createHash("sha256").update(headerOf(bytes)).digest("hex");
}

/** A message with all its bytes, hashed, read and fsynced by the pool. */
export type Fetched = Omit<Taken, "uid"> & { readonly body: Awaited<ReturnType<AccountWork["parsePool"]["arrive"]>> };

/**
 * Fetches one message and keeps it.
 * @param seenHeader of TOP, where it was looked at: servers exist whose TOP and RETR differ, and TOP is what is asked next time
 */
export async function fetchMessage(
  work: AccountWork,
  session: Session,
  { number, sizeBytes }: ListedMessage,
  seenHeader: string | undefined,
): Promise<Fetched> {
  const parts: Uint8Array[] = [];
  let length = 0;
  await session.retrieve(number, (part) => {
    length += part.byteLength;
    if (length > LARGEST_MESSAGE) throw new Failure("message-too-large", { params: { sizeBytes: length, limitBytes: LARGEST_MESSAGE } });
    parts.push(part);
    work.speed.arrived(part.byteLength);
  });
  const bytes = joined(parts, work.parsePool.memoryFor(length));
  const header = headerOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const headerHash = seenHeader ?? headerHashOf(header);
  const received = receivedAtOf(header);
  // Owned by the parse pool from here on.
  const body = await work.parsePool.arrive({ bytes, durable: true, account: work.accountId });
  const now = work.clock();
  const receivedAt = listedAt(arrivedAt(received, body.sentAt, now), number);
  return { listedBytes: sizeBytes, headerHash, takenAt: now, receivedAt, body };
}

/** When a message came, for the list: by the server's word, else by the sender's, else `now`. All ms UTC. */
export function arrivedAt(received: number | null, sent: number | null, now: number): number {
  return [received, sent].find((at) => at !== null && at <= now + AHEAD_MS) ?? now;
}

function joined(parts: readonly Uint8Array[], into: Uint8Array): Uint8Array {
  let at = 0;
  for (const part of parts) {
    into.set(part, at);
    at += part.byteLength;
  }
  return into;
}

/** Whether the file of a message still is what it was, as far as a look at its size tells. */
export async function isOnDisk(work: AccountWork, rawHash: string, sizeBytes: number): Promise<boolean> {
  try {
    return (await stat(blobPath(work.store.blobs.dir, rawHash))).size === sizeBytes;
  } catch {
    // Missing or unreadable: either way it does not stand for the copy on the server.
    return false;
  }
}
