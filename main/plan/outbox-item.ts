import type { HoldState, OutboxState } from "../../shared/contract/outbox.ts";
import type { FailureData } from "../../shared/failure.ts";

export type RecipientState = "waiting" | "accepted" | "refused" | "deferred";

export type Recipient = { readonly address: string; readonly state: RecipientState; readonly serverWords: string };

export type RecipientOutcome = Recipient & { readonly state: Exclude<RecipientState, "waiting"> };

/** What one dialogue with the server came to. Recipients not named share the verdict. */
export type AttemptOutcome = {
  /**
   * `stopped`: broken off by the user before the end was sent. `unknown`: the end may have arrived, no answer did. `kept-here`: it was to be
   * held by the server, which cannot do that; nothing was handed over.
   */
  readonly verdict: "answered" | "retryable" | "permanent" | "unknown" | "stopped" | "kept-here";
  readonly failure: FailureData | null;
  readonly recipients: readonly RecipientOutcome[];
  /** The server spoke of the sender, not of this message: it costs the message no attempt. */
  readonly aboutSender?: boolean;
  /** Who was turned away only did not fit into one message: they go in the next, at once. */
  readonly goesOn?: boolean;
  /** The server itself failed, and the next one takes over at once. */
  readonly goesElsewhere?: boolean;
  /** Of `kept-here`: why. */
  readonly kept?: "not-offered" | "too-far";
};

export type Search = {
  readonly handedOverAt: number;
  readonly looks: number;
  readonly nextLookAt: number | null;
  readonly lookUntil: number;
};

/** Whether the server is to report what becomes of a message (RFC 3461); null = not wanted. */
export type ReportRequest = "wanted" | "asked" | "not-offered" | null;

/** All that decides what happens to an item of the outbox. Times in ms UTC. */
export type Item = {
  readonly state: OutboxState;
  readonly undoUntil: number;
  /** When the user wants it to go; null = as soon as possible. */
  readonly sendAt: number | null;
  readonly nextTryAt: number | null;
  readonly attempts: number;
  readonly recipients: readonly Recipient[];
  /** First time a server took it for at least one recipient. */
  readonly acceptedAt: number | null;
  readonly filedAt: number | null;
  readonly nextFilingAt: number | null;
  readonly filingAttempts: number;
  /** What the last try to file it met; null while the provider's own copy is only waited for. */
  readonly filingFailure: FailureData | null;
  readonly failure: FailureData | null;
  readonly search: Search | null;
  readonly report: ReportRequest;
  /** Whether its server keeps it until `sendAt` (RFC 4865); null = this computer does. */
  readonly hold: HoldState | null;
  /** Over encrypted lines only, or not at all (RFC 8689). */
  readonly requireTls: boolean;
};

export type World = {
  readonly now: number;
  readonly online: boolean;
  readonly paused: boolean;
  /** The account waits for a password, a certificate or the user. */
  readonly stopped: boolean;
  /** Nothing is offered to its server before this: it could not be had, or wants no more for now. */
  readonly connectNotBefore: number;
};

/** `ask`: it is so late that the user may not want it to go any more. */
export type Step = { readonly kind: "send" | "look" | "file" | "ask" | "nothing" } | { readonly kind: "wait"; readonly until: number };

export const NOTHING: Step = { kind: "nothing" };

export function at(when: number, now: number, kind: "send" | "look" | "file"): Step {
  return when <= now ? { kind } : { kind: "wait", until: when };
}

/** Attempts in which the server was reached but did not take the message, before it is held. */
export const MAX_ATTEMPTS = 10;

/** The addresses that the next attempt names. Nobody who has the message is ever named again. */
export function remaining(item: Pick<Item, "recipients">): readonly string[] {
  return item.recipients.filter(({ state }) => state === "waiting" || state === "deferred").map(({ address }) => address);
}

/** When it leaves this computer: at its moment, or at once where the server keeps it until then. */
export function leavesAt({ sendAt, hold }: Pick<Item, "sendAt" | "hold">): number {
  return hold === "wanted" || hold === "asked" ? 0 : (sendAt ?? 0);
}

/** Until when the server is to keep it, ms UTC; null when it goes on at once. */
export function holdsUntil({ sendAt, hold }: Pick<Item, "sendAt" | "hold">, now: number): number | null {
  return (hold === "wanted" || hold === "asked") && sendAt !== null && sendAt > now ? sendAt : null;
}

/** When it goes on to its readers, as far as is known: what the server keeps is not sent before its moment. ms UTC. */
export function releasedAt({ sendAt, hold }: Pick<Item, "sendAt" | "hold">, acceptedAt: number): number {
  return hold === "asked" && sendAt !== null ? Math.max(acceptedAt, sendAt) : acceptedAt;
}

/** Failures that every message of the account would meet until the user has done something. */
export function stopsAccount(failure: FailureData): boolean {
  return failure.kind === "auth" || failure.kind === "untrusted";
}
