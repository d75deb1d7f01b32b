import i18next from "i18next";

/** Months and days as English readers outside America write them; Chinese as it is. */
export function locale(): string {
  return i18next.language === "zh-CN" ? "zh-CN" : "en-GB";
}

const made = new Map<string, Intl.DateTimeFormat>();

/** One that was made before for the same, or a new one. */
export function formatter(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale() + JSON.stringify(options);
  const known = made.get(key);
  if (known !== undefined) return known;
  const fresh = new Intl.DateTimeFormat(locale(), options);
  made.set(key, fresh);
  return fresh;
}

const CLOCK: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const WEEKDAY: Intl.DateTimeFormatOptions = { weekday: "short" };
const DAY: Intl.DateTimeFormatOptions = { day: "numeric", month: "short" };
const DAY_YEAR: Intl.DateTimeFormatOptions = { day: "numeric", month: "short", year: "numeric" };
const MONTH_YEAR: Intl.DateTimeFormatOptions = { month: "long", year: "numeric" };

export function formatClock(at: number): string {
  return formatter(CLOCK).format(at);
}

export function formatNumber(value: number): string {
  return new Intl.NumberFormat(locale()).format(value);
}

/** `98 %` in English, `98%` in Chinese. Rounded down, so that 100 means all. */
export function formatPercent(part: number): string {
  const percent = Math.floor(part * 100);
  return i18next.language === "zh-CN" ? `${percent}%` : `${percent}\u00a0%`;
}

/** Bytes with a unit that leaves at most four figures. */
export function formatSize(bytes: number): string {
  const units = ["bytes", "kb", "mb", "gb"] as const;
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit < 2 || value >= 100 ? 0 : 1;
  const text = new Intl.NumberFormat(locale(), { maximumFractionDigits: digits }).format(value);
  return i18next.t(`common:size.${units[unit] ?? "bytes"}`, { value: text });
}

/** Days between two moments by the calendar of this computer. */
function daysBefore(at: number, now: number): number {
  const day = (ms: number): number => {
    const date = new Date(ms);
    return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000;
  };
  return day(now) - day(at);
}

/** For a list row: the time while the day is named above it, then the weekday, then the date. */
export function formatRowTime(at: number, now: number): string {
  const days = daysBefore(at, now);
  if (days <= 1 && days >= 0) return formatClock(at);
  if (days > 1 && days < 7) return formatter(WEEKDAY).format(at);
  return formatter(new Date(at).getFullYear() === new Date(now).getFullYear() ? DAY : DAY_YEAR).format(at);
}

/** A day to come: its weekday while that is clear, then its date. */
export function formatDay(at: number, now: number): string {
  const ahead = -daysBefore(at, now);
  if (ahead >= 0 && ahead < 7) return formatter({ weekday: "long" }).format(at);
  return formatter(new Date(at).getFullYear() === new Date(now).getFullYear() ? DAY : DAY_YEAR).format(at);
}

/** For search results, whose rows have no day above them. */
export function formatLooseTime(at: number, now: number): string {
  const days = daysBefore(at, now);
  if (days === 0) return formatClock(at);
  if (days > 0 && days < 7) return `${formatter(WEEKDAY).format(at)} ${formatClock(at)}`;
  return formatRowTime(at, now);
}

/** A moment to come: its clock today, with the day before it later on. */
export function formatAhead(at: number, now: number): string {
  return daysBefore(at, now) === 0 ? formatClock(at) : `${formatDay(at, now)} ${formatClock(at)}`;
}

/** For an open message: `Today 09:41`, `Fri 08:30`, `18 Nov 16:20`. */
export function formatMessageTime(at: number, now: number): string {
  const days = daysBefore(at, now);
  const time = formatClock(at);
  if (days === 0) return i18next.t("common:date.todayAt", { time });
  if (days > 0 && days < 7) return `${formatter(WEEKDAY).format(at)} ${time}`;
  return `${formatter(new Date(at).getFullYear() === new Date(now).getFullYear() ? DAY : DAY_YEAR).format(at)} ${time}`;
}

/**
 * What the clock showed where a message was written, with its weekday when that was another day there; null where it showed the same as here.
 * @param zone minutes east of UTC
 */
export function formatTimeThere(at: number, zone: number): string | null {
  const here = -new Date(at).getTimezoneOffset();
  if (zone === here) return null;
  const there = at + zone * 60_000;
  const clock = formatter({ ...CLOCK, timeZone: "UTC" }).format(there);
  const sameDay = new Date(there).getUTCDate() === new Date(at).getDate();
  return sameDay ? clock : `${formatter({ ...WEEKDAY, timeZone: "UTC" }).format(there)} ${clock}`;
}

/** A day with its year: `25 Nov 2026`. */
export function formatDate(at: number): string {
  return formatter(DAY_YEAR).format(at);
}

/** Everything there is to say about a moment, for details. */
export function formatFullTime(at: number): string {
  return formatter({ dateStyle: "full", timeStyle: "long" }).format(at);
}

/** The heading a row stands under, as a key that is the same for all rows of the group. Newer groups come first. */
export function dayGroup(at: number, now: number): string {
  const days = daysBefore(at, now);
  if (days <= 0) return "today";
  if (days === 1) return "yesterday";
  if (days < 7) return "thisWeek";
  if (days < 14) return "lastWeek";
  const date = new Date(at);
  return `${date.getFullYear()}-${date.getMonth() + 1}`;
}

export function dayGroupName(group: string): string {
  const month = /^(-?\d+)-(\d+)$/u.exec(group);
  if (month === null) return i18next.t(`common:date.${group}`);
  return formatter(MONTH_YEAR).format(new Date(Number(month[1]), Number(month[2]) - 1, 1));
}

/** With seconds, for the story of a dialogue. */
export function formatSeconds(at: number): string {
  return formatter({ ...CLOCK, second: "2-digit" }).format(at);
}

/** `11 minutes`, `2 days`: by how much two clocks differ, in the largest unit that is worth it. */
export function formatSpan(minutes: number): string {
  const [unit, value] =
    minutes < 120
      ? (["minute", minutes] as const)
      : minutes < 48 * 60 - 30
        ? (["hour", minutes / 60] as const)
        : (["day", minutes / 1440] as const);
  return new Intl.NumberFormat(locale(), { style: "unit", unit, unitDisplay: "long", maximumFractionDigits: 0 }).format(value);
}

/** `48 ms`, `10.0 s`: how long a step took. */
export function formatTook(ms: number): string {
  const figure = (value: number, digits: number): string =>
    new Intl.NumberFormat(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
  return ms < 1000 ? `${figure(Math.round(ms), 0)}\u00a0ms` : `${figure(ms / 1000, 1)}\u00a0s`;
}
