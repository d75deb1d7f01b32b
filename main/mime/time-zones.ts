import { timeAt, wallOf } from "./calendar-time.ts";
import { ICAL } from "./ical.ts";
import { WINDOWS_ZONES } from "./windows-zones.ts";

/** Time at one place. `offsetMs` is what to take from a wall clock's time there to have UTC, null when that cannot be told. */
export type Zone = { readonly name: string; offsetMs(wall: number): number | null };

/** Observances of a zone that are looked at, dates and days of a rule of each. */
const MOST_OBSERVANCES = 100;
const MOST_DATES = 200;
const MOST_DAYS = 7;
/** A leap year. */
const EARLIEST_YEAR = 1960;
/** What lies later counts as this: the library makes a list of every year until then. */
const LATEST = Date.UTC(2200, 0, 1);
const MOST_CACHED = 300;

/**
 * The zone that a TZID means: known names first (IANA, also behind a prefix; Windows), whose rules are those of the day, then what the
 * calendar itself says, then an offset in the name.
 *
 * @param own the calendar's VTIMEZONEs by their TZID
 * @returns null when nothing tells; the time then floats
 */
export function zoneOf(tzid: string, own: ReadonlyMap<string, ICAL.Component>): Zone | null {
  const name = tzid.trim();
  if (name === "") return null;
  const known = knownZone(name);
  if (known !== null) return known;
  const component = own.get(tzid) ?? own.get(name);
  return (component === undefined ? null : describedZone(name, component)) ?? offsetZone(name);
}

function knownZone(name: string): Zone | null {
  // "/mozilla.org/20050126_1/Europe/Berlin", "/freeassociation.sourceforge.net/Tzfile/Asia/Shanghai"
  const parts = name.split("/").filter((part) => part !== "");
  const tails = [parts, parts.slice(-3), parts.slice(-2)].map((tail) => tail.join("/"));
  const candidates = [WINDOWS_ZONES[name], ...(name.includes("/") ? tails : [name])];
  if (/^tzone:\/\/Microsoft\/Utc$/iu.test(name)) candidates.push("UTC");
  for (const candidate of candidates) {
    const format = candidate === undefined ? null : formatOf(candidate);
    if (format === null) continue;
    return { name: format.resolvedOptions().timeZone, offsetMs: (wall) => ianaOffset(format, wall) };
  }
  return null;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(name: string): Intl.DateTimeFormat | null {
  if (name.length > 60 || !/^[A-Za-z][\w+/-]*$/u.test(name)) return null;
  const cached = formats.get(name);
  if (cached !== undefined) return cached;
  try {
    const figures = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" } as const;
    const format = new Intl.DateTimeFormat("en-US", { timeZone: name, hourCycle: "h23", era: "short", ...figures });
    if (formats.size < MOST_CACHED) formats.set(name, format);
    return format;
  } catch {
    // No zone of that name is known: it is looked for elsewhere.
    return null;
  }
}

/** Twice: the offset is that of the moment, which is found by the offset. */
function ianaOffset(format: Intl.DateTimeFormat, wall: number): number {
  const first = wallAt(format, wall) - wall;
  return wallAt(format, wall - first) - (wall - first);
}

function wallAt(format: Intl.DateTimeFormat, at: number): number {
  if (!Number.isFinite(at) || Math.abs(at) > 8.64e15) return at;
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const figure = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type) ?? 0);
  const date = new Date(0);
  date.setUTCFullYear(parts.get("era") === "BC" ? 1 - figure("year") : figure("year"), figure("month") - 1, figure("day"));
  date.setUTCHours(figure("hour"), figure("minute"), figure("second"));
  return date.getTime();
}

/** A calendar asks for its zone at every time in it. */
const described = new WeakMap<ICAL.Component, Zone | null>();

function describedZone(name: string, component: ICAL.Component): Zone | null {
  const known = described.get(component);
  if (known !== undefined) return known;
  const zone = readZone(name, component);
  described.set(component, zone);
  return zone;
}

/** The library carries out the rules by which clocks are set, so only those are left that clocks are set by. */
function readZone(name: string, component: ICAL.Component): Zone | null {
  const { Component, Time, Timezone } = ICAL;
  const zone = new Component("vtimezone");
  let first: { readonly start: number; readonly from: number } | null = null;
  for (const observance of component.getAllSubcomponents().slice(0, MOST_OBSERVANCES)) {
    const start = observance.getFirstPropertyValue("dtstart");
    if (!(start instanceof Time) || !observance.hasProperty("tzoffsetto")) continue;
    // It leaves out what does not say what the clocks showed before.
    if (!observance.hasProperty("tzoffsetfrom"))
      observance.addPropertyWithValue("tzoffsetfrom", String(observance.getFirstPropertyValue("tzoffsetto")));
    const wall = wallOf(start);
    if (first === null || wall < first.start)
      first = { start: wall, from: secondsOf(observance.getFirstPropertyValue("tzoffsetfrom")) * 1000 };
    zone.addSubcomponent(plainObservance(observance, start));
  }
  if (first === null) return null;
  const { start, from } = first;
  const rules = new Timezone({ component: zone, tzid: name });
  return {
    name,
    offsetMs(wall) {
      // Before the first the library takes the time for UTC's.
      if (wall < start) return from;
      try {
        return rules.utcOffset(timeAt(Math.min(wall, LATEST))) * 1000;
      } catch {
        // Rules that the library cannot carry out: nobody knows.
        return null;
      }
    },
  };
}
/** Clocks are set once a year; other rules do not occur, and a rule for every second would be carried out. */
function plainObservance(observance: ICAL.Component, start: ICAL.Time): ICAL.Component {
  const { Component, Recur } = ICAL;
  const plain = new Component(observance.name);
  for (const name of ["tzoffsetto", "tzoffsetfrom"]) plain.addPropertyWithValue(name, observance.getFirstPropertyValue(name) ?? "");
  // Where there are a rule or dates, the library leaves the beginning itself out.
  plain.addPropertyWithValue("rdate", start);
  for (const date of observance.getAllProperties("rdate").slice(0, MOST_DATES))
    plain.addPropertyWithValue("rdate", date.getFirstValue() ?? "");
  const rule = observance.getFirstPropertyValue("rrule");
  const begin = start.clone();
  if (rule instanceof Recur && isOnceAYear(rule)) {
    plain.addPropertyWithValue("rrule", rule);
    // Outlook's rules begin in 1601: three hundred years and fifteen milliseconds of what no mail is about.
    const endsLater = rule.until === null || rule.until.year > EARLIEST_YEAR;
    if (endsLater && begin.year < EARLIEST_YEAR) begin.year = EARLIEST_YEAR;
  }
  plain.addPropertyWithValue("dtstart", begin);
  return plain;
}

function isOnceAYear({ freq, interval, count, parts }: ICAL.Recur): boolean {
  const { BYMONTH = [], BYDAY = [], BYMONTHDAY = [], ...others } = parts;
  const inMonth = BYMONTH.length === 1 || BYDAY.length + BYMONTHDAY.length === 0;
  // "The first Sunday from the 8th": of days that not every month has, the library would look for one until the year 20,000.
  if (BYDAY.length > 0 && BYMONTHDAY.some((day) => day < 1 || day > 28)) return false;
  const plain = freq === "YEARLY" && interval === 1 && count === null && Object.keys(others).length === 0;
  return plain && inMonth && BYMONTH.length <= 1 && BYDAY.length <= 1 && BYMONTHDAY.length <= MOST_DAYS;
}

function secondsOf(offset: unknown): number {
  return offset instanceof ICAL.UtcOffset ? offset.toSeconds() : 0;
}

/** "(UTC+08:00) Beijing, Chongqing": Outlook's own names, where the calendar does not describe them. */
function offsetZone(name: string): Zone | null {
  const found = /^\(?(?:UTC|GMT)\s*([+-]\d{2})[:.]?(\d{2})/iu.exec(name);
  if (found === null) return null;
  const [, hours = "", minutes] = found;
  const offset = (Math.abs(Number(hours)) * 60 + Number(minutes)) * (hours.startsWith("-") ? -60_000 : 60_000);
  return { name, offsetMs: () => offset };
}
