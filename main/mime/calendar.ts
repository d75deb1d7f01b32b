import {
  ATTENDEE_STATES,
  type Attendee,
  CALENDAR_METHODS,
  type CalendarEvent,
  type CalendarMethod,
  type Moment,
  type Recurrence,
} from "../../shared/contract/calendar.ts";
import { libraryCalendars } from "./calendar-lines.ts";
import { wallOf } from "./calendar-time.ts";
import { cleanLine } from "./clean.ts";
import { ICAL } from "./ical.ts";
import { wordsOfRule } from "./recurrence.ts";
import { zoneOf } from "./time-zones.ts";

/** An event beside the lines it was read from, which an answer repeats. */
export type ReadEvent = {
  readonly event: Omit<CalendarEvent, "part">;
  readonly lines: ICAL.Component;
  /** The calendar's VTIMEZONEs by their TZID. */
  readonly zones: ReadonlyMap<string, ICAL.Component>;
};

const DAY_MS = 86_400_000;
const MOST_EVENTS = 20;
/** Dates of series that are told with them are read as well. */
const MOST_READ = 100;
const MOST_ZONES = 50;
const LONGEST_LINE = 500;
const LONGEST_NOTES = 8000;

/**
 * What a calendar tells (RFC 5545), the whole series before its single dates. Never throws; what cannot be read of an event is left
 * out of it.
 *
 * @param declared the method that the part's header names (RFC 6047 §2.4), for a calendar that names none itself
 */
export function readCalendar(text: string, declared = ""): ReadEvent[] {
  return libraryCalendars(text)
    .flatMap((calendar) => eventsOf(calendar, declared))
    .slice(0, MOST_EVENTS);
}

function eventsOf(calendar: ICAL.Component, declared: string): ReadEvent[] {
  const zones = new Map(
    calendar
      .getAllSubcomponents("vtimezone")
      .slice(0, MOST_ZONES)
      .map((zone) => [textOf(zone, "tzid").trim(), zone] as const),
  );
  const method = methodOf(textOf(calendar, "method") || declared);
  const found = calendar.getAllSubcomponents().filter(({ name }) => name === "vevent" || name === "vtodo");
  const read = found.slice(0, MOST_READ).map((lines) => ({ event: readEvent(lines, method, zones), lines, zones }));
  const series = new Set(read.filter(({ event }) => event.occurrence === null).map(({ event }) => event.uid));
  // Single dates of a series that is here itself are told with it.
  return read
    .filter(({ event }) => event.occurrence === null || !series.has(event.uid))
    .map((one) => {
      const { uid, occurrence } = one.event;
      const changedDates = occurrence === null ? read.filter(({ event }) => event.uid === uid && event.occurrence !== null).length : 0;
      return { ...one, event: { ...one.event, changedDates } };
    });
}

function methodOf(value: string): CalendarMethod {
  const name = value.trim().toLowerCase();
  return CALENDAR_METHODS.find((method) => method === name) ?? "publish";
}

function readEvent(lines: ICAL.Component, method: CalendarMethod, zones: ReadonlyMap<string, ICAL.Component>): Omit<CalendarEvent, "part"> {
  const moment = (name: string): Moment | null => momentOf(lines.getFirstProperty(name), zones);
  const startLine = lines.getFirstProperty("dtstart");
  const start = moment("dtstart") ?? moment("due");
  const allDay = timeOf(startLine)?.isDate === true;
  const status = lineOf(lines, "status").toLowerCase();
  const organiser = lines.getFirstProperty("organizer");
  const sequence = lines.getFirstPropertyValue("sequence");
  return {
    component: lines.name === "vtodo" ? "task" : "event",
    method,
    uid: cleanLine(textOf(lines, "uid")).slice(0, 1000),
    occurrence: moment("recurrence-id"),
    sequence: typeof sequence === "number" ? sequence : 0,
    stampAt: moment("dtstamp")?.at ?? null,
    title: lineOf(lines, "summary"),
    place: lineOf(lines, "location"),
    notes: notesOf(lines, "description"),
    start,
    end: endOf(lines, start, allDay, zones),
    allDay,
    repeats: repeatsOf(lines, startLine, zones),
    moreDates: lines.getAllProperties("rdate").length,
    skippedDates: lines.getAllProperties("exdate").length,
    changedDates: 0,
    status: status === "tentative" || status === "confirmed" || status === "cancelled" ? status : "",
    organiser: organiser === null ? null : { ...personOf(organiser), sentBy: addressIn(parameterOf(organiser, "sent-by")) },
    attendees: lines.getAllProperties("attendee").map(attendeeOf),
    comment: notesOf(lines, "comment").slice(0, 2000),
  };
}

/** Its rule; where there are several, the first of them and that there is more. */
function repeatsOf(lines: ICAL.Component, start: ICAL.Property | null, zones: ReadonlyMap<string, ICAL.Component>): Recurrence | null {
  const line = lines.getFirstProperty("rrule");
  if (line === null) return null;
  const rule = wordsOfRule(line, (until) => momentAt(until, start === null ? "" : parameterOf(start, "tzid"), zones));
  const several = lines.getAllProperties("rrule").length + lines.getAllProperties("exrule").length > 1;
  return rule === null || !several ? rule : { ...rule, more: true };
}

/** RFC 5545 §3.6.1: its end or its length; a date alone lasts that day, a time alone no time. */
function endOf(lines: ICAL.Component, start: Moment | null, allDay: boolean, zones: ReadonlyMap<string, ICAL.Component>): Moment | null {
  const end = momentOf(lines.getFirstProperty("dtend") ?? lines.getFirstProperty("due"), zones);
  if (start === null) return null;
  if (end !== null) return end.wall > start.wall || end.zone !== start.zone ? end : allDay ? later(start, DAY_MS) : null;
  const length = lines.getFirstPropertyValue("duration");
  const seconds = length instanceof ICAL.Duration ? length.toSeconds() : 0;
  if (seconds > 0) return later(start, seconds * 1000);
  return allDay ? later(start, DAY_MS) : null;
}

function later({ wall, at, zone }: Moment, ms: number): Moment {
  return { wall: wall + ms, at: at === null ? null : at + ms, zone };
}

function momentOf(line: ICAL.Property | null, zones: ReadonlyMap<string, ICAL.Component>): Moment | null {
  const time = timeOf(line);
  return line === null || time === null ? null : momentAt(time, parameterOf(line, "tzid"), zones);
}

function momentAt(time: ICAL.Time, tzid: string, zones: ReadonlyMap<string, ICAL.Component>): Moment {
  const wall = wallOf(time);
  if (time.isDate) return { wall, at: null, zone: "" };
  if (time.zone === ICAL.Timezone.utcTimezone) return { wall, at: wall, zone: "UTC" };
  const zone = zoneOf(tzid, zones);
  const offset = zone?.offsetMs(wall) ?? null;
  return zone === null || offset === null
    ? { wall, at: null, zone: "" }
    : { wall, at: wall - offset, zone: cleanLine(zone.name).slice(0, 120) };
}

function timeOf(line: ICAL.Property | null): ICAL.Time | null {
  const value = line?.getFirstValue();
  return value instanceof ICAL.Time ? value : null;
}

function textOf(component: ICAL.Component, name: string): string {
  const value = component.getFirstPropertyValue(name);
  return typeof value === "string" ? value : "";
}

function parameterOf(line: ICAL.Property, name: string): string {
  return line.getFirstParameter(name) ?? "";
}

function lineOf(lines: ICAL.Component, name: string): string {
  return cleanLine(textOf(lines, name).slice(0, LONGEST_LINE * 4))
    .slice(0, LONGEST_LINE)
    .toWellFormed();
}

/** Several lines for people, without the characters that draw what is not there. */
function notesOf(lines: ICAL.Component, name: string): string {
  return textOf(lines, name)
    .slice(0, LONGEST_NOTES * 2)
    .split(/\r?\n/u)
    .map(cleanLine)
    .join("\n")
    .replace(/\n{3,}/gu, "\n\n")
    .trim()
    .slice(0, LONGEST_NOTES)
    .toWellFormed();
}

/** What a line's value is as it was written: an address. */
function writtenIn(line: ICAL.Property): string {
  const value = line.getFirstValue();
  return typeof value === "string" ? value : "";
}

/** The address of somebody's line, also where it stands beside a name of another kind. */
export function addressOf(line: ICAL.Property): string {
  return addressIn(writtenIn(line)) || addressIn(parameterOf(line, "email"));
}

function personOf(line: ICAL.Property): { name: string; address: string } {
  const name = cleanLine(parameterOf(line, "cn")).slice(0, 200);
  const address = addressOf(line);
  return { name: name.toLowerCase() === address.toLowerCase() ? "" : name, address };
}

/** "mailto:ana@x.example", also without what belongs before it; "" for a name that no mail reaches. */
export function addressIn(value: string): string {
  const bare = value
    .trim()
    .replace(/^"|"$/gu, "")
    .replace(/^mailto:\s*/iu, "")
    .replace(/^<(.*)>$/u, "$1");
  const found = /^[^\s@,;<>"]+@[^\s@,;<>"/]+$/u.test(bare) && bare.length <= 320 ? bare : "";
  return cleanLine(found);
}

const ROLES: ReadonlyMap<string, Attendee["role"]> = new Map([
  ["CHAIR", "chair"],
  ["OPT-PARTICIPANT", "optional"],
  ["NON-PARTICIPANT", "informed"],
]);
const KINDS: ReadonlyMap<string, Attendee["kind"]> = new Map([
  ["GROUP", "group"],
  ["ROOM", "room"],
  ["RESOURCE", "room"],
]);

function attendeeOf(line: ICAL.Property): Attendee {
  const said = parameterOf(line, "partstat").toLowerCase();
  return {
    ...personOf(line),
    state: ATTENDEE_STATES.find((state) => state === said) ?? "needs-action",
    role: ROLES.get(parameterOf(line, "role").toUpperCase()) ?? "required",
    kind: KINDS.get(parameterOf(line, "cutype").toUpperCase()) ?? "person",
    delegatedTo: addressIn(parameterOf(line, "delegated-to").split(",")[0] ?? ""),
  };
}
