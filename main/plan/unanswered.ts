import type { FailureData } from "../../shared/failure.ts";
import { type Item, releasedAt, type Search } from "./outbox-item.ts";
import { failureOf, settled } from "./settled.ts";

const SECOND = 1000;

const MINUTE = 60 * SECOND;

/** Waits between the looks for a message that may have arrived: at once, 15 s, 1 min, 2, 5, 10, 20 and 30 min after the line died. */
export const LOOK_WAITS_MS: readonly number[] = [0, 15 * SECOND, 45 * SECOND, MINUTE, 3 * MINUTE, 5 * MINUTE, 10 * MINUTE, 10 * MINUTE];

/** When Sent could not be searched (offline, for instance): that look does not count. */
const LOOK_AGAIN_MS = 30 * SECOND;

/** Where an earlier attempt was accepted for others, its copy lies in Sent already and proves nothing: the user is asked at once. */
export function newSearch(item: Item, handedOverAt: number): Search {
  // Before its moment a server that keeps it has nothing in Sent.
  const first = releasedAt(item, handedOverAt);
  const lookUntil = first + LOOK_WAITS_MS.reduce((sum, wait) => sum + wait, 0);
  return { handedOverAt, looks: 0, nextLookAt: item.acceptedAt === null ? first : null, lookUntil };
}

/** @param found true: Sent has it; `inbox`: only the inbox has; null when neither could be searched */
export function afterLook(item: Item, found: boolean | "inbox" | null, now: number): Item {
  const { search } = item;
  if (item.state !== "unknown" || search === null) return item;
  // It came back to its sender: it went out, and its copy in Sent is owed.
  if (found === "inbox") return arrived(item, now);
  if (found === true) {
    // A server that files sent mail by itself has shown that it took it, and that nothing is left to file.
    const after = arrived(item, now);
    return { ...after, filedAt: now, nextFilingAt: null, state: after.state === "accepted" ? "filed" : after.state };
  }
  if (found === null) {
    const lookUntil = Math.max(search.lookUntil, now + LOOK_AGAIN_MS);
    return { ...item, search: { ...search, nextLookAt: now + LOOK_AGAIN_MS, lookUntil } };
  }
  const looks = search.looks + 1;
  const left = LOOK_WAITS_MS.slice(looks);
  const nextLookAt = left[0] === undefined ? null : now + left[0];
  return { ...item, search: { ...search, looks, nextLookAt, lookUntil: now + left.reduce((sum, wait) => sum + wait, 0) } };
}

/** Everyone to whom the unanswered copy was handed over has it; those refused or deferred before that do not. */
function arrived(item: Item, now: number): Item {
  const recipients = item.recipients.map((recipient) =>
    recipient.state === "waiting" ? { ...recipient, state: "accepted" as const } : recipient,
  );
  return settled({ ...item, recipients, failure: failureOf(recipients) }, now, 0);
}

/** What the user says about an `unknown`. */
export function afterDecision(item: Item, decision: "arrived" | "send-again" | "keep-looking", now: number): Item {
  if (item.state !== "unknown") return item;
  if (decision === "arrived") return arrived(item, now);
  if (decision === "send-again")
    return { ...item, hold: item.hold === "asked" ? "wanted" : item.hold, state: "queued", nextTryAt: now, search: null, failure: null };
  return { ...item, search: { ...newSearch(item, now), handedOverAt: item.search?.handedOverAt ?? now } };
}

/** What becomes of an item whose row was lost, and that comes from an older copy of it: it may have been sent since. */
export function afterRestored(item: Item, now: number): Item {
  if (item.state === "accepted" || item.state === "filed" || item.state === "cancelled") return item;
  const failure: FailureData = { kind: "storage", code: "from-spare-copy", params: {} };
  return { ...item, state: "unknown", failure, nextTryAt: null, sendAt: null, search: newSearch(item, now) };
}
