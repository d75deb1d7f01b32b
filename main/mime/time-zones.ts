import { parseOffset, parseStamp } from "./calendar-time.ts";
import { type Component, property } from "./content-lines.ts";
import { WINDOWS_ZONES } from "./windows-zones.ts";

/** Time at one place. `offsetMs` is what to take from a wall clock's time there to have UTC. */
export type Zone = { readonly name: string; offsetMs(wall: number): number };

const DAY_MS = 86_400_000;
/** Observances of a zone that are looked at, and dates of each. */
const MOST_OBSERVANCES = 200;
const MOST_DATES = 200;
const MOST_CACHED = 300;

/**
 * The zone that a TZID means: known names first (IANA, also behind a prefix; Windows), whose rules are those of the day, then what the
 * calendar itself says, then an offset in the name.
 *
 * @param own the calendar's VTIMEZONEs by their TZID
 * @returns null when nothing tells; the time then floats
 */
export function zoneOf(tzid: string, own: ReadonlyMap<string, Component>): Zone | null {
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

/** When a zone's clocks are set, and to what. */
type Observance = {
  readonly start: number;
  readonly until: number;
  readonly from: number;
  readonly to: number;
  readonly rule: YearlyRule | null;
  readonly dates: readonly number[];
};
/** The days of `month` from which the first, or counted from the end the last, of a weekday is taken. */
type YearlyRule = { readonly month: number; readonly weekday: number | null; readonly nth: number; readonly monthDays: readonly number[] };

/** A calendar asks for its zone at every time in it. */
const described = new WeakMap<Component, Zone | null>();

function describedZone(name: string, component: Component): Zone | null {
  const known = described.get(component);
  if (known !== undefined) return known;
  const zone = readZone(name, component);
  described.set(component, zone);
  return zone;
}

function readZone(name: string, { children }: Component): Zone | null {
  const observances = children.slice(0, MOST_OBSERVANCES).flatMap((child) => readObservance(child) ?? []);
  const first = observances.reduce<Observance | null>((least, one) => (least === null || one.start < least.start ? one : least), null);
  if (first === null) return null;
  return {
    name,
    offsetMs(wall) {
      let best = { onset: Number.NEGATIVE_INFINITY, offset: first.from };
      for (const one of observances) {
        const onset = latestOnset(one, wall);
        if (onset !== null && onset >= best.onset) best = { onset, offset: one.to };
      }
      return best.offset;
    },
  };
}

function readObservance(component: Component): Observance | null {
  if (component.name !== "STANDARD" && component.name !== "DAYLIGHT") return null;
  const start = parseStamp(property(component, "DTSTART")?.value ?? "")?.wall;
  const to = parseOffset(property(component, "TZOFFSETTO")?.value ?? "");
  if (start === undefined || to === null) return null;
  const from = parseOffset(property(component, "TZOFFSETFROM")?.value ?? "") ?? to;
  const rule = property(component, "RRULE")?.value ?? "";
  const until = parseStamp(/UNTIL=([^;]+)/iu.exec(rule)?.[1] ?? "");
  const dates = component.properties
    .filter((one) => one.name === "RDATE")
    .slice(0, MOST_DATES)
    .flatMap(({ value }) => value.split(",").slice(0, MOST_DATES))
    .flatMap((value) => parseStamp(value)?.wall ?? []);
  return {
    start,
    from,
    to,
    until: until === null ? Number.POSITIVE_INFINITY : until.wall + (until.utc ? from : 0),
    rule: readYearlyRule(rule, start),
    dates: dates.slice(0, MOST_DATES),
  };
}

const WEEKDAYS = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];

/** Clocks are set once a year; other rules do not occur, and would only cost time. */
function readYearlyRule(rule: string, start: number): YearlyRule | null {
  if (!/FREQ=YEARLY/iu.test(rule)) return null;
  const day = /BYDAY=([+-]?\d{0,2})([A-Z]{2})/iu.exec(rule);
  const weekday = WEEKDAYS.indexOf((day?.[2] ?? "").toUpperCase());
  const monthDays = /BYMONTHDAY=([\d,+-]+)/iu.exec(rule)?.[1]?.split(",").slice(0, 31).map(Number) ?? [];
  const date = new Date(start);
  const month = Number(/BYMONTH=(\d{1,2})/iu.exec(rule)?.[1] ?? date.getUTCMonth() + 1);
  if (weekday < 0) return { month, weekday: null, nth: 0, monthDays: monthDays.length > 0 ? monthDays : [date.getUTCDate()] };
  return { month, weekday, nth: Number(day?.[1] || 1), monthDays };
}

function latestOnset({ start, until, rule, dates }: Observance, wall: number): number | null {
  let latest: number | null = start <= wall ? start : null;
  for (const date of dates) if (date <= wall && (latest === null || date > latest)) latest = date;
  if (rule === null || latest === null) return latest;
  const year = new Date(Math.min(wall, until)).getUTCFullYear();
  for (const candidate of [year, year - 1]) {
    const onset = onsetIn(rule, candidate, start);
    if (onset !== null && onset >= start && onset <= wall && onset <= until && onset > latest) latest = onset;
  }
  return latest;
}

function onsetIn({ month, weekday, nth, monthDays }: YearlyRule, year: number, start: number): number | null {
  const clock = ((start % DAY_MS) + DAY_MS) % DAY_MS;
  const first = new Date(0).setUTCFullYear(year, month - 1, 1);
  const length = Math.round((new Date(0).setUTCFullYear(year, month, 1) - first) / DAY_MS);
  if (Number.isNaN(first)) return null;
  const days =
    monthDays.length > 0 ? monthDays.map((day) => (day < 0 ? length + 1 + day : day)) : Array.from({ length }, (_, at) => at + 1);
  const fits = days.filter((day) => weekday === null || new Date(first + (day - 1) * DAY_MS).getUTCDay() === weekday).sort((a, b) => a - b);
  const day = fits.at(monthDays.length > 0 || nth === 0 ? 0 : nth < 0 ? nth : nth - 1);
  return day === undefined ? null : first + (day - 1) * DAY_MS + clock;
}

/** "(UTC+08:00) Beijing, Chongqing": Outlook's own names, where the calendar does not describe them. */
function offsetZone(name: string): Zone | null {
  const found = /^\(?(?:UTC|GMT)\s*([+-]\d{2})[:.]?(\d{2})/iu.exec(name);
  const offset = found === null ? null : parseOffset(`${found[1]}${found[2]}`);
  return offset === null ? null : { name, offsetMs: () => offset };
}
