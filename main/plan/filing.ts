import type { FailureData } from "../../shared/failure.ts";
import { backoffMs, LONGEST_BACKOFF_MS, unlessSetBack } from "./backoff.ts";
import { at, type Item, NOTHING, type Step, type World } from "./outbox-item.ts";

/** Filing goes its own way: it is owed from the first acceptance on, and nothing about it ever sends again. */
export function planFiling(item: Item, world: World): Step {
  if (item.acceptedAt === null || item.filedAt !== null || item.nextFilingAt === null || !world.online || world.stopped) return NOTHING;
  return at(item.hold === "asked" ? item.nextFilingAt : unlessSetBack(item.nextFilingAt, LONGEST_BACKOFF_MS, world.now), world.now, "file");
}

/**
 * Filed, or not: then again later, and never by sending.
 *
 * @param result a failure, or how long the provider's own copy is still waited for
 */
export function afterFiling(item: Item, result: "filed" | FailureData | { readonly waitMs: number }, now: number, roll: number): Item {
  if (result === "filed") {
    return { ...item, filedAt: now, nextFilingAt: null, filingFailure: null, state: item.state === "accepted" ? "filed" : item.state };
  }
  const backoff = backoffMs(item.filingAttempts, roll);
  const later = { ...item, filingAttempts: item.filingAttempts + 1 };
  if ("waitMs" in result) return { ...later, filingFailure: null, nextFilingAt: now + Math.min(backoff, result.waitMs) };
  return { ...later, filingFailure: result, nextFilingAt: now + backoff };
}

/** A line that is down mends itself; a server that says no to the copy wants to be known about. */
export function filingNeedsUser({ kind }: FailureData): boolean {
  return kind !== "offline" && kind !== "throttled";
}

/** The user asks for its copy to be filed now. */
export function afterFilingAsked(item: Item, now: number): Item {
  return item.acceptedAt === null || item.filedAt !== null ? item : { ...item, nextFilingAt: now };
}

/** The user does without a copy in Sent. */
export function withoutCopy(item: Item): Item {
  return { ...item, nextFilingAt: null, filingFailure: null };
}
