import { z } from "zod";
import { address } from "../address.ts";
import { DELIVERY_REASONS, REPORTED_ACTIONS } from "../delivery.ts";
import { flag } from "../flags.ts";
import { accountId, folderId, placementId } from "../ids.ts";
import { request } from "./define.ts";
import { journalChange, journalReason, journalState } from "./journal.ts";
import { blockedBy } from "./senders.ts";

/** A folder with the name it had, should it be gone. */
export const placeName = z.object({ id: folderId, name: z.string() });
export type PlaceName = z.infer<typeof placeName>;

const at = z.number();

/** One thing that happened to a message. What has no `did` was done by another device or the server. */
export const storyEvent = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("arrived"), at }),
  z.object({
    kind: z.literal("did"),
    at,
    change: journalChange,
    from: placeName.nullable(),
    state: journalState,
    reason: journalReason.nullable(),
    because: blockedBy.nullable(),
    serverWords: z.string().nullable(),
  }),
  z.object({ kind: z.literal("flag"), at, flag, on: z.boolean() }),
  z.object({ kind: z.literal("label"), at, folder: placeName, on: z.boolean() }),
  z.object({ kind: z.literal("moved"), at, from: placeName, to: placeName }),
  /** One of several copies was taken away. */
  z.object({ kind: z.literal("left"), at, folder: placeName }),
  /** The server had it again where it was. */
  z.object({ kind: z.literal("returned"), at, folder: placeName }),
  /** It vanished from the server. `marked`: some device had marked it as deleted before. */
  z.object({ kind: z.literal("gone"), at, folder: placeName, marked: z.boolean() }),
  /** Sent from here: the server took it, and its copy was filed. */
  z.object({ kind: z.literal("accepted"), at }),
  z.object({ kind: z.literal("filed"), at }),
  /** A report on what became of it, for one of its recipients. */
  z.object({
    kind: z.literal("reported"),
    at,
    address: z.string(),
    action: z.enum(REPORTED_ACTIONS),
    reason: z.enum(DELIVERY_REASONS).nullable(),
  }),
]);
export type StoryEvent = z.infer<typeof storyEvent>;

/** A message that vanished from the server and is kept here for a while. */
export const netItem = z.object({
  placementId,
  accountId,
  subject: z.string(),
  from: z.array(address),
  snippet: z.string(),
  receivedAt: z.number(),
  sizeBytes: z.number(),
  flagged: z.boolean(),
  hasAttachment: z.boolean(),
  /** All of its bytes are here: it can be read and put back. */
  here: z.boolean(),
  folder: placeName,
  vanishedAt: z.number(),
  keptUntil: z.number(),
  /** It is on its way back to the server. */
  returning: z.boolean(),
});
export type NetItem = z.infer<typeof netItem>;

export const netKey = z.object({ at: z.number(), id: placementId });
const some = z.object({ ids: z.array(placementId).min(1).max(1000) });
const count = z.object({ count: z.number().int() });

export const storyRequests = {
  /** Oldest first. */
  "story.read": request(z.object({ placementId }), z.object({ events: z.array(storyEvent) })),
  /** What vanished last comes first; `query` is looked for in subject and sender. */
  "safety.page": request(
    z.object({ query: z.string().max(200), before: netKey.nullable(), limit: z.number().int().min(1).max(200) }),
    z.object({ items: z.array(netItem), total: z.number().int() }),
  ),
  /** Back to where it lay, else to the inbox, with its date and flags. */
  "safety.putBack": request(some, count),
  /** Forgets it at once instead of after the ninety days. */
  "safety.forget": request(some, count),
};

export const storyEvents = {
  "safety.changed": z.object({ revision: z.number() }),
};
