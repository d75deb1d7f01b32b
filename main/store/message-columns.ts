import type { Address } from "../../shared/address.ts";
import type { ArrivedReport } from "../../shared/delivery.ts";
import type { ConversationId, MessageId } from "../../shared/ids.ts";
import type { EventVersion } from "../plan/invitations.ts";
import { baseSubject } from "../plan/threads.ts";
import { statement } from "./statement.ts";
import { OUTLINED } from "./stored-placement.ts";
import type { KnownPart } from "./views.ts";

/** What is known of a message from its header. Message-IDs are without angle brackets. */
export type MessageEnvelope = {
  readonly messageIdHeader: string | null;
  readonly inReplyTo: string | null;
  readonly references: readonly string[];
  readonly subject: string;
  readonly from: readonly Address[];
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  readonly bcc: readonly Address[];
  readonly replyTo: readonly Address[];
  readonly sentAt: number | null;
};

/** All bytes of a message, hashed, kept and parsed. */
export type ArrivedBody = MessageEnvelope & {
  readonly hash: string;
  readonly sizeBytes: number;
  readonly snippet: string;
  readonly hasAttachment: boolean;
  readonly parts: readonly KnownPart[];
  readonly lang: string;
  readonly unreadable: boolean;
  /** The charset that the user had chosen for its sender, when there is one. */
  readonly readAs?: string | null;
  /** A charset that its text was surely in without a label; the one that its sender's history decided for. */
  readonly learnt?: string | null;
  readonly vote?: string | null;
  readonly report: ArrivedReport | null;
  /** Who wants to be told that it was read; "". */
  readonly receiptTo: string;
  /** What it says of events that people are invited to. */
  readonly calendar: readonly EventVersion[];
};

/** The search thread takes it from there. */
export const queueForIndex = statement<{ messageId: number }>("INSERT INTO index_queue (message_id) VALUES (:messageId)");
/** As `queueForIndex`, for several: a JSON array of their numbers. */
export const queueAllForIndex = statement<{ messageIds: string }>(
  "INSERT INTO index_queue (message_id) SELECT value FROM json_each(:messageIds)",
);

/** A message that is here already. */
export type Same = {
  id: MessageId;
  conversationId: ConversationId;
  here: number;
  hasAttachment: number;
  sizeBytes: number;
  outlined: number;
};
export const SAME = `id, conversation_id AS conversationId, bytes_here AS here, has_attachment AS hasAttachment, size_bytes AS sizeBytes,
  ${OUTLINED} AS outlined`;
export const sameBytes = statement<{ rawHash: string; accountId: number; id: number }, Same>(
  `SELECT ${SAME} FROM message
   WHERE raw_hash = :rawHash AND account_id = :accountId AND id <> :id AND bytes_here = 1 LIMIT 1`,
);

/** The columns of `message` that a header fills. */
export type HeaderColumns = ReturnType<typeof columnsOf>;

/** @returns them, as statements take them */
export function columnsOf(header: MessageEnvelope) {
  return {
    messageIdHeader: header.messageIdHeader,
    inReplyTo: header.inReplyTo,
    subject: header.subject,
    baseSubject: baseSubject(header.subject).base,
    fromJson: JSON.stringify(header.from),
    toJson: JSON.stringify(header.to),
    ccJson: JSON.stringify(header.cc),
    bccJson: JSON.stringify(header.bcc),
    replyToJson: JSON.stringify(header.replyTo),
    sentAt: header.sentAt,
  };
}
