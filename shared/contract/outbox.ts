import { z } from "zod";
import { address } from "../address.ts";
import { failureData } from "../failure.ts";
import { accountId, draftId, outboxId } from "../ids.ts";
import { request } from "./define.ts";

export const OUTBOX_STATES = ["queued", "sending", "finishing", "accepted", "filed", "held", "unknown", "cancelled"] as const;
export const outboxState = z.enum(OUTBOX_STATES);
export type OutboxState = z.infer<typeof outboxState>;

/** How far the dialogue of RFC 5321 has come in the attempt under way or the last one. */
export const SMTP_STAGES = ["waiting", "connecting", "greeted", "signed-in", "recipients", "uploading", "finishing", "answered"] as const;
export const smtpStage = z.enum(SMTP_STAGES);
export type SmtpStage = z.infer<typeof smtpStage>;

export const recipientResult = z.object({
  address: z.string(),
  state: z.enum(["waiting", "accepted", "refused", "deferred"]),
  serverWords: z.string(),
});

export const outboxItem = z.object({
  id: outboxId,
  accountId,
  state: outboxState,
  stage: smtpStage,
  subject: z.string(),
  to: z.array(address),
  cc: z.array(address),
  bcc: z.array(address),
  sizeBytes: z.number(),
  sentBytes: z.number(),
  recipients: z.array(recipientResult),
  attempts: z.number().int(),
  maxAttempts: z.number().int(),
  createdAt: z.number(),
  /** Until then Undo takes it back without anyone having heard of it. */
  undoUntil: z.number(),
  /** ms UTC, or null when nothing is planned. */
  nextTryAt: z.number().nullable(),
  acceptedAt: z.number().nullable(),
  filedAt: z.number().nullable(),
  failure: failureData.nullable(),
  /** For `unknown`: when the last byte left, how often Sent was searched, and until when. */
  unknown: z
    .object({ handedOverAt: z.number(), looks: z.number().int(), lookUntil: z.number(), nextLookAt: z.number().nullable() })
    .nullable(),
});
export type OutboxItem = z.infer<typeof outboxItem>;

export const outboxRequests = {
  "outbox.list": request(z.object({}), z.object({ items: z.array(outboxItem), paused: z.boolean() })),
  /** Now, whatever the back-off says. Also releases `held` after its cause was mended. */
  "outbox.retry": request(z.object({ outboxId }), z.object({})),
  /** Takes it back into a draft; refused as `already-sending` once the last chunk may have gone. */
  "outbox.edit": request(z.object({ outboxId }), z.object({ draftId })),
  /** `cancel` keeps nothing to send; the draft is kept where it can be found again. */
  "outbox.cancel": request(z.object({ outboxId }), z.object({ draftId: draftId.nullable() })),
  /** What the user decides about an `unknown`. */
  "outbox.resolve": request(z.object({ outboxId, decision: z.enum(["arrived", "send-again", "keep-looking"]) }), z.object({})),
  "outbox.pause": request(z.object({ paused: z.boolean() }), z.object({})),
  /** Removes an ended one (accepted, filed, cancelled) from the list. */
  "outbox.dismiss": request(z.object({ outboxId }), z.object({})),
};

export const outboxEvents = {
  "outbox.changed": z.object({ revision: z.number() }),
};
