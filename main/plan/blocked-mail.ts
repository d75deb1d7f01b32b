import type { BlockedBy, SenderRule } from "../../shared/contract/senders.ts";
import { ruleFor } from "../../shared/sender-rules.ts";

/** `since`: when the user said so, ms UTC. */
export type DatedRule = SenderRule & { readonly since: number };

type Arrived = {
  /** Of the first author. */
  readonly from: string;
  /** ms UTC, by the server. */
  readonly receivedAt: number;
  readonly inInbox: () => boolean;
  /** It was here before, and comes once more: the user, or another device, has put it there. Asked last: nearly all mail is nobody's who is blocked. */
  readonly seenBefore: () => boolean;
};

/** By so much may the server's clock be behind this computer's. */
const CLOCKS_DIFFER_MS = 10 * 60 * 1000;

/** The rule by which a message that has just arrived goes to Junk, or null. Mail of before the rule, however late it turns up, stays where it is. */
export function whyJunk(rules: readonly DatedRule[], { from, receivedAt, inInbox, seenBefore }: Arrived): BlockedBy | null {
  const rule = ruleFor(rules, from);
  if (rule?.verdict !== "block" || receivedAt < rule.since - CLOCKS_DIFFER_MS || !inInbox() || seenBefore()) return null;
  return { scope: rule.scope, value: rule.value };
}
