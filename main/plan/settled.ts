import type { FailureData } from "../../shared/failure.ts";
import { type Item, MAX_ATTEMPTS, type Recipient, releasedAt, remaining } from "./outbox-item.ts";

/** Where an item stands once no attempt is under way: done, waiting for the rest of its recipients, or for the user. */
export function settled(item: Item, now: number, waitMs: number): Item {
  const some = item.recipients.some(({ state }) => state === "accepted");
  const acceptedAt = item.acceptedAt ?? (some ? now : null);
  const owed = some && item.filedAt === null && item.acceptedAt === null;
  const base: Item = { ...item, acceptedAt, nextFilingAt: owed ? releasedAt(item, now) : item.nextFilingAt, search: null, nextTryAt: null };
  if (remaining(base).length > 0) {
    if (base.attempts >= MAX_ATTEMPTS) return { ...base, state: "held" };
    return { ...base, state: "queued", nextTryAt: now + waitMs };
  }
  if (base.recipients.some(({ state }) => state === "refused")) return { ...base, state: "held" };
  return { ...base, state: base.filedAt === null ? "accepted" : "filed", failure: null };
}

export function failureOf(recipients: readonly Recipient[]): FailureData | null {
  const worst = recipients.find(({ state }) => state === "refused") ?? recipients.find(({ state }) => state === "deferred");
  if (!worst) return null;
  const common = { params: { address: worst.address }, serverWords: worst.serverWords.slice(0, 1000) };
  return worst.state === "refused"
    ? { kind: "refused", code: "recipient-refused", ...common }
    : { kind: "throttled", code: "throttled", ...common };
}
