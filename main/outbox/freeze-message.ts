import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { asFailure, Failure } from "../../shared/failure.ts";
import { composeMessage } from "../mime/compose.ts";
import { composeReceipt } from "../mime/compose-receipt.ts";
import { sha256 } from "../store/blobs.ts";
import type { FreezeJob, ReceiptJob } from "./draft-jobs.ts";
import { frozenPath, writeDurably } from "./durable-file.ts";

/** Whether the HTML shows the picture: by its bare Content-ID, or percent-encoded as RFC 2392 has it. */
function shows(html: string, contentId: string): boolean {
  return html.includes(`cid:${contentId}`) || html.includes(`cid:${encodeURIComponent(contentId)}`);
}

/** @throws Failure `blob-damaged` when the file is missing or is not what was attached: a message never leaves without it */
async function checkAttachment(path: string, name: string): Promise<void> {
  const sha = createHash("sha256");
  try {
    for await (const piece of createReadStream(path)) sha.update(piece as Buffer);
  } catch (error) {
    throw new Failure("blob-damaged", { params: { name }, cause: error });
  }
  if (sha.digest("hex") !== basename(path)) throw new Failure("blob-damaged", { params: { name } });
}

/** Composes a message. What was chosen at Send is what every attempt sends. */
async function compose({ quotePath, attachments, ...message }: FreezeJob): Promise<Buffer> {
  const quoteHtml = quotePath === null ? null : await readFile(quotePath, "utf8");
  const html = `${message.html}${quoteHtml ?? ""}`;
  // A picture of a quote that was left out goes with it.
  const kept = attachments.filter(({ contentId }) => contentId === null || shows(html, contentId));
  for (const { path, name } of kept) await checkAttachment(path, name);
  return await composeMessage({ ...message, quoteHtml, attachments: kept });
}

export type Frozen = { readonly hash: string; readonly sizeBytes: number };
export type Composed = { readonly path: string; readonly bytes: Buffer; readonly frozen: Frozen };

function named(profileDir: string, bytes: Buffer): Composed {
  const hash = sha256(bytes);
  return { path: frozenPath(profileDir, hash), bytes, frozen: { hash, sizeBytes: bytes.length } };
}

/** Composes messages side by side. One that cannot be composed fails alone. */
export async function composeMessages(jobs: readonly FreezeJob[]): Promise<(Composed | Failure)[]> {
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
  const composed = named(profileDir, await composeReceipt(receipt));
  await writeDurably([composed]);
  return composed.frozen;
}
