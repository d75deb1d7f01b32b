import { z } from "zod";
import { address } from "../address.ts";
import { FAILURE_CODES, type FailureCode } from "../failure.ts";
import { accountId, draftId, outboxId } from "../ids.ts";
import { REPLY_REASONS } from "../reply-reason.ts";
import { bulkSummary } from "./bulk.ts";
import { request } from "./define.ts";
import { failureData, failureParams } from "./failure-data.ts";

export const OUTBOX_STATES = ["queued", "sending", "finishing", "accepted", "filed", "held", "unknown", "cancelled"] as const;
export const outboxState = z.enum(OUTBOX_STATES);
export type OutboxState = z.infer<typeof outboxState>;

/** How far the dialogue of RFC 5321 has come in the attempt under way or the last one. */
export const SMTP_STAGES = ["waiting", "connecting", "greeted", "signed-in", "recipients", "uploading", "finishing", "answered"] as const;
export const smtpStage = z.enum(SMTP_STAGES);
export type SmtpStage = z.infer<typeof smtpStage>;

/**
 * A later message whose server is to hold it: to be asked, handed over, or it stays here because the server cannot hold messages or not
 * for so long.
 */
export const HOLD_STATES = ["wanted", "asked", "not-offered", "too-far"] as const;
export type HoldState = (typeof HOLD_STATES)[number];

export const recipientResult = z.object({
  address: z.string(),
  state: z.enum(["waiting", "accepted", "refused", "deferred"]),
  serverWords: z.string(),
  /** Why not, as far as the words tell; null for those who have it or have not been asked about. */
  reason: z.enum(REPLY_REASONS).nullable(),
});

const failureCodes = Object.values(FAILURE_CODES).flat() as [FailureCode, ...FailureCode[]];

/** One line of a message's history. `stage` is how far the dialogue had come. */
export const timelineEvent = z.object({
  at: z.number(),
  what: z.enum([
    "begun",
    /** Over `server`, in the place of `insteadOf`; the code is what kept it from that one. */
    "begun-elsewhere",
    "handed-over",
    "accepted",
    "accepted-by-some",
    /** Taken, and the server sends it at the item's `sendAt`. */
    "accepted-for-later",
    /** The server cannot hold it back; nothing was handed over. */
    "kept-here",
    /** To be tried again; an attempt was counted. */
    "put-off",
    /** The server could not be had, or wants no more for now; no attempt was counted. */
    "not-tried",
    /** Broken off before its end was let go: by the end of the program, by the user, or by a server that had enough of the connection. */
    "interrupted",
    "held",
    "late",
    "asked-again",
    /** The user no longer insists on encrypted lines. */
    "without-tls",
    /** The line died after the last byte. */
    "unanswered",
    /** It comes from the spare copy of a store that was lost. */
    "restored",
    "not-found",
    "found",
    "arrived",
    "sent-again",
    "filed",
    /** Its copy was in Sent already, as where the provider files what it sends: none was added. */
    "there-already",
    "not-filed",
    "without-the-rest",
    "cancelled",
  ]),
  stage: smtpStage,
  code: z.enum(failureCodes).nullable(),
  /** What fills the sentence of the code. */
  params: failureParams,
  /** The server's. */
  words: z.string(),
  /** Of the attempt: host:port; null where there is none. */
  server: z.string().nullable(),
  /** host:port of the server whose turn it would have been. */
  insteadOf: z.string().nullable(),
});
export type TimelineEvent = z.infer<typeof timelineEvent>;

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
  /** When the user wants it to go, ms UTC; null = as soon as possible. */
  sendAt: z.number().nullable(),
  /** Whether its server keeps it until `sendAt`; null: this computer does, and has to be on then. */
  hold: z.enum(HOLD_STATES).nullable(),
  /** Over encrypted lines only, or not at all (RFC 8689). */
  requireTls: z.boolean(),
  /** ms UTC, or null when nothing is planned. */
  nextTryAt: z.number().nullable(),
  acceptedAt: z.number().nullable(),
  filedAt: z.number().nullable(),
  /** Why the copy could not be put into Sent so far; it is tried again until it can, or until the user does without. */
  filingFailure: failureData.nullable(),
  failure: failureData.nullable(),
  /** Whether the server reports what becomes of it: to be asked, asked, or it offers no reports; null = not wanted. */
  report: z.enum(["wanted", "asked", "not-offered"]).nullable(),
  /** Its draft is kept, and can be copied into another. */
  canDuplicate: z.boolean(),
  /** For `unknown`: when the last byte left, how often Sent was searched, and until when. */
  unknown: z
    .object({ handedOverAt: z.number(), looks: z.number().int(), lookUntil: z.number(), nextLookAt: z.number().nullable() })
    .nullable(),
});
export type OutboxItem = z.infer<typeof outboxItem>;

export const outboxRequests = {
  /** `bulks`: those that were started, each with all of its messages, which are not among the items. */
  "outbox.list": request(z.object({}), z.object({ items: z.array(outboxItem), bulks: z.array(bulkSummary), paused: z.boolean() })),
  /** Its history, oldest first, and the same with all technical detail as a text to pass on. */
  "outbox.timeline": request(z.object({ outboxId }), z.object({ events: z.array(timelineEvent), technical: z.string() })),
  /** Address of the message as it is kept, blind copies included, good for this session. */
  "outbox.source": request(z.object({ outboxId }), z.object({ url: z.string() })),
  /** Another draft with the same content. */
  "outbox.duplicate": request(z.object({ outboxId }), z.object({ draftId })),
  /** Now, whatever the back-off says. Also releases `held` after its cause was mended. */
  "outbox.retry": request(z.object({ outboxId }), z.object({})),
  /** Sends one that was to go over encrypted lines only, without that promise. */
  "outbox.withoutTls": request(z.object({ outboxId }), z.object({})),
  /** What the account's outgoing server can do, as it said when it was reached last; null when it never was. */
  "outbox.offers": request(
    z.object({ accountId }),
    z.object({
      offers: z
        .object({
          /** It keeps later messages: for so many ms, and until a last moment (ms UTC); null when it does not. */
          hold: z.object({ longestMs: z.number(), until: z.number() }).nullable(),
          requireTls: z.boolean(),
        })
        .nullable(),
    }),
  ),
  /** Takes it back into a draft; refused as `already-sending` once the last chunk may have gone. */
  "outbox.edit": request(z.object({ outboxId }), z.object({ draftId })),
  /** `cancel` keeps nothing to send; the draft is kept where it can be found again. */
  "outbox.cancel": request(z.object({ outboxId }), z.object({ draftId: draftId.nullable() })),
  /** What the user decides about an `unknown`. */
  "outbox.resolve": request(z.object({ outboxId, decision: z.enum(["arrived", "send-again", "keep-looking"]) }), z.object({})),
  /** The copy of an accepted one for Sent: tried again now, or done without. */
  "outbox.file": request(z.object({ outboxId, how: z.enum(["now", "never"]) }), z.object({})),
  "outbox.pause": request(z.object({ paused: z.boolean() }), z.object({})),
  /** Removes an ended one (accepted, filed, cancelled) from the list. */
  "outbox.dismiss": request(z.object({ outboxId }), z.object({})),
};

export const outboxEvents = {
  "outbox.changed": z.object({ revision: z.number() }),
};
