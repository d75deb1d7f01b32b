import { z } from "zod";
import { address } from "../address.ts";
import { offeredCharset } from "../charsets.ts";
import { flag } from "../flags.ts";
import { accountId, conversationId, folderId, messageId, placementId, viewKey } from "../ids.ts";
import { request } from "./define.ts";
import { failureData } from "./failure-data.ts";
import { unsubscribeRequest } from "./unsubscribe.ts";
import { vouching } from "./vouching.ts";

/** Where a row stands: newest first by `at` (ms UTC), ties by `id` descending. `id` is a conversation's or a placement's, as the list is grouped or not. */
export const rowKey = z.object({ at: z.number(), id: z.number().int() });
export type RowKey = z.infer<typeof rowKey>;

export const listRow = z.object({
  key: rowKey,
  conversationId,
  /** The newest placement of the row in this view: what opens, and what an ungrouped list acts on. */
  placementId,
  accountId,
  /** Messages of the conversation in this view; 1 when ungrouped. */
  count: z.number().int(),
  unread: z.number().int(),
  /** Distinct senders, oldest first, at most four. In Sent and Drafts: the recipients. */
  people: z.array(address),
  subject: z.string(),
  snippet: z.string(),
  flagged: z.boolean(),
  answered: z.boolean(),
  forwarded: z.boolean(),
  hasAttachment: z.boolean(),
  /** The newest message can be read on this computer: it is here, or all of it but its large parts. */
  here: z.boolean(),
  /** Operations on it wait for the server. */
  pending: z.boolean(),
  /** What was reported of a message that the user sent, of its newest: somebody waits for it, or did not get it. */
  delivery: z.enum(["fine", "delayed", "failed"]),
});
export type ListRow = z.infer<typeof listRow>;

export const listFilter = z.enum(["all", "unread", "flagged", "attachments"]);

export const page = z.object({
  rows: z.array(listRow),
  /** Rows in the whole view under this filter. */
  total: z.number().int(),
  /** Rows above the first one returned. */
  rank: z.number().int(),
  /** Of the view; `mail.changed` carries a later one when it is worth reading again. */
  revision: z.number(),
});
export type Page = z.infer<typeof page>;

export const partInfo = z.object({
  /** IMAP part number ("2.1"), stable for the message. */
  part: z.string().max(200),
  name: z.string(),
  type: z.string(),
  sizeBytes: z.number(),
  inline: z.boolean(),
  here: z.boolean(),
});
export type PartInfo = z.infer<typeof partInfo>;

export const messageHead = z.object({
  placementId,
  messageId,
  accountId,
  folderId,
  from: z.array(address),
  to: z.array(address),
  cc: z.array(address),
  bcc: z.array(address),
  replyTo: z.array(address),
  subject: z.string(),
  /** The Date header in ms UTC, or null when it cannot be read; then `receivedAt` is what to show. */
  sentAt: z.number().nullable(),
  receivedAt: z.number(),
  snippet: z.string(),
  seen: z.boolean(),
  flagged: z.boolean(),
  answered: z.boolean(),
  forwarded: z.boolean(),
  junk: z.boolean(),
  /** The folders whose Gmail labels are on it. */
  labels: z.array(folderId),
  hasAttachment: z.boolean(),
  here: z.boolean(),
  sizeBytes: z.number(),
});
export type MessageHead = z.infer<typeof messageHead>;

/** What a message passes itself off as. */
export const trick = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("disguised"), file: z.string() }),
  /** Nobody vouches for the sender's address, though its domain says that its mail is signed; `altered`: there is a signature that does not fit. */
  z.object({ kind: z.enum(["unvouched", "unvouched-altered"]), domain: z.string() }),
  z.object({ kind: z.literal("program"), file: z.string() }),
  /** `inside` is the program in the archive. */
  z.object({ kind: z.literal("archive"), file: z.string(), inside: z.string() }),
  z.object({ kind: z.literal("macros"), file: z.string() }),
  z.object({ kind: z.literal("name-is-address"), shown: z.string(), real: z.string() }),
  z.object({ kind: z.literal("known-name"), name: z.string(), known: z.string(), real: z.string() }),
  z.object({ kind: z.literal("look-alike"), shown: z.string(), looks: z.string() }),
  z.object({ kind: z.literal("reply-elsewhere"), real: z.string() }),
  z.object({ kind: z.literal("link-elsewhere"), shown: z.string(), real: z.string() }),
]);

/**
 * Why a message does not come: larger than what is fetched, or the line broke at it each time, and when it is tried again (ms UTC). `limit`: there was no room
 * for it within what may be kept here; it comes when it is opened.
 */
const missingTrouble = z
  .discriminatedUnion("kind", [
    z.object({ kind: z.literal("too-large"), limitBytes: z.number() }),
    z.object({ kind: z.literal("breaks-line"), retryAt: z.number() }),
    z.object({ kind: z.literal("limit"), limitBytes: z.number() }),
  ])
  .nullable();

export const messageBody = z.object({
  head: messageHead,
  state: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("here") }),
    /** Its words and smaller parts are here, its large ones come when they are asked for; `asked`: they were, `offline` when that waits for the line. */
    z.object({ kind: z.literal("outline"), offline: z.boolean(), trouble: missingTrouble, asked: z.boolean() }),
    /** Not on this computer; a download is queued. `offline` when it waits for the line. */
    z.object({
      kind: z.literal("missing"),
      offline: z.boolean(),
      trouble: missingTrouble,
    }),
    z.object({ kind: z.literal("unreadable"), failure: failureData }),
  ]),
  /** Address of the sanitised HTML for the frame; null when the message has only text. */
  htmlUrl: z.string().nullable(),
  /** Plain text, quoted lines included; "" when there is none and no HTML either. */
  text: z.string(),
  parts: z.array(partInfo),
  /** It brings calendars or contact cards: `calendar.read` tells them. */
  hasCards: z.boolean(),
  /** Hosts that the HTML wants to contact; nothing was contacted unless `picturesAllowed`. */
  remoteHosts: z.array(z.string()),
  picturesAllowed: z.boolean(),
  /** BCP 47 guess of the body's language for fonts and line breaking, or "". */
  lang: z.string(),
  /** The charset that the user chose for it or its sender; null when it is read as it says. */
  readAs: offeredCharset.nullable(),
  /** Its sender's mail is shown in its own colours in the dark as well. */
  original: z.boolean(),
  /** What it may want to deceive by, the worst first. */
  tricks: z.array(trick),
  /** Who answers for the sender's address, as far as that was found out. */
  vouching,
  /** Minutes east of UTC where it was written; null when that is not known or means nothing. */
  sentZone: z.number().int().nullable(),
  /** It says how to leave the list that it came over; `asked` is the last time that the user did, on this or another message of it. */
  list: z.object({ asked: unsubscribeRequest.nullable() }).nullable(),
});
export type MessageBody = z.infer<typeof messageBody>;

/** A message that is attached to another one. The numbers of its parts are those of the outer message's. */
export const insideMessage = z.object({
  from: z.array(address),
  to: z.array(address),
  cc: z.array(address),
  subject: z.string(),
  /** ms UTC, or null when its Date cannot be read. */
  sentAt: z.number().nullable(),
  htmlUrl: z.string().nullable(),
  text: z.string(),
  parts: z.array(partInfo),
  /** As of a message of its own; `calendar.read` tells them by this part. */
  hasCards: z.boolean(),
  remoteHosts: z.array(z.string()),
  /** As of the outer message. */
  picturesAllowed: z.boolean(),
  lang: z.string(),
});
export type InsideMessage = z.infer<typeof insideMessage>;

const partNumber = z.string().max(200);

/** What an action is about. Conversations mean their messages in that view. */
export const targets = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("placements"), ids: z.array(placementId).min(1).max(10_000) }),
  z.object({ kind: z.literal("conversations"), view: viewKey, ids: z.array(conversationId).min(1).max(10_000) }),
]);
export type Targets = z.infer<typeof targets>;

export const change = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("flag"), flag, on: z.boolean() }),
  z.object({ kind: z.literal("move"), folderId }),
  /** Another copy in that folder; of Gmail mail, its label beside the others. */
  z.object({ kind: z.literal("copy"), folderId }),
  /** Puts a Gmail label on or takes it off, and nothing else; `folderId` is the folder that shows it. */
  z.object({ kind: z.literal("label"), folderId, on: z.boolean() }),
  z.object({ kind: z.literal("archive") }),
  /** To Trash; from Trash it means for good. */
  z.object({ kind: z.literal("delete") }),
  /** On: to Junk with $Junk; off: back to the inbox without. */
  z.object({ kind: z.literal("junk"), on: z.boolean() }),
]);
export type Change = z.infer<typeof change>;

const assetUrl = z.string();

export const mailRequests = {
  "mail.page": request(
    z.object({
      view: viewKey,
      grouped: z.boolean(),
      filter: listFilter,
      /** `rank` is for jumping by the scroll bar; reading on goes by key. `around` puts the key itself in the page. */
      from: z.discriminatedUnion("kind", [
        z.object({ kind: z.literal("top") }),
        z.object({ kind: z.literal("older"), than: rowKey }),
        z.object({ kind: z.literal("newer"), than: rowKey }),
        z.object({ kind: z.literal("around"), key: rowKey }),
        z.object({ kind: z.literal("rank"), rank: z.number().int().min(0) }),
      ]),
      limit: z.number().int().min(1).max(500),
    }),
    page,
  ),
  /** All messages of a conversation in its account, oldest first, one placement each, the view's own preferred. */
  /** Of a message that lies in several places one is named: `placementId` itself, else one in the view. */
  "mail.conversation": request(
    z.object({ conversationId, view: viewKey.nullable(), placementId: placementId.nullable() }),
    z.object({ subject: z.string(), messages: z.array(messageHead) }),
  ),
  /** `ahead`: it may be opened next. It is only got ready: nothing is fetched or asked of anybody for it. */
  "mail.read": request(z.object({ placementId, ahead: z.boolean().optional() }), messageBody),
  /** Somebody is at the window and will open a message soon: what reads mail gets ready for it. */
  "mail.willRead": request(z.object({}), z.object({})),
  /** The exact bytes as text, at most 1 MB, and the address of the whole. */
  "mail.source": request(z.object({ placementId }), z.object({ text: z.string(), truncated: z.boolean() })),
  /** The message as a file, byte for byte. @throws Failure `confirm-first`, `message-gone`, `not-here-yet` */
  "mail.export": request(z.object({ placementId }), z.object({ url: assetUrl })),
  /** A message that came as an attachment, to be read in its own right. */
  "mail.readInside": request(z.object({ placementId, part: partNumber }), insideMessage),
  /** Reads subject, names, words and file names anew, of this message and of all by its sender, and of what the sender writes later. Null: as they say. */
  "mail.readAs": request(z.object({ placementId, charset: offeredCharset.nullable() }), z.object({})),
  "mail.act": request(z.object({ targets, change }), z.object({ group: z.string(), count: z.number().int() })),
  /** Takes back everything of one `mail.act`, also after the server has carried it out. */
  "mail.undo": request(z.object({ group: z.string().max(64) }), z.object({ undone: z.number().int() })),
  /** Puts bodies at the head of the download queue. */
  "mail.download": request(z.object({ placementIds: z.array(placementId).min(1).max(1000) }), z.object({})),
  /** `sender` and `domain` are remembered. */
  "mail.showPictures": request(z.object({ placementId, scope: z.enum(["once", "sender", "domain"]) }), z.object({})),
  /** Whether what its sender writes is shown in its own colours in the dark as well: remembered, for what is here and what comes. */
  "mail.showOriginal": request(z.object({ placementId, on: z.boolean() }), z.object({})),
  /** An address to show or download one part, good for this session only. */
  "mail.partUrl": request(z.object({ placementId, part: partNumber, download: z.boolean() }), z.object({ url: assetUrl })),
  /** In Electron asks for a folder and saves there; in the browser returns addresses to download. */
  "mail.saveParts": request(
    z.object({ placementId, parts: z.array(partNumber).min(1).max(1000) }),
    z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("saved"), count: z.number().int() }),
      z.object({ kind: z.literal("cancelled") }),
      z.object({ kind: z.literal("download"), urls: z.array(assetUrl) }),
    ]),
  ),
  /** Opens with the system's program; only after the user's own act. */
  "mail.openPart": request(z.object({ placementId, part: partNumber }), z.object({ url: assetUrl.nullable() })),
};

export const mailEvents = {
  /** Rows of the view changed. */
  "mail.changed": z.object({ view: viewKey, revision: z.number() }),
  /** These messages changed apart from their rows: bytes arrived, pictures allowed. */
  "mail.updated": z.object({ messageIds: z.array(messageId), revision: z.number() }),
};
