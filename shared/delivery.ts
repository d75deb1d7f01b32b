/** What became of a message on its way to one recipient (RFC 3464 §2.3.3). */
export const DELIVERY_ACTIONS = ["delivered", "relayed", "expanded", "delayed", "failed"] as const;
export type DeliveryAction = (typeof DELIVERY_ACTIONS)[number];

/**
 * Why a message was not delivered, as far as it makes a difference to what the sender can do. How these stand to RFC 3463's
 * codes is in docs/delivery-reports.md.
 */
export const DELIVERY_REASONS = [
  /** There is no such mailbox. */
  "address-unknown",
  /** The domain does not exist, or nobody knows where its mail goes. */
  "domain-unknown",
  /** The domain or host says that it takes no mail at all (RFC 7505). */
  "no-mail",
  /** The recipient has another address now. */
  "moved",
  /** The mailbox exists but is closed, frozen or unused. */
  "mailbox-closed",
  "mailbox-full",
  "too-large",
  /** Taken for advertising. */
  "spam",
  "virus",
  /** Against a rule of the other side: attachments, wording, who may write. */
  "policy",
  /** The recipient or a list does not take mail from this sender. */
  "filtered",
  /** The sender's address was refused. */
  "sender-refused",
  /** SPF, DKIM or DMARC did not prove the sender's domain. */
  "sender-unproven",
  /** The server that delivered is on a block list, or looks as if it should be. */
  "sender-blocked",
  /** The server was asked to pass on mail that it does not pass on. */
  "relaying",
  /** Too many messages, connections or recipients in too short a time. */
  "too-many",
  /** No line to the other server, up to the day on which it was given up. */
  "unreachable",
  /** The other server has a trouble of its own. */
  "server-trouble",
  /** The line was not encrypted as one of both demands. */
  "encryption",
  /** The message went in circles. */
  "loop",
  /** The message or an address in it is not built as the other server wants. */
  "format",
  /** The sending service no longer tries this address because it failed before. */
  "suppressed",
  "unknown",
] as const;
export type DeliveryReason = (typeof DELIVERY_REASONS)[number];

/** What a report says of one recipient: how far the message came, or what was done with it there (RFC 8098 §3.2.6). */
export const REPORTED_ACTIONS = [...DELIVERY_ACTIONS, "read", "deleted", "processed"] as const;
export type ReportedAction = (typeof REPORTED_ACTIONS)[number];

export type ReportedRecipient = {
  /** As the sender wrote it, where the report tells; else as the last server knew it. */
  readonly address: string;
  /** After aliases and forwarding; "" when the same or not told. */
  readonly finalAddress: string;
  readonly action: ReportedAction;
  /** Null unless it failed or is delayed. */
  readonly reason: DeliveryReason | null;
  /** RFC 3463, "5.1.1"; "" when not given. */
  readonly status: string;
  /** What the other server said, one line. */
  readonly words: string;
  /** Whose words they are; "". */
  readonly host: string;
  /** For a delayed one: until when it is tried, ms UTC; null when not told. */
  readonly retryUntil: number | null;
};

/** What a report tells of the message that it is about. */
export type ReportedOriginal = {
  /** Message-IDs that may be its, without angle brackets, the surest first. Hosts rewrite ids, so none need be right. */
  readonly messageIds: readonly string[];
  /** ENVID of its envelope (RFC 3461 §4.4); "". */
  readonly envelopeId: string;
  readonly subject: string;
  /** Who it was written to, lower case. */
  readonly to: readonly string[];
  /** ms UTC of its Date; null. */
  readonly sentAt: number | null;
};

/** A report of delivery or of reading, as read from its message. Nothing in it is proven: anybody can write one. */
export type ArrivedReport = {
  readonly kind: "delivery" | "receipt";
  readonly recipients: readonly ReportedRecipient[];
  readonly original: ReportedOriginal;
  /** The server that reports; "". */
  readonly reportingHost: string;
  /** The server that took it in found that it is not from whom it says. */
  readonly distrusted: boolean;
};
