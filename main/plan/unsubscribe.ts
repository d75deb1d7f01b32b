import { backoffMs } from "./backoff.ts";

/** How telling a sender's server ended. */
export type PostAnswer =
  /** `retryAfterMs`: what it asks to wait before another try; null when it does not say. */
  | { readonly kind: "answered"; readonly status: number; readonly words: string; readonly retryAfterMs: number | null }
  /** Nothing was sent. */
  | { readonly kind: "not-reached"; readonly words: string }
  /** It would have to be sent to a place that no mail may send anything to. */
  | { readonly kind: "forbidden" }
  /** Sent, at least in part, and no answer came. */
  | { readonly kind: "cut" };

export type PostStep =
  | { readonly kind: "told" }
  | { readonly kind: "refused"; readonly status: number | null; readonly words: string }
  | { readonly kind: "unknown" }
  /** Again at this time, ms UTC: the server has done nothing. */
  | { readonly kind: "wait"; readonly until: number };

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** A server that cannot be reached for so long is not there any more. */
const LONGEST_MS = 7 * DAY;
const MOST_ATTEMPTS = 8;

/**
 * What follows from an answer. Nothing is sent again unless the server says that it did nothing (RFC 9110 §15.5.30, §15.6.4) or was never
 * reached.
 * @param attempts those that were made, this one included
 * @param askedAt when the user asked, ms UTC
 * @param roll in [0, 1), spreads the tries
 */
export function afterPost(answer: PostAnswer, attempts: number, askedAt: number, now: number, roll: number): PostStep {
  switch (answer.kind) {
    case "forbidden":
      return { kind: "refused", status: null, words: "" };
    case "cut":
      return { kind: "unknown" };
    case "not-reached":
      if (now - askedAt > LONGEST_MS) return { kind: "refused", status: null, words: answer.words };
      return { kind: "wait", until: now + waitMs(attempts, roll) };
    case "answered": {
      const { status, words, retryAfterMs } = answer;
      if (status >= 200 && status < 300) return { kind: "told" };
      const busy = status === 429 || status === 503;
      if (!busy || attempts >= MOST_ATTEMPTS || now - askedAt > LONGEST_MS) return { kind: "refused", status, words };
      return { kind: "wait", until: now + Math.max(waitMs(attempts, roll), Math.min(retryAfterMs ?? 0, DAY)) };
    }
  }
}

/** Nobody waits for it in front of the screen: a minute at least. */
export function waitMs(attempts: number, roll: number): number {
  return MINUTE + backoffMs(attempts, roll);
}
