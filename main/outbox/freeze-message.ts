import { readFile } from "node:fs/promises";
import { composeMessage } from "../mime/compose.ts";
import { writeBlob } from "../store/blobs.ts";
import type { FreezeJob } from "./draft-jobs.ts";

/** Whether the HTML shows the picture: by its bare Content-ID, or percent-encoded as RFC 2392 has it. */
function shows(html: string, contentId: string): boolean {
  return html.includes(`cid:${contentId}`) || html.includes(`cid:${encodeURIComponent(contentId)}`);
}

/** Composes the message and puts it on disk under its hash. What was chosen at Send is what every attempt sends. */
export async function freezeMessage({
  folder,
  quotePath,
  attachments,
  ...message
}: FreezeJob): Promise<{ hash: string; sizeBytes: number }> {
  const quoteHtml = quotePath === null ? null : await readFile(quotePath, "utf8");
  const html = `${message.html}${quoteHtml ?? ""}`;
  // A picture of a quote that was left out goes with it.
  const kept = attachments.filter(({ contentId }) => contentId === null || shows(html, contentId));
  const bytes = await composeMessage({
    ...message,
    quoteHtml,
    attachments: kept,
  });
  const { hash, sizeBytes } = writeBlob(folder, bytes, { durable: true });
  return { hash, sizeBytes };
}
