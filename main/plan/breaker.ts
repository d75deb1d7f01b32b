import type { FailureData } from "../../shared/failure.ts";
import { backoffMs, LONGEST_BACKOFF_MS, unlessSetBack } from "./backoff.ts";

/**
 * Whether a server may be connected to. Closed: freely. Open: it could not be had, and is left alone until `until`. Half-open: one
 * connection, the probe, is trying it; all others wait for what it finds.
 */
export type Breaker =
  | { readonly kind: "closed" }
  | { readonly kind: "open"; readonly failures: number; readonly until: number; readonly failure: FailureData }
  | { readonly kind: "half-open"; readonly failures: number; readonly failure: FailureData };

export const CLOSED: Breaker = { kind: "closed" };

/** The first moment at which a connection may be tried, ms UTC; infinite while a probe is out. */
export function connectNotBefore(breaker: Breaker, now: number): number {
  if (breaker.kind === "closed") return 0;
  return breaker.kind === "open" ? unlessSetBack(breaker.until, LONGEST_BACKOFF_MS, now) : Number.POSITIVE_INFINITY;
}

/** A connection is about to be tried. Ask `connectNotBefore` first. */
export function connecting(breaker: Breaker): Breaker {
  return breaker.kind === "open" ? { kind: "half-open", failures: breaker.failures, failure: breaker.failure } : breaker;
}

/**
 * The server could not be had. Others that were under way when the first one failed say nothing new.
 *
 * @param roll in [0, 1), spreads clients that failed together
 */
export function unreached(breaker: Breaker, failure: FailureData, now: number, roll: number): Breaker {
  if (breaker.kind === "open") return breaker;
  const failures = breaker.kind === "closed" ? 0 : breaker.failures;
  return { kind: "open", failures: failures + 1, until: now + backoffMs(failures, roll), failure };
}

/** The probe ended without having asked the server (no password, taken back): the next may go. */
export function notAsked(breaker: Breaker, now: number): Breaker {
  return breaker.kind === "half-open" ? { ...breaker, kind: "open", until: now } : breaker;
}

/** The network is back, or the user asks: the next probe may go at once, and waits start small again. */
export function hurried(breaker: Breaker, now: number): Breaker {
  return breaker.kind === "open" ? { ...breaker, failures: 0, until: Math.min(breaker.until, now) } : breaker;
}
