import type { HoldState } from "../../shared/contract/outbox.ts";

/** How far ahead a server holds a message back: milliseconds from now, and a last moment in ms UTC (RFC 4865 §3). */
export type HoldLimits = { readonly longestMs: number; readonly until: number };

/** What a server offers beyond the common, as the composer wants to know it beforehand. */
export type Offers = { readonly hold: HoldLimits | null; readonly requireTls: boolean };

/** Why a server cannot hold a message until `at` (ms UTC); null when it can. */
export function cannotHold(limits: HoldLimits | null, at: number, now: number): Extract<HoldState, "not-offered" | "too-far"> | null {
  if (limits === null) return "not-offered";
  const asked = wholeSecond(at);
  return asked - now > limits.longestMs || asked > limits.until ? "too-far" : null;
}

/**
 * The moment as RFC 4865 and RFC 3339 want it: UTC, whole seconds, never before `at`. A moment and no interval, because an interval would
 * begin only when the server reads it, after retries and a slow line.
 */
export function holdUntil(at: number): string {
  return new Date(wholeSecond(at)).toISOString().replace(".000", "");
}

function wholeSecond(at: number): number {
  return Math.ceil(at / 1000) * 1000;
}
