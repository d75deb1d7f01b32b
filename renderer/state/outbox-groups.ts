import type { OutboxItem } from "../../shared/contract/outbox.ts";

export type OutboxGroups = {
  readonly needsYou: readonly OutboxItem[];
  readonly goingOut: readonly OutboxItem[];
  /** What the user wants to go at a moment to come. */
  readonly later: readonly OutboxItem[];
  readonly sentToday: readonly OutboxItem[];
  readonly ended: readonly OutboxItem[];
};

/** The page's four parts in its order: refused before unknown, then by the turn they go in, then the newest first. */
export function groupOutbox(items: readonly OutboxItem[], now: number): OutboxGroups {
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const rank = { held: 0, unknown: 1 } as Record<string, number>;
  const rankOf = (item: OutboxItem): number | undefined => rank[item.state] ?? (copyRefused(item) ? 2 : undefined);
  const turn = { finishing: 0, sending: 1, queued: 2 } as Record<string, number>;
  return {
    needsYou: items
      .filter((item) => rankOf(item) !== undefined)
      .toSorted((a, b) => (rankOf(a) ?? 0) - (rankOf(b) ?? 0) || a.createdAt - b.createdAt),
    goingOut: items
      .filter((item) => item.state in turn && !isLater(item, now))
      .toSorted((a, b) => (turn[a.state] ?? 0) - (turn[b.state] ?? 0) || dueAt(a) - dueAt(b) || a.createdAt - b.createdAt),
    later: items.filter((item) => isLater(item, now)).toSorted((a, b) => (a.sendAt ?? 0) - (b.sendAt ?? 0)),
    sentToday: items
      // Accepted but not filed is not over yet, whatever the day.
      .filter((item) => !isLater(item, now))
      .filter((item) => (item.state === "accepted" && !copyRefused(item)) || (item.state === "filed" && (item.acceptedAt ?? 0) >= midnight))
      .toSorted((a, b) => (b.acceptedAt ?? 0) - (a.acceptedAt ?? 0)),
    ended: items.filter(({ state }) => state === "cancelled").toSorted((a, b) => b.createdAt - a.createdAt),
  };
}

export function isLater({ state, sendAt, hold }: OutboxItem, now: number): boolean {
  return sendAt !== null && sendAt > now && (state === "queued" || isHeldByServer({ state, hold }));
}

/** Handed over, and the server sends it at its moment: nothing can take it back. */
export function isHeldByServer({ state, hold }: Pick<OutboxItem, "state" | "hold">): boolean {
  return hold === "asked" && state === "accepted";
}

/** It went out, and Sent does not take its copy: the user may want to know why. A line that is down mends itself. */
export function copyRefused({ state, filingFailure }: OutboxItem): boolean {
  return state === "accepted" && filingFailure !== null && filingFailure.kind !== "offline" && filingFailure.kind !== "throttled";
}

function dueAt(item: OutboxItem): number {
  return item.attempts > 0 && item.nextTryAt !== null ? item.nextTryAt : 0;
}

/** Stages the dialogue has passed and the one it is in, in RFC 5321's order, as the card shows them. */
export const SHOWN_STAGES = ["greeted", "signed-in", "recipients", "uploading", "finishing", "answered"] as const;
export type ShownStage = (typeof SHOWN_STAGES)[number];

export function stageProgress(item: OutboxItem): { done: readonly ShownStage[]; now: ShownStage | "connecting" | "waiting" } {
  if (item.stage === "waiting" || item.stage === "connecting") return { done: [], now: item.stage };
  const at = SHOWN_STAGES.indexOf(item.stage);
  // `greeted` says that the greeting has come; `recipients` and what is behind it that it goes on.
  const reached = item.stage === "recipients" || item.stage === "uploading" || item.stage === "finishing" ? at : at + 1;
  return { done: SHOWN_STAGES.slice(0, reached), now: SHOWN_STAGES[Math.min(reached, SHOWN_STAGES.length - 1)] ?? "answered" };
}
