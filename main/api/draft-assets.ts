import { readFile } from "node:fs/promises";
import type { DraftId } from "../../shared/ids.ts";
import type { Composing } from "../outbox/composing.ts";
import type { StoredAttachment, StoredDraft } from "../store/drafts.ts";
import type { Assets } from "./assets.ts";
import { safeFileName } from "./attachment-files.ts";
import { frameDocument, partAnswer } from "./reading.ts";

/**
 * Addresses for what belongs to drafts: attachments to look at, the quoted original for its frame.
 *
 * @param composing asked when an address is read, never when it is made
 */
export function draftAssets(assets: Assets, composing: () => Composing) {
  return {
    attachmentUrl({ id, name }: StoredAttachment): string {
      const base = assets.grant(`attachment:${id}`, async () => {
        const file = composing().attachmentFile(id);
        return partAnswer({ name: safeFileName(file.name), type: file.type, bytes: await readFile(file.path) }, false);
      });
      return `${base}${encodeURIComponent(safeFileName(name))}`;
    },
    quoteUrl(draftId: DraftId): string {
      const base = assets.grant(`quote:${draftId}`, async (rest) => {
        if (rest.startsWith("picture/")) return picture(composing(), draftId, rest.slice("picture/".length));
        const html = await composing().quoteHtml(draftId);
        return html === null ? null : frameDocument({ html: withPictureAddresses(html), ownColours: true, lang: "" });
      });
      return `${base}quote.html`;
    },
  };
}

/** Address of a draft as one of many gets it. @param of whose, unlike every other */
export function previewUrl(assets: Assets, composing: Composing, draft: StoredDraft, of: string): string {
  const base = assets.grant(`bulk:${of}:${draft.revision}:${draft.content.html.length}`, async (rest) => {
    if (rest.startsWith("picture/")) return picture(composing, draft.id, rest.slice("picture/".length));
    const quote = draft.content.includeQuote ? await composing.quoteHtml(draft.id) : null;
    return frameDocument({ html: withPictureAddresses(`${draft.content.html}${quote ?? ""}`), ownColours: quote !== null, lang: "" });
  });
  return `${base}message.html`;
}

async function picture(composing: Composing, draftId: DraftId, contentId: string) {
  const file = composing.pictureFile(draftId, contentId);
  return file === null ? null : partAnswer({ name: "picture", type: file.type, bytes: await readFile(file.path) }, false);
}

/** In a message pictures are named by Content-ID (RFC 2392); a frame needs an address. The HTML was serialised by our own sanitiser. */
function withPictureAddresses(html: string): string {
  return html.replace(
    /(\ssrc=")cid:([^"]*)"/giu,
    (_, start: string, contentId: string) => `${start}picture/${encodeURIComponent(contentId)}"`,
  );
}
