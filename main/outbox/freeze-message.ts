import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { Readable } from "node:stream";
import { asFailure, Failure } from "../../shared/failure.ts";
import { type ComposeInput, composeMessage, composeStream } from "../mime/compose.ts";
import { composeReceipt } from "../mime/compose-receipt.ts";
import { sha256 } from "../store/blobs.ts";
import { writeStreamDurably } from "../store/durable-stream.ts";
import type { FreezeJob, ReceiptJob } from "./draft-jobs.ts";
import { frozenPath, partPath, writeDurably } from "./durable-file.ts";

const LARGE_BYTES = 1024 * 1024;
const PIECE_BYTES = 64 * 1024;

/** Whether the HTML shows the picture: by its bare Content-ID, or percent-encoded as RFC 2392 has it. */
function shows(html: string, contentId: string): boolean {
  return html.includes(`cid:${contentId}`) || html.includes(`cid:${encodeURIComponent(contentId)}`);
}

/** The bytes of an attachment. Ends with Failure `blob-damaged` when they are not what was attached: a message never leaves without it. */
async function* attached(path: string, name: string): AsyncGenerator<Buffer> {
  const sha = createHash("sha256");
  try {
    for await (const piece of createReadStream(path, { highWaterMark: PIECE_BYTES })) {
      sha.update(piece as Buffer);
      yield piece as Buffer;
    }
  } catch (error) {
    throw new Failure("blob-damaged", { params: { name }, cause: error });
  }
  if (sha.digest("hex") !== basename(path)) throw new Failure("blob-damaged", { params: { name } });
}

/** What the composer makes the message of. What was chosen at Send is what every attempt sends. */
async function inputOf({ quotePath, attachments, ...message }: FreezeJob): Promise<ComposeInput> {
  const quoteHtml = quotePath === null ? null : await readFile(quotePath, "utf8");
  const html = `${message.html}${quoteHtml ?? ""}`;
  // A picture of a quote that was left out goes with it.
  const kept = attachments.filter(({ contentId }) => contentId === null || shows(html, contentId));
  const read = kept.map(({ path, ...one }) => ({ ...one, content: Readable.from(attached(path, one.name), { objectMode: false }) }));
  return { ...message, quoteHtml, attachments: read };
}

/** Whether it is so large that it goes to its file piece by piece, and never stands in memory whole. */
export function isLarge({ attachments }: FreezeJob): boolean {
  return attachments.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) > LARGE_BYTES;
}

/** Composes a message and writes it under its hash as it is composed. @throws Failure `blob-damaged`, or of kind storage */
export async function freezeLarge(job: FreezeJob): Promise<Frozen> {
  const pieces = composeStream(await inputOf(job));
  return await writeStreamDurably(pieces, partPath(job.profileDir), (hash) => frozenPath(job.profileDir, hash));
}

export type Frozen = { readonly hash: string; readonly sizeBytes: number };
export type Composed = { readonly path: string; readonly bytes: Buffer; readonly frozen: Frozen };

function named(profileDir: string, bytes: Buffer): Composed {
  const hash = sha256(bytes);
  return { path: frozenPath(profileDir, hash), bytes, frozen: { hash, sizeBytes: bytes.length } };
}

/** Composes messages side by side. One that cannot be composed fails alone. */
export async function composeMessages(jobs: readonly FreezeJob[]): Promise<(Composed | Failure)[]> {
  const compose = async (job: FreezeJob): Promise<Buffer> => await composeMessage(await inputOf(job));
  return await Promise.all(jobs.map((job) => compose(job).then((bytes) => named(job.profileDir, bytes), asFailure)));
}

/** Puts composed messages on disk together, each under its hash. */
export async function freezeMessages(composed: readonly (Composed | Failure)[]): Promise<(Frozen | Failure)[]> {
  try {
    await writeDurably(composed.flatMap((one) => (one instanceof Failure ? [] : [one])));
  } catch (error) {
    return composed.map(() => asFailure(error));
  }
  return composed.map((one) => (one instanceof Failure ? one : one.frozen));
}

/** Composes a receipt and puts it on disk under its hash. */
export async function freezeReceipt({ profileDir, ...receipt }: ReceiptJob): Promise<Frozen> {
  return await freezeBytes(profileDir, await composeReceipt(receipt));
}

/** Keeps what is composed on disk, under its hash. @throws Failure of kind storage */
export async function freezeBytes(profileDir: string, bytes: Buffer): Promise<Frozen> {
  const composed = named(profileDir, bytes);
  await writeDurably([composed]);
  return composed.frozen;
}
