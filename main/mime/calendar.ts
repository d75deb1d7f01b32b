import {
  ATTENDEE_STATES,
  type Attendee,
  CALENDAR_METHODS,
  type CalendarEvent,
  type CalendarMethod,
  type Moment,
  type Recurrence,
} from "../../shared/contract/calendar.ts";
import { parseDuration, parseStamp } from "./calendar-time.ts";
import { cleanLine } from "./clean.ts";
import { type Component, type Property, property, readComponents, unescapeText } from "./content-lines.ts";
import { parseRecurrence } from "./recurrence.ts";
import { zoneOf } from "./time-zones.ts";

/** An event beside the lines it was read from, which an answer repeats. */
export type ReadEvent = {
  readonly event: Omit<CalendarEvent, "part">;
  readonly lines: Component;
  /** The calendar's VTIMEZONEs by their TZID. */
  readonly zones: ReadonlyMap<string, Component>;
};

const DAY_MS = 86_400_000;
const MOST_EVENTS = 20;
/** Dates of series that are told with them are read as well. */
const MOST_READ = 100;
const MOST_ATTENDEES = 12_000;
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
  const top = readComponents(text);
  const calendars = top.filter(({ name }) => name === "VCALENDAR");
  // An event without the calendar around it is still an event.
  const read = calendars.length > 0 ? calendars : [{ name: "VCALENDAR", properties: [], children: top }];
  return read.flatMap((calendar) => eventsOf(calendar, declared)).slice(0, MOST_EVENTS);
}

function eventsOf(calendar: Component, declared: string): ReadEvent[] {
  const zones = new Map<string, Component>();
  for (const zone of calendar.children.filter(({ name }) => name === "VTIMEZONE").slice(0, MOST_ZONES))
    zones.set((property(zone, "TZID")?.value ?? "").trim(), zone);
  const method = methodOf(property(calendar, "METHOD")?.value ?? declared);
  const found = calendar.children.filter(({ name }) => name === "VEVENT" || name === "VTODO");
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

function readEvent(lines: Component, method: CalendarMethod, zones: ReadonlyMap<string, Component>): Omit<CalendarEvent, "part"> {
  const text = (name: string, longest = LONGEST_LINE): string => lineOf(property(lines, name), longest);
  const moment = (name: string): Moment | null => {
    const found = property(lines, name);
    return found === undefined ? null : momentOf(found, zones);
  };
  const startLine = property(lines, "DTSTART");
  const start = moment("DTSTART") ?? moment("DUE");
  const allDay = startLine !== undefined && (parseStamp(startLine.value)?.date ?? false);
  const status = text("STATUS").toLowerCase();
  const organiser = property(lines, "ORGANIZER");
  const sequence = Number(/^\s*(\d{1,9})/u.exec(property(lines, "SEQUENCE")?.value ?? "")?.[1] ?? 0);
  const dates = (name: string): number =>
    lines.properties.filter((one) => one.name === name).reduce((sum, { value }) => sum + value.split(",").length, 0);
  return {
    component: lines.name === "VTODO" ? "task" : "event",
    method,
    uid: cleanLine(property(lines, "UID")?.value ?? "").slice(0, 1000),
    occurrence: moment("RECURRENCE-ID"),
    sequence,
    stampAt: moment("DTSTAMP")?.at ?? null,
    title: text("SUMMARY"),
    place: text("LOCATION"),
    notes: notesOf(property(lines, "DESCRIPTION")),
    start,
    end: endOf(lines, start, allDay, zones),
    allDay,
    repeats: repeatsOf(lines, startLine?.params ?? new Map(), zones),
    moreDates: dates("RDATE"),
    skippedDates: dates("EXDATE"),
    changedDates: 0,
    status: status === "tentative" || status === "confirmed" || status === "cancelled" ? status : "",
    organiser: organiser === undefined ? null : { ...personOf(organiser), sentBy: addressIn(organiser.params.get("SENT-BY") ?? "") },
    attendees: lines.properties
      .filter((one) => one.name === "ATTENDEE")
      .slice(0, MOST_ATTENDEES)
      .map(attendeeOf),
    comment: notesOf(property(lines, "COMMENT")).slice(0, 2000),
  };
}

/** Its rule; where there are several, the first of them and that there is more. */
function repeatsOf(lines: Component, params: Property["params"], zones: ReadonlyMap<string, Component>): Recurrence | null {
  const rules = lines.properties.filter(({ name }) => name === "RRULE" || name === "EXRULE");
  const rule = parseRecurrence(rules.find(({ name }) => name === "RRULE")?.value ?? "", (value) => {
    const local = /T/iu.test(value) && !/Z$/iu.test(value);
    return momentOf({ name: "UNTIL", params: local ? params : new Map(), value }, zones);
  });
  return rule === null || rules.length === 1 ? rule : { ...rule, more: true };
}

/** RFC 5545 §3.6.1: its end or its length; a date alone lasts that day, a time alone no time. */
function endOf(lines: Component, start: Moment | null, allDay: boolean, zones: ReadonlyMap<string, Component>): Moment | null {
  const written = property(lines, "DTEND") ?? property(lines, "DUE");
  const end = written === undefined ? null : momentOf(written, zones);
  if (start === null) return null;
  if (end !== null) return end.wall > start.wall || end.zone !== start.zone ? end : allDay ? later(start, DAY_MS) : null;
  const length = parseDuration(property(lines, "DURATION")?.value ?? "");
  if (length !== null && length > 0) return later(start, length);
  return allDay ? later(start, DAY_MS) : null;
}

function later({ wall, at, zone }: Moment, ms: number): Moment {
  return { wall: wall + ms, at: at === null ? null : at + ms, zone };
}

function momentOf({ params, value }: Property, zones: ReadonlyMap<string, Component>): Moment | null {
  // A list has its first here; a period its beginning.
  const stamp = parseStamp(value.split(/[,/]/u)[0] ?? "");
  if (stamp === null) return null;
  const { wall, utc, date } = stamp;
  if (date) return { wall, at: null, zone: "" };
  if (utc) return { wall, at: wall, zone: "UTC" };
  const zone = zoneOf(params.get("TZID") ?? "", zones);
  return zone === null ? { wall, at: null, zone: "" } : { wall, at: wall - zone.offsetMs(wall), zone: cleanLine(zone.name).slice(0, 120) };
}

function lineOf(found: Property | undefined, longest: number): string {
  return found === undefined
    ? ""
    : cleanLine(unescapeText(found.value.slice(0, longest * 4)))
        .slice(0, longest)
        .toWellFormed();
}

/** Several lines for people, without the characters that draw what is not there. */
function notesOf(found: Property | undefined): string {
  if (found === undefined) return "";
  const lines = unescapeText(found.value.slice(0, LONGEST_NOTES * 2)).split(/\r?\n/u);
  return lines
    .map(cleanLine)
    .join("\n")
    .replace(/\n{3,}/gu, "\n\n")
    .trim()
    .slice(0, LONGEST_NOTES)
    .toWellFormed();
}

function personOf({ params, value }: Property): { name: string; address: string } {
  const name = cleanLine(params.get("CN") ?? "").slice(0, 200);
  const address = addressIn(value) || addressIn(params.get("EMAIL") ?? "");
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

function attendeeOf(line: Property): Attendee {
  const said = (line.params.get("PARTSTAT") ?? "").toLowerCase();
  return {
    ...personOf(line),
    state: ATTENDEE_STATES.find((state) => state === said) ?? "needs-action",
    role: ROLES.get((line.params.get("ROLE") ?? "").toUpperCase()) ?? "required",
    kind: KINDS.get((line.params.get("CUTYPE") ?? "").toUpperCase()) ?? "person",
    delegatedTo: addressIn(line.params.get("DELEGATED-TO")?.split(",")[0] ?? ""),
  };
}
