import type { AttendeeState, CalendarEvent, EventChange, Invitation, Moment } from "../../shared/contract/calendar.ts";
import type { MessageId } from "../../shared/ids.ts";

/** What a message said of an event, kept for comparing. */
export type EventVersion = {
  readonly uid: string;
  /** "" for a whole series and for a single event. */
  readonly occurrence: string;
  readonly method: CalendarEvent["method"];
  readonly sequence: number;
  /** ms UTC; null when it does not say. */
  readonly stampAt: number | null;
  /** In lower case; "". */
  readonly organiser: string;
  readonly facts: EventFacts;
};
export type EventFacts = Pick<CalendarEvent, "title" | "place" | "start" | "end" | "allDay" | "repeats" | "status"> & {
  /** Of an answer: whose it is, in lower case, and what. */
  readonly attendee: string;
  readonly state: AttendeeState | null;
};
/** As the store has it: with who wrote the message (lower case), which may be gone. */
export type KnownVersion = EventVersion & { readonly sender: string; readonly messageId: MessageId | null };

/** The one date of a series that an event is about, in a form that every spelling of it shares. */
export function occurrenceOf({ occurrence }: Pick<CalendarEvent, "occurrence">): string {
  return occurrence === null ? "" : occurrence.at === null ? `wall ${occurrence.wall}` : String(occurrence.at);
}

/** What is worth keeping of an event; null for one that belongs to no invitation. */
export function versionOf(event: CalendarEvent): EventVersion | null {
  const { uid, method, sequence, stampAt, organiser, title, place, start, end, allDay, repeats, status, attendees } = event;
  if (uid === "" || method === "publish" || method === "refresh") return null;
  const [who] = method === "reply" || method === "counter" ? attendees : [];
  const facts = {
    title,
    place,
    start,
    end,
    allDay,
    repeats,
    status,
    attendee: who?.address.toLowerCase() ?? "",
    state: who?.state ?? null,
  };
  return { uid, occurrence: occurrenceOf(event), method, sequence, stampAt, organiser: organiser?.address.toLowerCase() ?? "", facts };
}

/** RFC 5546 §2.1.5: a higher sequence is later, and of the same sequence what was written later. */
function isLater(one: Pick<EventVersion, "sequence" | "stampAt">, other: Pick<EventVersion, "sequence" | "stampAt">): boolean {
  return one.sequence === other.sequence ? (one.stampAt ?? 0) > (other.stampAt ?? 0) : one.sequence > other.sequence;
}

/**
 * Whether somebody may speak for the event: what is known of it is the organiser's word when the organiser wrote the message, or whoever
 * wrote the message that is looked at. Anybody can write a cancellation of anything.
 */
function speaksFor(version: KnownVersion, event: CalendarEvent, sender: string): boolean {
  const organiser = event.organiser?.address.toLowerCase() ?? "";
  return version.organiser === organiser && (version.sender === organiser || version.sender === sender.toLowerCase());
}

/**
 * How an invitation stands beside everything else that came about the same event.
 *
 * @param sender of the message
 */
export function standingOf(
  event: CalendarEvent,
  sender: string,
  known: readonly KnownVersion[],
): { kind: "current" } | { kind: "outdated" | "cancelled"; newest: MessageId | null } {
  if (event.method === "cancel" || event.status === "cancelled") return { kind: "cancelled", newest: null };
  if (event.method !== "request" && event.method !== "add") return { kind: "current" };
  const occurrence = occurrenceOf(event);
  const theirs = known.filter((version) => speaksFor(version, event, sender));
  // A cancelled series takes its dates along.
  const cancelled = theirs.filter(
    (one) =>
      (one.occurrence === occurrence || one.occurrence === "") &&
      (one.method === "cancel" || one.facts.status === "cancelled") &&
      one.sequence >= event.sequence &&
      (one.sequence > event.sequence || (one.stampAt ?? 0) >= (event.stampAt ?? 0)),
  );
  const later = theirs.filter((one) => one.occurrence === occurrence && one.method === "request" && isLater(one, event));
  const newest = [...cancelled, ...later].reduce<KnownVersion | null>(
    (best, one) => (best === null || isLater(one, best) ? one : best),
    null,
  );
  if (newest === null) return { kind: "current" };
  return { kind: cancelled.includes(newest) ? "cancelled" : "outdated", newest: newest.messageId };
}

/** What is different from the latest version before this one; of a proposal, from what the organiser had planned. */
export function changesOf(event: CalendarEvent, sender: string, known: readonly KnownVersion[]): EventChange[] {
  const counter = event.method === "counter";
  if (event.method !== "request" && !counter) return [];
  const occurrence = occurrenceOf(event);
  const isBefore = (one: KnownVersion): boolean => (counter ? one.sequence <= event.sequence : isLater(event, one));
  const before = known
    .filter((one) => one.occurrence === occurrence && one.method === "request" && isBefore(one) && speaksFor(one, event, sender))
    .reduce<KnownVersion | null>((best, one) => (best === null || isLater(one, best) ? one : best), null)?.facts;
  if (before === undefined) return [];
  const changes: EventChange[] = [];
  const { start, end, allDay } = before;
  if (!sameMoment(start, event.start) || !sameMoment(end, event.end)) changes.push({ what: "time", start, end, allDay });
  if (JSON.stringify(before.repeats) !== JSON.stringify(event.repeats)) changes.push({ what: "repeats" });
  if (before.place !== event.place) changes.push({ what: "place", before: before.place });
  if (before.title !== event.title) changes.push({ what: "title", before: before.title });
  return changes;
}

function sameMoment(one: Moment | null, other: Moment | null): boolean {
  return (one?.at ?? one?.wall) === (other?.at ?? other?.wall);
}

/** What those who were invited answered since, by their address: only what they wrote themselves counts. */
export function answersOfOthers(event: CalendarEvent, known: readonly KnownVersion[]): ReadonlyMap<string, AttendeeState> {
  const occurrence = occurrenceOf(event);
  const latest = new Map<string, KnownVersion>();
  for (const one of known) {
    const { attendee, state } = one.facts;
    if (one.method !== "reply" || state === null || one.occurrence !== occurrence || one.sender !== attendee) continue;
    // An answer to an earlier version says nothing of this one.
    if (one.sequence < event.sequence) continue;
    const before = latest.get(attendee);
    if (before === undefined || (one.stampAt ?? 0) >= (before.stampAt ?? 0)) latest.set(attendee, one);
  }
  return new Map([...latest].flatMap(([address, { facts }]) => (facts.state === null ? [] : [[address, facts.state] as const])));
}

/**
 * Whether an event that came inside another message may be answered from there: its organiser or who acts for them sent it on, or the user did, from one of
 * their own addresses. Whoever else passes an invitation on need not pass it to whom it invites.
 *
 * @param sender of the outer message
 * @param own the user's addresses, in lower case
 */
export function answeredInside({ organiser }: Pick<CalendarEvent, "organiser">, sender: string, own: ReadonlySet<string>): boolean {
  const from = sender.toLowerCase();
  if (from === "") return false;
  return own.has(from) || from === organiser?.address.toLowerCase() || from === organiser?.sentBy.toLowerCase();
}

/** The message in which the organiser themself sent an event, the newest one that is known; null. */
export function originalOf({ organiser }: Pick<CalendarEvent, "organiser">, known: readonly KnownVersion[]): MessageId | null {
  const from = organiser?.address.toLowerCase() ?? "";
  const theirs = known.filter((one) => one.method === "request" && one.messageId !== null && from !== "" && one.sender === from);
  return theirs.reduce<KnownVersion | null>((best, one) => (best === null || isLater(one, best) ? one : best), null)?.messageId ?? null;
}

/** Why an event cannot be answered; null when it can. `you`: the user's address among the attendees or as the organiser; "". */
export function noAnswerTo(
  event: Pick<CalendarEvent, "method" | "uid" | "organiser">,
  you: { readonly address: string; readonly organiser: boolean },
  standing: Invitation["standing"]["kind"],
  junk: boolean,
): Invitation["noAnswer"] {
  if (event.method !== "request") return "asks-nothing";
  if (standing !== "current") return standing;
  if (you.organiser) return "organiser";
  if (event.uid === "") return "broken";
  if ((event.organiser?.address ?? "") === "") return "no-organiser";
  if (you.address === "") return "not-invited";
  return junk ? "junk" : null;
}
