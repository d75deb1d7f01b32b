import type { Notice } from "../../shared/contract/health.ts";

/** What one toast tells of messages of the outbox: that they wait for the user, or that they were sent. Never none. */
export type Gathered = { readonly kind: "waiting" | "sent"; readonly notices: readonly Notice[] };

const WAITING: ReadonlySet<Notice["code"]> = new Set(["message-held", "message-unknown", "not-filed"]);

/**
 * The toast about the outbox after one more notice, so that twenty messages are told of once. What waits for the user is not pushed aside by
 * what was sent meanwhile, and is no longer counted once it was sent itself.
 *
 * @param standing what the toast that is on the screen tells
 * @returns `standing` itself when nothing new is to be said; null when the notice is not about one message of the outbox
 */
export function gather(standing: Gathered | null, fresh: Notice): Gathered | null {
  const kind = WAITING.has(fresh.code) ? "waiting" : fresh.code === "message-sent" ? "sent" : null;
  if (kind === null) return null;
  if (standing === null) return { kind, notices: [fresh] };
  const others = standing.notices.filter(({ params }) => params["item"] !== fresh.params["item"]);
  if (standing.kind === kind) return { kind, notices: [...others, fresh] };
  if (kind === "waiting" || others.length === 0) return { kind, notices: [fresh] };
  return others.length === standing.notices.length ? standing : { kind: standing.kind, notices: others };
}
