import { z } from "zod";
import { address } from "../address.ts";
import { accountId, bulkId, draftId, outboxId } from "../ids.ts";
import { request } from "./define.ts";
import { failureData } from "./failure-data.ts";

/** One message to each of many, every one with a message of its own: `preparing` until the user starts it. */
const bulkState = z.enum(["preparing", "running", "paused", "ended"]);
export type BulkState = z.infer<typeof bulkState>;

/** Where one recipient's message is: `queued` from frozen to answered, `held` with a reason, `left-out` never sent. */
export const BULK_RECIPIENT_STATES = ["waiting", "queued", "accepted", "held", "unknown", "cancelled", "left-out"] as const;
const recipientState = z.enum(BULK_RECIPIENT_STATES);
export type BulkRecipientState = z.infer<typeof recipientState>;

const bulkCounts = z.object({
  waiting: z.number().int(),
  onTheWay: z.number().int(),
  accepted: z.number().int(),
  held: z.number().int(),
  unknown: z.number().int(),
  cancelled: z.number().int(),
  leftOut: z.number().int(),
});
export type BulkCounts = z.infer<typeof bulkCounts>;

const bulkOptions = z.object({
  /** Rows with an address that an earlier row has. */
  doubled: z.enum(["leave-out", "send"]),
  /** Rows without a value that the text asks for. */
  empty: z.enum(["leave-out", "send"]),
  /** Placeholders that no column answers to: nothing starts before the user has said that they stay as they are written. */
  unknown: z.enum(["stop", "as-written"]),
  /** Copies in Sent: of each, or of the first alone. */
  copies: z.enum(["each", "one"]),
  /** Offers an answer to the sender under "unsubscribe" (RFC 2369). */
  unsubscribe: z.boolean(),
  /** At most so many a minute; null = as many as the server takes. */
  perMinute: z.number().int().min(1).max(600).nullable(),
  /** Nothing leaves before this moment, ms UTC; null = at once, and also once it has begun. */
  startAt: z.number().int().nullable(),
});
export type BulkOptions = z.infer<typeof bulkOptions>;

export const bulkSummary = z.object({
  id: bulkId,
  accountId,
  subject: z.string(),
  state: bulkState,
  /** Why it was paused without the user. */
  failure: failureData.nullable(),
  counts: bulkCounts,
  total: z.number().int(),
  /** When the user started it; the first leaves then, or at `startAt`. */
  startedAt: z.number().nullable(),
  /** When it begins; null when it has begun, or begins as soon as it is started. */
  startAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  /** At most so many a minute, by the user's choice and what is known of the server; null when neither says. */
  perMinute: z.number().nullable(),
  /** How long the rest takes, ms; null when no pace is known. */
  leftMs: z.number().nullable(),
});
export type BulkSummary = z.infer<typeof bulkSummary>;

/** Rows that share a problem: how many, and the first of them. */
const problem = z.object({
  count: z.number().int(),
  rows: z.array(z.object({ position: z.number().int(), text: z.string() })),
});
export type BulkProblem = z.infer<typeof problem>;

const bulk = bulkSummary.extend({
  /** null once the draft is gone. */
  draftId: draftId.nullable(),
  /** Of the draft that was looked at; to be given back at the start. */
  revision: z.number().int(),
  from: address,
  /** The file's name; null for the addresses of To. */
  fileName: z.string().nullable(),
  columns: z.array(z.string()),
  addressColumn: z.number().int().nullable(),
  nameColumn: z.number().int().nullable(),
  options: bulkOptions,
  check: z.object({
    /** Rows that get a message, in order. */
    sendable: z.array(z.number().int()),
    badAddress: problem,
    doubled: problem,
    empty: problem,
    /** As they are written. */
    unknown: z.array(z.string()),
    /** Braces stand in the text that make no placeholder. */
    looseBraces: z.boolean(),
    /** Columns that the text uses. */
    used: z.array(z.number().int()),
  }),
});
export type Bulk = z.infer<typeof bulk>;

const bulkRow = z.object({
  position: z.number().int(),
  address: z.string(),
  name: z.string(),
  state: recipientState,
  failure: failureData.nullable(),
  /** When its state was written, ms UTC. */
  at: z.number().nullable(),
});
export type BulkRow = z.infer<typeof bulkRow>;

const position = z.number().int().min(0);

export const bulkRequests = {
  /** Takes a draft's recipients from a table or from To. What was prepared for the draft before is forgotten. */
  "bulk.begin": request(
    z.object({
      draftId,
      source: z.discriminatedUnion("kind", [
        /** CSV in any usual charset, at most 3 MB. */
        z.object({ kind: z.literal("file"), name: z.string().max(1000), base64: z.base64().max(4_200_000) }),
        /** The people of To, with what their two columns are called in the user's language. */
        z.object({ kind: z.literal("people"), columns: z.tuple([z.string().min(1).max(100), z.string().min(1).max(100)]) }),
      ]),
    }),
    z.object({ bulkId }),
  ),
  "bulk.read": request(z.object({ bulkId }), bulk),
  "bulk.change": request(
    z.object({
      bulkId,
      addressColumn: position.optional(),
      nameColumn: position.nullable().optional(),
      options: bulkOptions.partial().optional(),
    }),
    z.object({}),
  ),
  /** One message as it will be; `url` is its text for a frame, good for this session. */
  "bulk.preview": request(z.object({ bulkId, position }), z.object({ to: address, subject: z.string(), url: z.string() })),
  /** That message to the sender's own address, through the outbox like any other. */
  "bulk.test": request(z.object({ bulkId, position }), z.object({ outboxId })),
  /** From here on the draft is the bulk's. @throws `draft-changed` when it is not the one that was looked at */
  "bulk.start": request(z.object({ bulkId, revision: z.number().int() }), z.object({})),
  "bulk.pause": request(z.object({ bulkId, paused: z.boolean() }), z.object({})),
  /** One that was put off begins at once. */
  "bulk.now": request(z.object({ bulkId }), z.object({})),
  /** Whoever has none yet gets none. What is finishing goes on. */
  "bulk.cancel": request(z.object({ bulkId }), z.object({})),
  /** What became of each, in the order of the table. */
  "bulk.rows": request(
    z.object({ bulkId, states: z.array(recipientState).nullable(), after: z.number().int(), limit: z.number().int().min(1).max(500) }),
    z.object({ rows: z.array(bulkRow) }),
  ),
  /** Another try for one who was refused, or for all (null). */
  "bulk.retry": request(z.object({ bulkId, position: position.nullable() }), z.object({})),
  /** What the user decides about one of whom it is not known, or about all (null). */
  "bulk.resolve": request(z.object({ bulkId, position: position.nullable(), decision: z.enum(["arrived", "send-again"]) }), z.object({})),
  /** Another draft with the same content. */
  "bulk.duplicate": request(z.object({ bulkId }), z.object({ draftId })),
  /** Forgets one that was not started (its draft stays) or that has ended (its report goes). */
  "bulk.discard": request(z.object({ bulkId }), z.object({})),
};
