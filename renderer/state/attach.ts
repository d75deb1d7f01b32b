import type { Attachment } from "../../shared/contract/compose.ts";
import { asFailure } from "../../shared/failure.ts";
import type { AttachmentId } from "../../shared/ids.ts";
import { client } from "../client/engine.ts";
import { composerOf, patchComposer, type Upload } from "./composers.ts";
import { toastFailure } from "./toasts.ts";
import { piecesOf } from "./upload.ts";

let lastKey = 0;

/** Queues files as ordinary attachments. They go one after the other, so that two large ones do not fight for the line. */
export function attachFiles(composer: number, files: readonly File[]): void {
  for (const file of files) void attach(composer, file, false);
}

/** A picture for the text: resolves when its bytes are with the engine, with null when that failed or it was taken away. */
export function attachPicture(composer: number, file: File): Promise<Attachment | null> {
  return attach(composer, file, true);
}

function attach(composer: number, file: File, inline: boolean): Promise<Attachment | null> {
  lastKey += 1;
  const upload: Upload = { key: lastKey, file, inline, sentBytes: 0, state: "waiting", failure: null };
  patchComposer(composer, (one) => ({ uploads: [...one.uploads, upload], touched: true, checks: [] }));
  return inLine(composer, () => run(composer, upload.key));
}

/** Tries a failed upload again from its first byte. */
export function retryUpload(composer: number, key: number): void {
  patchUpload(composer, key, { state: "waiting", failure: null, sentBytes: 0 });
  void inLine(composer, () => run(composer, key));
}

/** Takes an upload away; one under way stops at its next piece. */
export function dropUpload(composer: number, key: number): void {
  patchComposer(composer, (one) => ({ uploads: one.uploads.filter((upload) => upload.key !== key) }));
}

const lines = new Map<number, Promise<unknown>>();

function inLine<T>(composer: number, work: () => Promise<T>): Promise<T> {
  const result = (lines.get(composer) ?? Promise.resolve()).then(work);
  lines.set(composer, result);
  return result;
}

async function run(composer: number, key: number): Promise<Attachment | null> {
  const one = composerOf(composer);
  const upload = uploadOf(composer, key);
  if (!one || !upload) return null;
  const { file, inline } = upload;
  patchUpload(composer, key, { state: "running" });
  let begun: AttachmentId | null = null;
  try {
    const name = file.name === "" ? "file" : file.name.slice(0, 1000);
    const { attachmentId } = await client.request("compose.attachBegin", {
      draftId: one.draft.id,
      name,
      type: file.type,
      sizeBytes: file.size,
      inline,
    });
    begun = attachmentId;
    for await (const { offset, base64, endsAt } of piecesOf(file)) {
      if (!uploadOf(composer, key)) return await takeBack(attachmentId);
      await client.request("compose.attachPiece", { attachmentId, offset, base64 });
      patchUpload(composer, key, { sentBytes: endsAt });
    }
    const attachment = await client.request("compose.attachEnd", { attachmentId });
    if (!uploadOf(composer, key)) return await takeBack(attachmentId);
    patchComposer(composer, (now) => ({
      uploads: now.uploads.filter((entry) => entry.key !== key),
      attachments: [...now.attachments, attachment],
    }));
    return attachment;
  } catch (error) {
    if (begun !== null) await takeBack(begun);
    patchUpload(composer, key, { state: "failed", failure: asFailure(error).data() });
    return null;
  }
}

/** The half that arrived is of no use. If even this fails, the engine drops it with the draft. */
async function takeBack(attachmentId: AttachmentId): Promise<null> {
  await client.request("compose.detach", { attachmentId }).catch(() => null);
  return null;
}

function uploadOf(composer: number, key: number): Upload | undefined {
  return composerOf(composer)?.uploads.find((upload) => upload.key === key);
}

function patchUpload(composer: number, key: number, change: Partial<Upload>): void {
  patchComposer(composer, (one) => ({ uploads: one.uploads.map((upload) => (upload.key === key ? { ...upload, ...change } : upload)) }));
}

/** Takes an attachment out of the message. */
export function detach(key: number, attachmentId: AttachmentId): void {
  patchComposer(key, (one) => ({ attachments: one.attachments.filter((attachment) => attachment.id !== attachmentId), touched: true }));
  void client.request("compose.detach", { attachmentId }).catch(toastFailure);
}
