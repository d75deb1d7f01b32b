import type { FailureData } from "../../shared/failure.ts";
import { backoffMs, LONGEST_BACKOFF_MS, unlessSetBack } from "./backoff.ts";
import {
  type AttemptOutcome,
  at,
  type Item,
  leavesAt,
  NOTHING,
  type Recipient,
  type RecipientOutcome,
  releasedAt,
  type Step,
  stopsAccount,
  type World,
} from "./outbox-item.ts";
import { failureOf, settled } from "./settled.ts";
import { newSearch } from "./unanswered.ts";

const MINUTE = 60_000;

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
