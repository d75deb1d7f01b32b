import type { Fallback } from "../../shared/contract/accounts.ts";
import { Failure, type FailureData } from "../../shared/failure.ts";
import { type Breaker, connectNotBefore } from "./breaker.ts";
import type { AttemptOutcome, RecipientOutcome } from "./outbox-item.ts";
import type { Wait } from "./pace.ts";

/** How one outgoing server of an account stands. */
export type WayState = {
  readonly breaker: Breaker;
  /** What keeps the account's messages from it though it is there. */
  readonly wait: Wait | null;
  /** Over a connection that is open: whether others reach it does not matter. */
  readonly connected: boolean;
  /** Nothing goes over it until the user has done something. */
  readonly stopped: boolean;
};

/** `at`: which of them; `until`: when to look again, ms UTC, perhaps infinite. */
export type WayPlan = { readonly kind: "use"; readonly at: number } | { readonly kind: "wait"; readonly until: number };

/**
 * Which server the next message goes over: the first that is free, and never past one unless what is in the way there is what the user has
 * agreed to. It is asked for messages of which nothing was handed over, or only copies that others have already.
 *
 * @param ways in the user's order
 */
export function planWay(ways: readonly WayState[], fallback: Fallback, now: number): WayPlan {
  let until = Number.POSITIVE_INFINITY;
  for (const [at, way] of ways.entries()) {
    if (!way.stopped) {
      const free = freeAt(way, now);
      if (free <= now) return { kind: "use", at };
      until = Math.min(until, free);
    }
    if (!mayPass(way, fallback, now)) break;
  }
  return { kind: "wait", until };
}

function freeAt({ breaker, wait, connected }: WayState, now: number): number {
  return Math.max(connected ? 0 : connectNotBefore(breaker, now), wait?.until ?? 0);
}

function mayPass({ breaker, wait, connected, stopped }: WayState, fallback: Fallback, now: number): boolean {
  if (fallback === "none") return false;
  if (stopped) return true;
  const down = !connected && breaker.kind !== "closed" && connectNotBefore(breaker, now) > now;
  if (down && isLimit(breaker.failure) && fallback !== "limits") return false;
  // Our own pace passes within the minute; to go past it would only spend the next server's.
  if (wait === null || wait.until <= now || wait.why === "minute") return down;
  return fallback === "limits";
}

/** Whether a server was there and wanted no more, rather than being down. */
function isLimit({ kind, code }: FailureData): boolean {
  return kind === "throttled" && code !== "server-unavailable";
}

/** Whether an attempt failed because the server did, before the end of the message was let go, and not for the message or its sender. */
export function serverFailed({ verdict, failure, aboutSender }: AttemptOutcome): boolean {
  if (verdict !== "retryable" || failure === null || aboutSender === true) return false;
  return failure.kind === "offline" || failure.code === "server-unavailable";
}

const RELAYING = /\brelay/iu;

function isDenied({ state, serverWords }: RecipientOutcome): boolean {
  return state === "refused" && RELAYING.test(serverWords);
}

/**
 * What an attempt over a further server came to. That it carries nothing for this sender (the address is not its user's, it passes nothing on, it wants
 * another sign-in) is a word about the two of them: held for that, a message would be worse off than without the agreement. It goes on waiting for the others.
 *
 * @returns `aside`: why the server is not asked again until the user has done something; null when it is
 */
export function asFurther(
  outcome: AttemptOutcome,
  { host, port, from }: { readonly host: string; readonly port: number; readonly from: string },
): { readonly outcome: AttemptOutcome; readonly aside: FailureData | null } {
  const { verdict, failure, recipients } = outcome;
  const refused = (serverWords: string | undefined): FailureData =>
    new Failure("sender-refused", { params: { host, port, address: from }, serverWords }).data();
  const denied = recipients.filter(isDenied);
  if (verdict === "answered" && denied.length > 0) {
    const rest = recipients.map((one) => (isDenied(one) ? { ...one, state: "deferred" as const } : one));
    return { outcome: { ...outcome, recipients: rest }, aside: refused(denied[0]?.serverWords) };
  }
  if (verdict !== "permanent" || failure === null) return { outcome, aside: null };
  const none = failure.code === "recipient-refused" && recipients.length > 0 && denied.length === recipients.length;
  if (failure.code !== "sender-refused" && failure.kind !== "auth" && !none) return { outcome, aside: null };
  const aside = none ? refused(denied[0]?.serverWords) : failure;
  return { outcome: { verdict: "retryable", failure: aside, recipients: [], aboutSender: true }, aside };
}
