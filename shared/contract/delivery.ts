import { z } from "zod";
import { DELIVERY_REASONS, REPORTED_ACTIONS } from "../delivery.ts";
import { conversationId, folderId, placementId } from "../ids.ts";
import { request } from "./define.ts";

/** Where a message is shown, to open it there. */
export const place = z.object({ placementId, conversationId, folderId });
export type Place = z.infer<typeof place>;

/** How far a message came on its way to one person. `accepted`: the sending server took it, and nothing else was heard. */
export const outcome = z.object({
  /** As it was written to, or as the report names it. */
  address: z.string(),
  name: z.string(),
  /** Behind an alias or a forwarding; "" when the same or not told. */
  finalAddress: z.string(),
  state: z.enum(["accepted", ...REPORTED_ACTIONS]),
  /** Null unless it failed or is delayed. */
  reason: z.enum(DELIVERY_REASONS).nullable(),
  /** When that was heard, ms UTC; null when nothing was. */
  at: z.number().nullable(),
  /** RFC 3463; "". */
  status: z.string(),
  /** The other server's own; "". */
  words: z.string(),
  host: z.string(),
  retryUntil: z.number().nullable(),
  /** The message that says so, while it is here. */
  report: place.nullable(),
});
export type Outcome = z.infer<typeof outcome>;

export const delivery = z.object({
  /** Of a message sent by the user: what became of it, for each person; null when nothing was reported. */
  sent: z.array(outcome).nullable(),
  /** Of a report: what it says, and of which message; null for ordinary mail. */
  report: z
    .object({
      kind: z.enum(["delivery", "receipt"]),
      outcomes: z.array(outcome),
      subject: z.string(),
      sentAt: z.number().nullable(),
      /** The sent message, when it was found. Nothing is changed by a report that fits none. */
      original: place.nullable(),
    })
    .nullable(),
  /** Who asks to be told that this was read, while that is neither answered nor settled by a rule; `foreign`: not the sender. */
  receipt: z.object({ to: z.string(), foreign: z.boolean() }).nullable(),
});
export type Delivery = z.infer<typeof delivery>;

export const deliveryRequests = {
  "delivery.read": request(z.object({ placementId }), delivery),
  /** `send` goes through the outbox; `never` holds for the sender from now on. */
  "delivery.answer": request(z.object({ placementId, answer: z.enum(["send", "ignore", "never"]) }), z.object({})),
};
