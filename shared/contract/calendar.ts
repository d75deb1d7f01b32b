import { z } from "zod";
import { address } from "../address.ts";
import { outboxId, placementId } from "../ids.ts";
import { request } from "./define.ts";
import { place } from "./delivery.ts";

/** When something begins or ends, by the clock of its place. */
export const moment = z.object({
  /** What the clock shows there, in ms as though it were UTC. */
  wall: z.number(),
  /** ms UTC; null for dates and for what floats: the same hour wherever one is. */
  at: z.number().nullable(),
  /** IANA name, else what the calendar calls it; "" for dates and what floats. */
  zone: z.string(),
});
export type Moment = z.infer<typeof moment>;

/** RFC 5545 §3.3.10, as far as it can be said in words. Nothing is ever expanded. */
export const recurrence = z.object({
  every: z.enum(["second", "minute", "hour", "day", "week", "month", "year"]),
  interval: z.number().int(),
  /** ISO weekdays, Monday 1; `nth` 0 is every one, -1 the last of its month or year. */
  days: z.array(z.object({ day: z.number().int(), nth: z.number().int() })),
  /** Days of the month; -1 is the last. */
  monthDays: z.array(z.number().int()),
  months: z.array(z.number().int()),
  count: z.number().int().nullable(),
  until: moment.nullable(),
  /** It has rules besides that words do not hold. */
  more: z.boolean(),
});
export type Recurrence = z.infer<typeof recurrence>;

export const ATTENDEE_STATES = ["needs-action", "accepted", "declined", "tentative", "delegated"] as const;
export type AttendeeState = (typeof ATTENDEE_STATES)[number];

export const attendee = z.object({
  name: z.string(),
  /** "" when the calendar names somebody without one. */
  address: z.string(),
  state: z.enum(ATTENDEE_STATES),
  role: z.enum(["chair", "required", "optional", "informed"]),
  kind: z.enum(["person", "group", "room"]),
  /** Who goes in their place; "". */
  delegatedTo: z.string(),
});
export type Attendee = z.infer<typeof attendee>;

/** RFC 5546 §1.4. What is none of them counts as published. */
export const CALENDAR_METHODS = ["publish", "request", "reply", "add", "cancel", "refresh", "counter", "declinecounter"] as const;
export type CalendarMethod = (typeof CALENDAR_METHODS)[number];

/** What a calendar in a message says of one event, every word of it the sender's. */
export const calendarEvent = z.object({
  /** The part that it stands in. */
  part: z.string(),
  component: z.enum(["event", "task"]),
  method: z.enum(CALENDAR_METHODS),
  uid: z.string(),
  /** The one date of a series that it is about; null for a whole series and for a single event. */
  occurrence: moment.nullable(),
  sequence: z.number().int(),
  /** When it was written, ms UTC; null when that cannot be read. */
  stampAt: z.number().nullable(),
  title: z.string(),
  place: z.string(),
  notes: z.string(),
  start: moment.nullable(),
  /** Of an event of whole days the day after its last; null when it has no length. */
  end: moment.nullable(),
  allDay: z.boolean(),
  repeats: recurrence.nullable(),
  /** Dates besides the rule's, left out of it, and held otherwise than the others. */
  moreDates: z.number().int(),
  skippedDates: z.number().int(),
  changedDates: z.number().int(),
  status: z.enum(["", "tentative", "confirmed", "cancelled"]),
  /** `sentBy` acts for the organiser; "". */
  organiser: z.object({ name: z.string(), address: z.string(), sentBy: z.string() }).nullable(),
  attendees: z.array(attendee),
  /** Of whoever answers. */
  comment: z.string(),
});
export type CalendarEvent = z.infer<typeof calendarEvent>;

export const ANSWERS = ["accepted", "tentative", "declined"] as const;
export type Answer = (typeof ANSWERS)[number];

/** What is different from the version before it, and how that stood. */
export const eventChange = z.discriminatedUnion("what", [
  z.object({ what: z.literal("time"), start: moment.nullable(), end: moment.nullable(), allDay: z.boolean() }),
  z.object({ what: z.literal("place"), before: z.string() }),
  z.object({ what: z.literal("title"), before: z.string() }),
  z.object({ what: z.literal("repeats") }),
]);
export type EventChange = z.infer<typeof eventChange>;

/** An invitation, or what else a calendar tells, with what this program knows of it besides. */
export const invitation = calendarEvent.extend({
  /** Attendees in all and by what they said; `attendees` holds at most 200 of them, the user's own address first. */
  people: z.object({ all: z.number().int(), accepted: z.number().int(), tentative: z.number().int(), declined: z.number().int() }),
  /** How it stands beside what else is known of the same event. `newest`: the message that counts now, while it is here. */
  standing: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("current") }),
    z.object({ kind: z.enum(["outdated", "cancelled"]), newest: place.nullable() }),
  ]),
  changes: z.array(eventChange),
  /** The user's address among the attendees, or as organiser; "" when neither. */
  you: z.string(),
  /** Why it cannot be answered; null when it can. `inside`: somebody else than its organiser has attached it to their message. */
  noAnswer: z
    .enum(["asks-nothing", "organiser", "not-invited", "no-organiser", "outdated", "cancelled", "junk", "broken", "inside"])
    .nullable(),
  /** The organiser is somebody else than the sender: the answer goes to this address. */
  organiserElsewhere: z.boolean(),
  /** For `inside`: where the same event is shown as its organiser sent it, when it is here. */
  original: place.nullable(),
  /** What the user answered last, from this computer or as the calendar has it. */
  answer: z
    .object({
      answer: z.enum(ANSWERS),
      comment: z.string(),
      /** ms UTC; null when it was not answered here. */
      at: z.number().nullable(),
      /** While it may be taken back or waits for the line. */
      waiting: z.object({ outboxId, undoUntil: z.number() }).nullable(),
      /** The event was changed since. */
      before: z.boolean(),
    })
    .nullable(),
});
export type Invitation = z.infer<typeof invitation>;

/** One person or firm of a vCard. */
export const contactCard = z.object({
  part: z.string(),
  name: z.string(),
  organisation: z.string(),
  title: z.string(),
  emails: z.array(z.object({ address: z.string(), kind: z.string() })),
  phones: z.array(z.object({ number: z.string(), kind: z.string() })),
  addresses: z.array(z.object({ text: z.string(), kind: z.string() })),
  links: z.array(z.string()),
  notes: z.string(),
  birthday: z.string(),
  /** A `data:` address of a picture whose bytes are what they claim; "" without. */
  photo: z.string(),
});
export type ContactCard = z.infer<typeof contactCard>;

export const calendarRequests = {
  /**
   * The calendars and contact cards that came with a message, or with the one that is attached to it as part `inside`; `cards` in all, of which
   * at most 100 are told. What came inside is answered where the organiser or the user sent it on.
   */
  "calendar.read": request(
    z.object({ placementId, inside: z.string().max(200).optional() }),
    z.object({ invitations: z.array(invitation), contacts: z.array(contactCard), cards: z.number().int() }),
  ),
  /**
   * Answers through the outbox, once: the same answer again sends nothing. `index` is the invitation's place in `calendar.read` of the same `inside`.
   * Taken back by `outbox.cancel` until `undoUntil`.
   */
  "calendar.answer": request(
    z.object({
      placementId,
      inside: z.string().max(200).optional(),
      index: z.number().int().min(0).max(1000),
      answer: z.enum(ANSWERS),
      comment: z.string().max(2000),
    }),
    z.object({ outboxId: outboxId.nullable(), undoUntil: z.number() }),
  ),
  /** Offered from now on when an address is typed. The name counts as nobody's proof. */
  "calendar.remember": request(z.object({ person: address }), z.object({})),
};
