import type { Item } from "./outbox-item.ts";
import { settled } from "./settled.ts";

/** Send now, whatever the back-off says; a held one is given all its attempts again. */
export function afterRetry(item: Item, now: number): Item {
  if (item.state !== "queued" && item.state !== "held") return item;
  const recipients = item.recipients.map((recipient) =>
    recipient.state === "refused" ? { ...recipient, state: "waiting" as const } : recipient,
  );
  return {
    ...item,
    recipients,
    state: "queued",
    attempts: item.state === "held" ? 0 : item.attempts,
    // The rest of those for whom the server keeps it already get it when they do.
    ...(item.acceptedAt !== null && item.hold === "asked" ? {} : { sendAt: null, hold: null }),
    nextTryAt: now,
    undoUntil: Math.min(item.undoUntil, now),
  };
}

/** The user does not insist on encrypted lines any more, and wants it sent. */
export function withoutRequireTls(item: Item, now: number): Item {
  return {
    ...afterRetry(item, now),
    sendAt: item.sendAt !== null && item.sendAt > now ? item.sendAt : null,
    hold: item.hold,
    requireTls: false,
  };
}

/** Taken back for those who do not have it yet: the rest of its life is that of the copies already accepted. */
export function withoutTheRest(item: Item, now: number): Item {
  const recipients = item.recipients.filter(({ state }) => state === "accepted");
  if (recipients.length === 0) return { ...item, state: "cancelled", nextTryAt: null, search: null };
  return settled({ ...item, recipients }, now, 0);
}
