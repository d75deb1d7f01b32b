import i18next from "i18next";
import type { CalendarEvent, Moment } from "../../shared/contract/calendar.ts";
import { formatter, locale } from "./format.ts";

const DAY_MS = 86_400_000;
const LONG: Intl.DateTimeFormatOptions = { weekday: "long", day: "numeric", month: "long", year: "numeric" };
const SHORT: Intl.DateTimeFormatOptions = { weekday: "short", day: "numeric", month: "short", year: "numeric" };
const CLOCK: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

export type EventTime = Pick<CalendarEvent, "start" | "end" | "allDay">;

/** When an event is, in words: by the clock of this computer, and by that of its own place where it shows something else. */
export type EventWhen = {
  /** `Wednesday, 2 December 2026`; "" when it does not say. */
  readonly day: string;
  /** `14:00–15:30`, `All day`; "" when the day says it all. */
  readonly time: string;
  /** The same by the clock there; "" when that shows the same, or is not known. */
  readonly there: string;
  /** `tomorrow`, `in 6 days`; "" further away. */
  readonly away: string;
  readonly over: boolean;
  /** Month and day of its first day, for the tile. */
  readonly month: string;
  readonly dayOfMonth: string;
};

/** @param zone of this computer, IANA */
export function eventWhen({ start, end, allDay }: EventTime, now: number, zone: string): EventWhen {
  if (start === null) return { day: i18next.t("calendar:noTime"), time: "", there: "", away: "", over: false, month: "", dayOfMonth: "" };
  const [from, until] = [localOf(start, zone), end === null ? null : localOf(end, zone)];
  const today = wallIn(now, zone);
  const last = allDay && until !== null ? until - DAY_MS : (until ?? from);
  const words = allDay ? daysWords(from, last) : rangeWords(from, last, LONG);
  return {
    ...words,
    time: allDay ? words.time : zoneWords(words.time, start, zone),
    there: allDay ? "" : thereWords(start, end, zone),
    away: awayWords(Math.round((dayOf(from) - dayOf(today)) / DAY_MS)),
    over: allDay ? last + DAY_MS <= today : last < today,
    month: inUtc({ month: "short" }).format(from),
    dayOfMonth: String(new Date(from).getUTCDate()),
  };
}

/** In one line, as it stood before a change. */
export function eventWhenShort({ start, end, allDay }: EventTime, zone: string): string {
  if (start === null) return i18next.t("calendar:noTime");
  const from = localOf(start, zone);
  const until = end === null ? from : localOf(end, zone);
  const { day, time } = allDay ? daysWords(from, until === from ? from : until - DAY_MS) : rangeWords(from, until, SHORT);
  return time === "" ? day : `${day}, ${time}`;
}

/** What the clock of this computer shows then; dates and what floats are the same everywhere. */
function localOf({ wall, at }: Moment, zone: string): number {
  return at === null ? wall : wallIn(at, zone);
}

function wallIn(at: number, zone: string): number {
  const figures = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" } as const;
  const parts = new Intl.DateTimeFormat("en-US", { ...figures, timeZone: zone, hourCycle: "h23" }).formatToParts(at);
  const figure = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.find((part) => part.type === type)?.value ?? 0);
  return Date.UTC(figure("year"), figure("month") - 1, figure("day"), figure("hour"), figure("minute"), figure("second"));
}

function dayOf(wall: number): number {
  return Math.floor(wall / DAY_MS) * DAY_MS;
}

function inUtc(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return formatter({ ...options, timeZone: "UTC" });
}

function daysWords(from: number, last: number): { day: string; time: string } {
  if (dayOf(last) <= dayOf(from)) return { day: inUtc(LONG).format(from), time: i18next.t("calendar:allDay") };
  const count = Math.round((dayOf(last) - dayOf(from)) / DAY_MS) + 1;
  return { day: inUtc(SHORT).formatRange(from, last), time: i18next.t("calendar:days", { count }) };
}

function rangeWords(from: number, until: number, style: Intl.DateTimeFormatOptions): { day: string; time: string } {
  const clock = inUtc(CLOCK);
  if (dayOf(from) === dayOf(until) || until - from < DAY_MS / 2) {
    const time = until === from ? clock.format(from) : `${clock.format(from)}–${clock.format(until)}`;
    return { day: inUtc(style).format(from), time };
  }
  const whole = inUtc({ ...SHORT, ...CLOCK });
  return { day: `${whole.format(from)} – ${whole.format(until)}`, time: "" };
}

function zoneWords(time: string, start: Moment, zone: string): string {
  if (time === "") return "";
  if (start.at === null) return i18next.t("calendar:floating", { time });
  return differs(start, zone) ? i18next.t("calendar:yourTime", { time }) : time;
}

/** UTC is a way of writing, and nobody's place. */
function differs(start: Moment, zone: string): boolean {
  return start.at !== null && start.zone !== "UTC" && start.zone !== "Etc/UTC" && wallIn(start.at, zone) !== start.wall;
}

function thereWords(start: Moment, end: Moment | null, zone: string): string {
  if (!differs(start, zone) || start.at === null) return "";
  // An event that ends in another zone, as a flight does, is told by the clock that it begins by.
  const endAt = end?.at ?? null;
  const until = endAt === null ? start.wall : start.wall + (endAt - start.at);
  const { day, time } = rangeWords(start.wall, until, SHORT);
  const sameDay = dayOf(wallIn(start.at, zone)) === dayOf(start.wall);
  const words = time === "" ? day : sameDay ? time : `${day}, ${time}`;
  return i18next.t("calendar:thereTime", { time: words, zone: zoneName(start.zone, start.at) });
}

/** `Central European Time`; what this computer does not know is called as the calendar calls it. */
function zoneName(zone: string, at: number): string {
  try {
    const parts = new Intl.DateTimeFormat(locale(), { timeZone: zone, timeZoneName: "longGeneric" }).formatToParts(at);
    return parts.find(({ type }) => type === "timeZoneName")?.value ?? zone;
  } catch {
    // Not a name of a zone: words of the sender.
    return zone;
  }
}

function awayWords(days: number): string {
  if (days < -1 || days > 14) return "";
  return new Intl.RelativeTimeFormat(locale(), { numeric: "auto" }).format(days, "day");
}
