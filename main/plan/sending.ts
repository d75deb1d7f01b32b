import type { HoldState, OutboxState } from "../../shared/contract/outbox.ts";
import type { FailureData } from "../../shared/failure.ts";
import { backoffMs, LONGEST_BACKOFF_MS, unlessSetBack } from "./backoff.ts";

/** Attempts in which the server was reached but did not take the message, before it is held. */
export const MAX_ATTEMPTS = 10;

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Waits between the looks for a message that may have arrived: at once, 15 s, 1 min, 2, 5, 10, 20 and 30 min after the line died. */
export const LOOK_WAITS_MS: readonly number[] = [0, 15 * SECOND, 45 * SECOND, MINUTE, 3 * MINUTE, 5 * MINUTE, 10 * MINUTE, 10 * MINUTE];
/** When Sent could not be searched (offline, for instance): that look does not count. */
const LOOK_AGAIN_MS = 30 * SECOND;

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

const NOTHING: Step = { kind: "nothing" };

function at(when: number, now: number, kind: "send" | "look" | "file"): Step {
  return when <= now ? { kind } : { kind: "wait", until: when };
}

/** The addresses that the next attempt names. Nobody who has the message is ever named again. */
export function remaining(item: Pick<Item, "recipients">): readonly string[] {
  return item.recipients.filter(({ state }) => state === "waiting" || state === "deferred").map(({ address }) => address);
}

/** The next step on the way to the server. */
export function planSending(item: Item, world: World): Step {
  if (item.state === "unknown") {
    const next = item.search?.nextLookAt ?? null;
    if (next === null || !world.online || world.stopped) return NOTHING;
    return at(item.hold === "asked" ? next : unlessSetBack(next, LONGEST_BACKOFF_MS, world.now), world.now, "look");
  }
  if (item.state !== "queued" || world.paused || world.stopped || !world.online) return NOTHING;
  if (isTooLate(item, world.now)) return { kind: "ask" };
  const undo = unlessSetBack(item.undoUntil, LONGEST_UNDO_MS, world.now);
  const again = unlessSetBack(item.nextTryAt ?? 0, LONGEST_BACKOFF_MS, world.now);
  return at(Math.max(undo, leavesAt(item), again, world.connectNotBefore), world.now, "send");
}

/** The settings allow no longer time to undo. */
const LONGEST_UNDO_MS = MINUTE;

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

/** So much later than the user wanted, the computer having been off or offline, it does not go without a question. */
export const LATE_MS = 2 * 60 * MINUTE;

/** Before the first attempt only: what has been tried is late for reasons that the user can see. */
function isTooLate({ sendAt, attempts, nextTryAt }: Item, now: number): boolean {
  return sendAt !== null && attempts === 0 && nextTryAt === null && now - sendAt > LATE_MS;
}

/** The user is asked whether it shall still go. */
export function askedForLateness(item: Item): Item {
  return item.state === "queued" ? { ...item, state: "held", failure: { kind: "conflict", code: "send-late", params: {} } } : item;
}

/** Whose turn comes first: what the user has just sent (0), then what is tried again (1), then what goes to many (2). */
export function turnOf({ attempts, bulkId }: Pick<Item, "attempts"> & { readonly bulkId: number | null }): 0 | 1 | 2 {
  if (bulkId !== null) return 2;
  return attempts === 0 ? 0 : 1;
}

/** Filing goes its own way: it is owed from the first acceptance on, and nothing about it ever sends again. */
export function planFiling(item: Item, world: World): Step {
  if (item.acceptedAt === null || item.filedAt !== null || item.nextFilingAt === null || !world.online || world.stopped) return NOTHING;
  return at(item.hold === "asked" ? item.nextFilingAt : unlessSetBack(item.nextFilingAt, LONGEST_BACKOFF_MS, world.now), world.now, "file");
}

/** A new dialogue begins: all who are left start afresh, so that what it says of them is told from what an earlier one said. */
export function beginAttempt(item: Item): Item {
  const recipients = item.recipients.map((recipient) =>
    recipient.state === "deferred" ? { ...recipient, state: "waiting" as const } : recipient,
  );
  return { ...item, state: "sending", recipients, nextTryAt: null };
}

/**
 * The end of the message is about to leave, for all recipients but those the server has just turned away.
 *
 * @param offersReports whether the server could be asked for reports
 * @param held whether the server was told to keep it until its moment
 */
export function beginFinishing(item: Item, turnedAway: readonly RecipientOutcome[], offersReports = false, held = false): Item {
  const report = item.report === null ? null : offersReports ? "asked" : "not-offered";
  // What some of its readers get at its moment stays so, also when the rest came after it.
  const hold = held ? "asked" : item.hold === "wanted" ? null : item.hold;
  return { ...item, report, hold, state: "finishing", recipients: withOutcome(item.recipients, turnedAway) };
}

function withOutcome(recipients: readonly Recipient[], outcomes: readonly RecipientOutcome[]): Recipient[] {
  const told = new Map(outcomes.map((outcome) => [outcome.address, outcome]));
  return recipients.map((recipient) => {
    // Who has it, has it: no later attempt can take that back.
    if (recipient.state === "accepted") return recipient;
    return told.get(recipient.address) ?? recipient;
  });
}

/** Where an item stands once no attempt is under way: done, waiting for the rest of its recipients, or for the user. */
function settled(item: Item, now: number, waitMs: number): Item {
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

/**
 * What an attempt leaves behind.
 *
 * @param roll in [0, 1), spreads the next tries
 */
export function afterAttempt(item: Item, outcome: AttemptOutcome, now: number, roll: number): Item {
  const recipients = withOutcome(item.recipients, outcome.recipients);
  const tried: Item = { ...item, recipients, failure: outcome.failure };
  const waitMs = backoffMs(item.attempts, roll);
  switch (outcome.verdict) {
    case "answered": {
      if (outcome.goesOn === true) return settled({ ...tried, failure: null, attempts: item.attempts }, now, 0);
      const failure = failureOf(recipients);
      return settled({ ...tried, failure, attempts: item.attempts + 1 }, now, waitMs);
    }
    case "retryable":
      // When it goes again is for the server's pause to say.
      if (outcome.aboutSender === true) return settled({ ...tried, recipients: item.recipients }, now, 0);
      return settled({ ...tried, attempts: item.attempts + 1 }, now, outcome.goesElsewhere === true ? 0 : waitMs);
    case "permanent":
      return { ...tried, attempts: item.attempts + 1, state: "held", nextTryAt: null };
    case "unknown":
      return { ...tried, attempts: item.attempts + 1, state: "unknown", nextTryAt: null, search: newSearch(item, now) };
    case "stopped":
      return { ...item, state: "queued" };
    case "kept-here":
      return { ...item, state: "queued", hold: outcome.kept ?? "not-offered", failure: null };
  }
}

function failureOf(recipients: readonly Recipient[]): FailureData | null {
  const worst = recipients.find(({ state }) => state === "refused") ?? recipients.find(({ state }) => state === "deferred");
  if (!worst) return null;
  const common = { params: { address: worst.address }, serverWords: worst.serverWords.slice(0, 1000) };
  return worst.state === "refused"
    ? { kind: "refused", code: "recipient-refused", ...common }
    : { kind: "throttled", code: "throttled", ...common };
}

/** Where an earlier attempt was accepted for others, its copy lies in Sent already and proves nothing: the user is asked at once. */
function newSearch(item: Item, handedOverAt: number): Search {
  // Before its moment a server that keeps it has nothing in Sent.
  const first = releasedAt(item, handedOverAt);
  const lookUntil = first + LOOK_WAITS_MS.reduce((sum, wait) => sum + wait, 0);
  return { handedOverAt, looks: 0, nextLookAt: item.acceptedAt === null ? first : null, lookUntil };
}

/**
 * No connection to the server came about: the message was not tried, and no attempt is counted.
 *
 * @param others the account has another server, over which it goes as soon as it can
 */
export function afterNoConnection(item: Item, failure: FailureData, others = false): Item {
  const vault = failure.code === "vault-locked" || failure.code === "vault-unavailable";
  const needsUser = stopsAccount(failure) && !vault && !others;
  return { ...item, state: needsUser ? "held" : "queued", failure };
}

/** Failures that every message of the account would meet until the user has done something. */
export function stopsAccount(failure: FailureData): boolean {
  return failure.kind === "auth" || failure.kind === "untrusted";
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

/** What a start after a crash makes of what it finds. `finishing` was written before the end of the message could leave. */
export function afterRestart(item: Item, handedOverAt: number, now: number): Item {
  if (item.state === "sending") return { ...item, state: "queued", nextTryAt: now };
  if (item.state !== "finishing") return item;
  const failure: FailureData = { kind: "bug", code: "engine-restarted", params: {} };
  return {
    ...item,
    state: "unknown",
    failure,
    search: {
      ...newSearch(item, handedOverAt),
      nextLookAt: item.acceptedAt === null ? Math.max(now, releasedAt(item, handedOverAt)) : null,
    },
  };
}

/** What becomes of an item whose row was lost, and that comes from an older copy of it: it may have been sent since. */
export function afterRestored(item: Item, now: number): Item {
  if (item.state === "accepted" || item.state === "filed" || item.state === "cancelled") return item;
  const failure: FailureData = { kind: "storage", code: "from-spare-copy", params: {} };
  return { ...item, state: "unknown", failure, nextTryAt: null, sendAt: null, search: newSearch(item, now) };
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

/** Taken back for those who do not have it yet: the rest of its life is that of the copies already accepted. */
export function withoutTheRest(item: Item, now: number): Item {
  const recipients = item.recipients.filter(({ state }) => state === "accepted");
  if (recipients.length === 0) return { ...item, state: "cancelled", nextTryAt: null, search: null };
  return settled({ ...item, recipients }, now, 0);
}
