import { z } from "zod";
import { placementId } from "../ids.ts";
import { request } from "./define.ts";

/**
 * By what a charset was taken that the message does not name, or names wrongly: its bytes make words in no other; they fit several, and the
 * user's languages decided; or the sender's other mail did.
 */
export const CHARSET_REASONS = ["certain", "likely", "sender"] as const;
/** By what a message lies in its conversation, where it does not say itself what it answers. */
export const CONVERSATION_REASONS = ["subject", "server"] as const;
/** Why a message's bytes are not fetched before it is opened: as the user has set it for the folder or its account. */
export const NOT_KEPT_REASONS = ["headers-only", "older", "larger"] as const;

/** What Satchel decided about one message by itself, and why. Null where nothing had to be decided. */
export const messageWhy = z.object({
  /** `charset`: by WHATWG name. */
  charset: z.object({ charset: z.string(), by: z.enum(CHARSET_REASONS) }).nullable(),
  conversation: z.enum(CONVERSATION_REASONS).nullable(),
  /** `since`: ms UTC, of `older`; `largestBytes`: of `larger`. */
  notKept: z.object({ by: z.enum(NOT_KEPT_REASONS), since: z.number().nullable(), largestBytes: z.number().nullable() }).nullable(),
});
export type MessageWhy = z.infer<typeof messageWhy>;

export const whyRequests = {
  /** @throws Failure `message-gone` */
  "mail.why": request(z.object({ placementId }), messageWhy),
};
