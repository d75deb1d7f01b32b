import type { SmtpStage, TimelineEvent } from "../../shared/contract/outbox.ts";
import type { FailureData } from "../../shared/failure.ts";
import { type Item, remaining } from "./outbox-item.ts";

/** Over which server an attempt goes (host:port), and what it was kept from by what. */
export type Over = {
  readonly server: string | null;
  readonly instead: { readonly of: string; readonly failure: FailureData } | null;
  /** The copy in Sent was there already: the provider files by itself. */
  readonly theirCopy?: boolean;
};

const NOWHERE: Over = { server: null, instead: null };

type What = TimelineEvent["what"];

/** Kept of one message; an outbox that retries for weeks says no more than this. */
export const MOST_EVENTS = 200;

function answers(item: Item): string {
  return [...new Set(item.recipients.filter(({ state }) => state === "accepted").map(({ serverWords }) => serverWords))].join("\n");
}

function whatHappened(
  before: Item,
  after: Item,
  { instead, theirCopy }: Over,
): { what: What; failure: FailureData | null; words?: string } | null {
  if (after.state === "cancelled") return { what: "cancelled", failure: null };
  if (after.recipients.length < before.recipients.length) return { what: "without-the-rest", failure: null };
  if (after.acceptedAt !== null && before.acceptedAt === null && before.state !== "unknown") {
    const rest = remaining(after).length > 0 || after.state === "held";
    const whole = after.hold === "asked" ? "accepted-for-later" : "accepted";
    return { what: rest ? "accepted-by-some" : whole, failure: after.failure, words: answers(after) };
  }
  if (after.filedAt !== null && before.filedAt === null)
    return { what: before.state === "unknown" ? "found" : theirCopy === true ? "there-already" : "filed", failure: null };
  if (after.filingFailure !== null && after.filingFailure !== before.filingFailure)
    return { what: "not-filed", failure: after.filingFailure };
  if (before.state === after.state) {
    const looked = after.state === "unknown" && (after.search?.looks ?? 0) > (before.search?.looks ?? 0);
    return looked ? { what: "not-found", failure: null } : null;
  }
  switch (after.state) {
    case "sending":
      return instead === null ? { what: "begun", failure: null } : { what: "begun-elsewhere", failure: instead.failure };
    case "finishing":
      return { what: "handed-over", failure: null };
    case "unknown":
      return { what: after.failure?.code === "from-spare-copy" ? "restored" : "unanswered", failure: after.failure };
    case "held":
      return { what: after.failure?.code === "send-late" ? "late" : "held", failure: after.failure };
    case "accepted":
    case "filed":
      return { what: before.state === "unknown" ? "arrived" : "accepted", failure: null, words: answers(after) };
    case "queued":
      if (before.hold !== after.hold && (after.hold === "not-offered" || after.hold === "too-far"))
        return { what: "kept-here", failure: null };
      if (before.requireTls && !after.requireTls) return { what: "without-tls", failure: null };
      if (before.state === "held") return { what: "asked-again", failure: null };
      if (before.state === "unknown") return { what: "sent-again", failure: null };
      if (after.attempts > before.attempts) return { what: "put-off", failure: after.failure };
      // What an attempt meets comes with a failure of its own; one that was broken off leaves what stood there before it.
      if (after.failure === before.failure) return { what: "interrupted", failure: null };
      return { what: "not-tried", failure: after.failure };
  }
}

/** The event that a change is, for the reader of its history; null when it is none. */
export function eventOf(before: Item, after: Item, stage: SmtpStage, now: number, over = NOWHERE): TimelineEvent | null {
  const found = whatHappened(before, after, over);
  if (found === null) return null;
  const ofAttempt = [before, after].some(({ state }) => state === "sending" || state === "finishing");
  return {
    at: now,
    what: found.what,
    stage,
    code: found.failure?.code ?? null,
    params: { ...found.failure?.params },
    words: found.words ?? found.failure?.serverWords ?? "",
    server: ofAttempt ? over.server : null,
    insteadOf: found.what === "begun-elsewhere" ? (over.instead?.of ?? null) : null,
  };
}
