/** Why a server did not take mail for somebody, as far as its reply tells (RFC 3463 §3, and the words of those who do not follow it). */
export const REPLY_REASONS = [
  "no-such-address",
  "no-such-domain",
  "mailbox-full",
  "recipient-busy",
  "too-many-recipients",
  "too-large",
  "greylisted",
  "rate",
  "day-limit",
  "locked-out",
  "too-many-connections",
  "connection-full",
  "busy",
  "sign-in",
  "policy",
  "other",
] as const;
export type ReplyReason = (typeof REPLY_REASONS)[number];
