import { z } from "zod";
import { address } from "../address.ts";
import { accountId, attachmentId, draftId, identityId, outboxId, placementId } from "../ids.ts";
import { request } from "./define.ts";

export const attachment = z.object({
  id: attachmentId,
  name: z.string(),
  type: z.string(),
  sizeBytes: z.number(),
  /** Shown inside the text under this Content-ID; null for an ordinary attachment. */
  contentId: z.string().nullable(),
  /** Address to preview it, good for this session. */
  url: z.string(),
});
export type Attachment = z.infer<typeof attachment>;

/** What the user edits. Sent back whole on every pause; the engine keeps the last one. */
export const draftContent = z.object({
  identityId,
  to: z.array(address).max(2000),
  cc: z.array(address).max(2000),
  bcc: z.array(address).max(2000),
  subject: z.string().max(10_000),
  /** The user's own text as the editor's HTML, without the quoted original. */
  html: z.string().max(5_000_000),
  /** Keeps or drops the quoted original, which itself never passes through the editor. */
  includeQuote: z.boolean(),
  /** Asks the recipients to tell that they have read it (RFC 8098). */
  askReceipt: z.boolean().optional(),
  /** Over encrypted lines only, or not at all (RFC 8689). */
  requireTls: z.boolean().optional(),
});
export type DraftContent = z.infer<typeof draftContent>;

export const draft = z.object({
  id: draftId,
  accountId,
  kind: z.enum(["new", "reply", "reply-all", "forward"]),
  content: draftContent,
  attachments: z.array(attachment),
  /** The quoted original as sanitised HTML at an address for a frame; null when nothing is quoted. */
  quoteUrl: z.string().nullable(),
  /** Grows with every save; a save from an older one is a `conflict`. */
  revision: z.number().int(),
  savedAt: z.number(),
});
export type Draft = z.infer<typeof draft>;

export const draftSummary = z.object({
  id: draftId,
  accountId,
  to: z.array(address),
  subject: z.string(),
  snippet: z.string(),
  savedAt: z.number(),
  attachmentCount: z.number().int(),
});
export type DraftSummary = z.infer<typeof draftSummary>;

/** Whether a domain takes mail, as far as its name servers say. */
export const takesMail = z.enum(["yes", "no", "unknown"]);
export type TakesMail = z.infer<typeof takesMail>;

/** Bytes travel as base64 in pieces of at most 512 KiB, in order. */
const piece = z.base64().max(720_000);

export const composeRequests = {
  "compose.start": request(
    z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("new"), accountId: accountId.nullable() }),
      z.object({ kind: z.enum(["reply", "reply-all", "forward"]), placementId }),
      /** A sent message once more, as it was, for one person. */
      z.object({ kind: z.literal("again"), placementId, to: address }),
      /** A draft that another program began: its words go into the editor, what it quotes stays below, and it stays where it is itself. */
      z.object({ kind: z.literal("continue"), placementId }),
      /** RFC 6068; an `attach` field is ignored. */
      z.object({ kind: z.literal("mailto"), url: z.string().max(20_000) }),
    ]),
    draft,
  ),
  "compose.open": request(z.object({ draftId }), draft),
  "compose.save": request(
    z.object({ draftId, revision: z.number().int(), content: draftContent }),
    z.object({ revision: z.number().int(), savedAt: z.number() }),
  ),
  "compose.discard": request(z.object({ draftId }), z.object({})),
  "compose.drafts": request(z.object({}), z.object({ drafts: z.array(draftSummary) })),
  "compose.attachBegin": request(
    z.object({
      draftId,
      name: z.string().min(1).max(1000),
      type: z.string().max(200),
      sizeBytes: z.number().int().min(0),
      inline: z.boolean(),
    }),
    z.object({ attachmentId }),
  ),
  "compose.attachPiece": request(
    z.object({ attachmentId, offset: z.number().int().min(0), base64: piece }),
    z.object({ receivedBytes: z.number() }),
  ),
  "compose.attachEnd": request(z.object({ attachmentId }), attachment),
  "compose.detach": request(z.object({ attachmentId }), z.object({})),
  /** Known people for what was typed in To, the likeliest first. */
  "compose.complete": request(
    z.object({ text: z.string().max(200), limit: z.number().int().min(1).max(20) }),
    z.object({ people: z.array(address) }),
  ),
  /** Asks name servers whether a recipient's domain takes mail; `unknown` without asking unless the user has chosen so, and where the account has a proxy of its own. */
  "compose.takesMail": request(z.object({ domain: z.string().min(1).max(255), accountId }), z.object({ takes: takesMail })),
  /** Freezes the bytes and queues them; returns before any server hears of it. `sendAt`: not before that moment, ms UTC. `report`: the server is asked to report what becomes of it. `holdAtServer`: handed over at once, and kept by the server until `sendAt` if it can. */
  "compose.send": request(
    z.object({
      draftId,
      revision: z.number().int(),
      sendAt: z.number().int().nullable().optional(),
      holdAtServer: z.boolean().optional(),
      report: z.boolean().optional(),
    }),
    z.object({ outboxId, undoUntil: z.number() }),
  ),
};

export const composeEvents = {
  "compose.changed": z.object({ revision: z.number() }),
};
