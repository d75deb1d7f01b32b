/** What a clock on the wall shows: a local time without a zone. `month` counts from 1. */
export type WallTime = {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
};

const MINUTE = 60_000;
const DAY = 86_400_000;

const clocks = new Map<string, Intl.DateTimeFormat>();
function clockIn(zone: string): Intl.DateTimeFormat {
  let clock = clocks.get(zone);
  if (clock === undefined) {
    const digits = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" } as const;
    clock = new Intl.DateTimeFormat("en-US", { timeZone: zone, calendar: "gregory", hourCycle: "h23", ...digits });
    clocks.set(zone, clock);
  }
  return clock;
}

/** What the clocks of an IANA zone show at this moment. */
export function wallTimeAt(at: number, zone: string): WallTime {
  const parts = new Map(
    clockIn(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
  return { year: part("year"), month: part("month"), day: part("day"), hour: part("hour"), minute: part("minute") };
}

function asIfUtc({ year, month, day, hour, minute }: WallTime): number {
  return Date.UTC(year, month - 1, day, hour, minute);
}

/**
 * The moment at which the clocks of a zone show this, ms UTC. A time that is left out when clocks go forward is that much later; of one
 * that comes twice when they go back, it is the first.
 */
export function momentOf(wall: WallTime, zone: string): number {
  const utc = asIfUtc(wall);
  const offsetAt = (at: number): number => asIfUtc(wallTimeAt(at, zone)) - Math.floor(at / MINUTE) * MINUTE;
  // Offsets change at most once between a day before and a day after.
  const offsets = [offsetAt(utc - DAY), offsetAt(utc + DAY)];
  const found = offsets.map((offset) => utc - offset).filter((at) => asIfUtc(wallTimeAt(at, zone)) === utc);
  return found.length > 0 ? Math.min(...found) : utc - (offsets[0] ?? 0);
}

/** The same time of day, days later as calendars count them (RFC 5545 §3.3.6: a day is not always 24 hours). */
export function daysLater(wall: WallTime, days: number): WallTime {
  const date = new Date(Date.UTC(wall.year, wall.month - 1, wall.day + days));
  return { ...wall, year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}
