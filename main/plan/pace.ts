import type { FailureCode } from "../../shared/failure.ts";
import { unlessSetBack } from "./backoff.ts";
import { saidWait } from "./limits.ts";

/** What a provider lets one user send. Null = no limit is known. */
export type SendingLimits = {
  readonly messagesAMinute: number | null;
  readonly messagesADay: number | null;
  readonly bytesADay: number | null;
  readonly connections: number | null;
  readonly messagesAConnection: number | null;
};

/** What the server's refusals have taught. Kept in the store. */
export type LearntSending = SendingLimits & {
  /** Refusals for the sender's sake since something was accepted last. */
  readonly refusals: number;
  /** Nothing is offered to the server before this, ms UTC. */
  readonly blockedUntil: number | null;
  readonly blockedFor: { readonly code: FailureCode; readonly words: string } | null;
  /** When a limit was learnt last; it is believed for a week. */
  readonly learntAt: number;
  /** When connections, or messages to one, were last allowed to be more again. */
  readonly grownAt: number;
};

export const NOTHING_LEARNT: LearntSending = {
  messagesAMinute: null,
  messagesADay: null,
  bytesADay: null,
  connections: null,
  messagesAConnection: null,
  refusals: 0,
  blockedUntil: null,
  blockedFor: null,
  learntAt: 0,
  grownAt: 0,
};

/** What was accepted in one hour (hours since 1970). */
export type HourSent = { readonly hour: number; readonly messages: number; readonly bytes: number };

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY_HOURS = 24;
const BELIEVED_MS = 7 * DAY_HOURS * HOUR;
/** A server that goes on accepting is offered a little more this often. */
const GROWS_EVERY_MS = 6 * HOUR;
/** Learnt limits that have grown beyond these limit nothing any more. */
const PLENTY = { connections: 5, messagesAConnection: 100 } as const;

const NO_LIMITS: SendingLimits = {
  messagesAMinute: null,
  messagesADay: null,
  bytesADay: null,
  connections: null,
  messagesAConnection: null,
};

/**
 * Published by the providers: Microsoft (learn.microsoft.com, "SMTP submission improvements": 30 messages a minute, 3 connections, 10,000
 * recipients a day) and Google (support.google.com/a/answer/166852: 2,000 messages a day; private accounts get less, which is learnt).
 */
const KNOWN: readonly { readonly host: RegExp; readonly limits: Partial<SendingLimits> }[] = [
  { host: /(^|\.)(office365|outlook|hotmail)\.com$/iu, limits: { messagesAMinute: 30, connections: 3, messagesADay: 10_000 } },
  { host: /(^|\.)(gmail|googlemail)\.com$/iu, limits: { messagesADay: 2000 } },
];

/** The narrower of what is known of the server and what was learnt; what was learnt long ago is tried anew. */
export function sendingLimits(host: string, learnt: LearntSending, now: number): SendingLimits {
  const known = { ...NO_LIMITS, ...KNOWN.find((one) => one.host.test(host))?.limits };
  if (now - learnt.learntAt >= BELIEVED_MS) return known;
  const least = (key: keyof SendingLimits): number | null => {
    const values = [known[key], learnt[key]].filter((value) => value !== null);
    return values.length === 0 ? null : Math.min(...values);
  };
  return {
    messagesAMinute: least("messagesAMinute"),
    messagesADay: least("messagesADay"),
    bytesADay: least("bytesADay"),
    connections: least("connections"),
    messagesAConnection: least("messagesAConnection"),
  };
}

/** A token bucket: how many messages may leave at once, as of `at`. */
export type Bucket = { readonly tokens: number; readonly at: number };
export const FULL_BUCKET: Bucket = { tokens: Number.POSITIVE_INFINITY, at: 0 };

/** A quarter of a minute's worth may leave at once; the rest flows. Together never more than the limit in any minute. */
function shape(messagesAMinute: number): { capacity: number; perMs: number } {
  const limit = Math.max(1, Math.floor(messagesAMinute));
  const capacity = Math.max(1, Math.floor(limit / 4));
  return { capacity, perMs: Math.max(1, limit - capacity) / MINUTE };
}

function filled({ tokens, at }: Bucket, messagesAMinute: number, now: number): number {
  const { capacity, perMs } = shape(messagesAMinute);
  // The clock was set back.
  if (at - now > MINUTE) return capacity;
  return Math.min(capacity, tokens + Math.max(0, now - at) * perMs);
}

/** The bucket after one message was let go. */
export function takeToken(bucket: Bucket, messagesAMinute: number | null, now: number): Bucket {
  return messagesAMinute === null ? bucket : { tokens: filled(bucket, messagesAMinute, now) - 1, at: now };
}

/** When the next message may go, ms UTC; in the past when it may go now. */
export function nextToken(bucket: Bucket, messagesAMinute: number | null, now: number): number {
  if (messagesAMinute === null) return 0;
  const tokens = filled(bucket, messagesAMinute, now);
  // A ten-thousandth of a message is lost in the arithmetic.
  return tokens >= 0.9999 ? 0 : now + Math.ceil((1 - tokens) / shape(messagesAMinute).perMs);
}

export type Wait = { readonly why: "minute" | "day" | "server"; readonly until: number };

export function hourOf(at: number): number {
  return Math.floor(at / HOUR);
}

/** Why the next message has to wait, or null. A day is the last 24 hours, counted in whole hours. */
export function planWait(
  bucket: Bucket,
  sent: readonly HourSent[],
  limits: SendingLimits,
  learnt: LearntSending,
  now: number,
): Wait | null {
  const blocked = unlessSetBack(learnt.blockedUntil ?? 0, DAY_HOURS * HOUR, now);
  if (blocked > now) return { why: "server", until: blocked };
  const day = Math.max(
    fullUntil(sent, ({ messages }) => messages, limits.messagesADay, now),
    fullUntil(sent, ({ bytes }) => bytes, limits.bytesADay, now),
  );
  if (day > now) return { why: "day", until: day };
  const token = nextToken(bucket, limits.messagesAMinute, now);
  return token > now ? { why: "minute", until: token } : null;
}

function fullUntil(sent: readonly HourSent[], count: (one: HourSent) => number, most: number | null, now: number): number {
  if (most === null) return 0;
  const first = hourOf(now);
  for (let hour = first; hour <= first + DAY_HOURS; hour += 1) {
    const used = sent.reduce((sum, one) => (one.hour > hour - DAY_HOURS && one.hour <= hour ? sum + count(one) : sum), 0);
    if (used < most) return hour === first ? 0 : hour * HOUR;
  }
  return (first + DAY_HOURS) * HOUR;
}

/** `ofSender`: said of the sender, not of one message; only then is the server left alone. */
export type SenderRefusal = { readonly code: FailureCode; readonly words: string; readonly ofSender: boolean };
/** So few messages a minute are no haste, whatever the server says. */
const LEAST_HASTE = 10;

/** The shortest pauses, doubled for each refusal in a row; up to a day. */
const FIRST_PAUSE_MS: Partial<Record<FailureCode, number>> = { "sending-limit": HOUR, "sending-locked": HOUR };

/**
 * The server wants less of this sender: it gets half as much a minute, and is left alone for a while.
 *
 * @param lastMinute messages accepted in the minute before
 */
export function learnSlower(
  learnt: LearntSending,
  limits: SendingLimits,
  sent: readonly HourSent[],
  refusal: SenderRefusal,
  lastMinute: number,
  now: number,
): LearntSending {
  const rate = Math.max(limits.messagesAMinute ?? 0, lastMinute);
  const slower = { messagesAMinute: Math.max(1, Math.floor(rate / 2)), learntAt: now };
  if (!refusal.ofSender) return rate < LEAST_HASTE ? learnt : { ...learnt, ...slower };
  // What was under way when the first refusal came says nothing new.
  if (learnt.blockedUntil !== null && learnt.blockedUntil > now) return learnt;
  const pause = Math.min(DAY_HOURS * HOUR, (FIRST_PAUSE_MS[refusal.code] ?? MINUTE / 2) * 2 ** learnt.refusals);
  const base: LearntSending = {
    ...learnt,
    refusals: Math.min(20, learnt.refusals + 1),
    blockedUntil: now + (saidWait(refusal.words) ?? pause),
    blockedFor: { code: refusal.code, words: refusal.words.slice(0, 1000) },
  };
  if (refusal.code === "sending-limit") return { ...base, ...dayLimit(sent, refusal.words, now) };
  return refusal.code !== "throttled" || rate < 2 ? base : { ...base, ...slower };
}

/** A day's limit may be one of bytes; most are of messages. */
const OF_BYTES = /bandwidth|\b(?:bytes?|data|traffic|volume|[kmgt]i?b)\b|流量/iu;
/** Less says nothing of a limit of bytes. */
const LEAST_BYTES = 10_000_000;

/** What the refusal says of a day's limit. Little says nothing of it: others may send over the same account. */
function dayLimit(sent: readonly HourSent[], words: string, now: number): Partial<LearntSending> {
  const today = sent.filter(({ hour }) => hour > hourOf(now) - DAY_HOURS);
  if (OF_BYTES.test(words)) {
    const bytesADay = today.reduce((sum, { bytes }) => sum + bytes, 0);
    return bytesADay < LEAST_BYTES ? {} : { bytesADay, learntAt: now };
  }
  const messagesADay = today.reduce((sum, { messages }) => sum + messages, 0);
  return messagesADay < LEAST_HASTE * 2 ? {} : { messagesADay, learntAt: now };
}

/** The bucket of a program that was started anew: what was accepted in the last minute has taken its tokens. `accepted`: ms UTC, oldest first. */
export function bucketAfter(accepted: readonly number[], messagesAMinute: number | null): Bucket {
  return accepted.reduce((bucket, at) => takeToken(bucket, messagesAMinute, at), FULL_BUCKET);
}

/**
 * A message was accepted: the pause is over, and a learnt pace grows by one message a minute for each minute's worth. Every six hours there may be
 * one connection more, and half as many messages again to each; what was too many is learnt again.
 */
export function learnFaster(learnt: LearntSending, now: number): LearntSending {
  const rate = learnt.messagesAMinute;
  const paused = learnt.refusals > 0 || learnt.blockedUntil !== null;
  const grown = grow(learnt, now);
  if (rate === null && !paused) return grown;
  return {
    ...grown,
    refusals: 0,
    blockedUntil: null,
    blockedFor: null,
    messagesAMinute: rate === null ? null : rate + 1 / Math.max(1, rate),
  };
}

function grow(learnt: LearntSending, now: number): LearntSending {
  const { connections, messagesAConnection } = learnt;
  if (connections === null && messagesAConnection === null) return learnt;
  if (now - Math.max(learnt.learntAt, learnt.grownAt) < GROWS_EVERY_MS) return learnt;
  const upTo = (most: number, more: number): number | null => (more >= most ? null : more);
  return {
    ...learnt,
    grownAt: now,
    connections: connections === null ? null : upTo(PLENTY.connections, connections + 1),
    messagesAConnection: messagesAConnection === null ? null : upTo(PLENTY.messagesAConnection, Math.ceil(messagesAConnection * 1.5)),
  };
}

/** The server would not have one connection more than the `open` ones. */
export function learnConnections(learnt: LearntSending, open: number, now: number): LearntSending {
  return { ...learnt, connections: Math.max(1, open), learntAt: now };
}

/** The server closed a connection after `served` messages. */
export function learnMessagesAConnection(learnt: LearntSending, served: number, now: number): LearntSending {
  return { ...learnt, messagesAConnection: Math.max(1, Math.min(served, learnt.messagesAConnection ?? served)), learntAt: now };
}
