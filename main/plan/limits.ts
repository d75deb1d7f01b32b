/** What a provider allows one account, as far as it is known or was learnt. Null = no limit is known. */
export type Limits = { readonly bytesADay: number | null; readonly connections: number | null; readonly loginsAMinute: number | null };

/** What the server's refusals have taught. Kept in the store. */
export type Learnt = Limits & {
  /** Refusals of bulk since something last came through. */
  readonly refusals: number;
  /** The server asked for a pause until then, ms UTC. */
  readonly blockedUntil: number | null;
  /** When a limit was learnt last; it is believed for a week. */
  readonly learntAt: number;
};

/** Bytes that came in one hour (hours since 1970). */
export type HourUse = { readonly hour: number; readonly bytes: number };

/** Why mail in bulk waits, and until when (ms UTC). What the user opens or does never waits for this. */
export type Pause = { readonly why: "bytes-a-day" | "server"; readonly until: number; readonly bytesADay: number | null };

export const NOTHING_LEARNT: Learnt = {
  bytesADay: null,
  connections: null,
  loginsAMinute: null,
  refusals: 0,
  blockedUntil: null,
  learntAt: 0,
};

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Whole hours before this one that count as today. */
export const DAY_HOURS = 24;
const BELIEVED_MS = 7 * DAY_HOURS * HOUR;
/** Some room for what is opened, and for what the provider counts and we do not. */
export const PART_USED = 0.9;
/** A refusal after less than this was not for the bytes. */
const LEAST_LEARNT = 50_000_000;

type Known = Partial<Limits> & { readonly minutesBetweenVisits?: number };

/**
 * What is known of providers beforehand (decision 0104). *documented*: the provider says so; *reported*: others have met it.
 * Of all others nothing was found that gives a number: their limits are learnt.
 */
const KNOWN: Readonly<Record<string, Known>> = {
  // documented: support.google.com/a/answer/1071518 (2,500 MB a day by IMAP, 1,250 by POP), support.google.com/mail/answer/7126229 (15 connections)
  gmail: { bytesADay: 2_500_000_000, connections: 15 },
  // documented: support.google.com/mail/?p=BadCredentials (a program that looks more often than every 10 minutes may be shut out)
  "gmail by POP3": { bytesADay: 1_250_000_000, minutesBetweenVisits: 10 },
  // documented: Exchange Online Throttling and Limits FAQ, 23 June 2011 (20 by IMAP, 20 by POP); reported as still so: mscdex/node-imap#523
  outlook: { connections: 20 },
  // reported: support.getmailbird.com, "Too many simultaneous connections" (as few as 5). Yahoo itself gives no number and answers "[LIMIT] … Rate limit hit" (postalsys/imapflow#75)
  yahoo: { connections: 5 },
  // reported: mailboxtaxi.com, "Too Many Simultaneous Connections" (about 5)
  icloud: { connections: 5 },
  // reported: maathimself/mailflow v4.5.1 (about 3, counted with every other program)
  zoho: { connections: 3 },
};

/** Of the connections that a provider allows one account this part is for Satchel: the phone wants some as well. Two always. */
const SHARE = 0.6;

/** How often an account may be visited at most, ms; 0: as often as one likes. */
export function visitGapMs(provider: string | null): number {
  return ((provider === null ? undefined : KNOWN[provider]?.minutesBetweenVisits) ?? 0) * MINUTE;
}

/** Messages up to this come while mail in bulk has to wait, where there is no other way to see them: what somebody wrote, as a rule. */
const SMALL_BYTES = 100_000;

/** Whether a whole message may come from a server that gives nothing smaller. */
export function mayCome(sizeBytes: number, pause: { readonly why: "bytes-a-day" | "server" | "metered" } | null): boolean {
  return pause === null || (pause.why !== "server" && sizeBytes <= SMALL_BYTES);
}

export function hourOf(at: number): number {
  return Math.floor(at / HOUR);
}

/** The narrower of what is known of the provider and what was learnt; what was learnt long ago is tried anew. */
export function limitsOf(provider: string | null, learnt: Learnt, now: number): Limits {
  const published: Known = provider === null ? {} : (KNOWN[provider] ?? {});
  const connections = published.connections ?? null;
  const known = connections === null ? published : { ...published, connections: Math.max(2, Math.floor(connections * SHARE)) };
  const believed = believedOf(learnt, now);
  const least = (key: keyof Limits): number | null => {
    const values = [known[key] ?? null, believed[key]].filter((value) => value !== null);
    return values.length === 0 ? null : Math.min(...values);
  };
  return { bytesADay: least("bytesADay"), connections: least("connections"), loginsAMinute: least("loginsAMinute") };
}

/** What is kept to of what was learnt: for a week, then it is tried anew. */
export function believedOf(learnt: Learnt, now: number): Learnt {
  return now - learnt.learntAt < BELIEVED_MS ? learnt : NOTHING_LEARNT;
}

function usedWithin(use: readonly HourUse[], hour: number): number {
  return use.reduce((sum, one) => (one.hour >= hour - DAY_HOURS && one.hour <= hour ? sum + one.bytes : sum), 0);
}

/**
 * Whether mail in bulk has to wait. A day is the 24 whole hours before this one, and this one: less would let what came late in one
 * hour fall out before its day is over. It goes on as soon as enough of them have fallen out.
 */
export function planPause(use: readonly HourUse[], limits: Limits, learnt: Learnt, now: number): Pause | null {
  const { bytesADay } = limits;
  const asked = learnt.blockedUntil !== null && learnt.blockedUntil > now ? learnt.blockedUntil : null;
  const full = bytesADay === null ? null : fullUntil(use, bytesADay * PART_USED, now);
  if (full !== null && full >= (asked ?? 0)) return { why: "bytes-a-day", until: full, bytesADay };
  return asked === null ? null : { why: "server", until: asked, bytesADay: null };
}

function fullUntil(use: readonly HourUse[], most: number, now: number): number | null {
  const first = hourOf(now);
  for (let hour = first; hour <= first + DAY_HOURS; hour += 1) if (usedWithin(use, hour) < most) return hour === first ? null : hour * HOUR;
  return (first + DAY_HOURS + 1) * HOUR;
}

/** The server would not send bulk: how long it is left alone, and what that says about its limit of a day. */
export function learnFromRefusal(learnt: Learnt, use: readonly HourUse[], words: string, now: number): Learnt {
  const used = usedWithin(use, hourOf(now));
  const longer = Math.min(DAY_HOURS * HOUR, HOUR * 2 ** learnt.refusals);
  const isLimit = used >= LEAST_LEARNT;
  return {
    ...learnt,
    refusals: learnt.refusals + 1,
    blockedUntil: now + (saidWait(words) ?? longer),
    bytesADay: isLimit ? Math.min(learnt.bytesADay ?? used, used) : learnt.bytesADay,
    learntAt: isLimit ? now : learnt.learntAt,
  };
}

/** "Try again in 20 minutes", as far as servers say it. */
export function saidWait(words: string): number | null {
  const found = /\b(\d{1,5})\s*(second|sec|minute|min|hour)/iu.exec(words);
  if (found === null) return null;
  const unit = (found[2] ?? "").toLowerCase();
  const ms = Number(found[1]) * (unit.startsWith("sec") ? 1000 : unit.startsWith("min") ? MINUTE : HOUR);
  return Math.min(DAY_HOURS * HOUR, Math.max(MINUTE, ms));
}

/** Bulk came through again. */
export function learnFromSuccess(learnt: Learnt): Learnt {
  return learnt.refusals === 0 && learnt.blockedUntil === null ? learnt : { ...learnt, refusals: 0, blockedUntil: null };
}

/** The server would not have one connection more than the `open` ones. */
export function learnConnections(learnt: Learnt, open: number, now: number): Learnt {
  return { ...learnt, connections: Math.max(1, open), learntAt: now };
}

/** The server thought that there were too many logins in a minute. */
export function learnLogins(learnt: Learnt, logins: readonly number[], now: number): Learnt {
  const recent = logins.filter((at) => at > now - MINUTE).length;
  return recent < 2 ? learnt : { ...learnt, loginsAMinute: Math.max(1, recent - 1), learntAt: now };
}

/** How long the next login has to wait, ms. */
export function loginWait(logins: readonly number[], loginsAMinute: number | null, now: number): number {
  if (loginsAMinute === null) return 0;
  const recent = logins.filter((at) => at > now - MINUTE).sort((a, b) => a - b);
  const oldest = recent[recent.length - loginsAMinute];
  return oldest === undefined ? 0 : oldest + MINUTE - now;
}
