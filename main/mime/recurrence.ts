import type { Moment, Recurrence } from "../../shared/contract/calendar.ts";
import { ICAL } from "./ical.ts";

const FREQUENCIES: ReadonlyMap<string, Recurrence["every"]> = new Map([
  ["SECONDLY", "second"],
  ["MINUTELY", "minute"],
  ["HOURLY", "hour"],
  ["DAILY", "day"],
  ["WEEKLY", "week"],
  ["MONTHLY", "month"],
  ["YEARLY", "year"],
]);
/** What is said in words; the rest counts as "and more". */
const SPOKEN = new Set("freq interval count until byday bymonthday bymonth bysetpos wkst".split(" "));

/**
 * A rule as words can tell it (RFC 5545 §3.3.10). It is read and never carried out: a rule for every second until the end of time costs
 * what any other costs.
 *
 * @param momentOf reads what stands behind UNTIL
 */
export function wordsOfRule(line: ICAL.Property, momentOf: (time: ICAL.Time) => Moment): Recurrence | null {
  const rule = line.getFirstValue();
  if (!(rule instanceof ICAL.Recur)) return null;
  const every = FREQUENCIES.get(rule.freq);
  if (every === undefined) return null;
  const { BYDAY = [], BYMONTHDAY = [], BYMONTH = [], BYSETPOS = [] } = rule.parts;
  const listed = BYDAY.map(readDay);
  // "TU" at position 2 is the second Tuesday.
  const [position] = BYSETPOS;
  const single = position !== undefined && BYSETPOS.length === 1 && listed.length === 1 && every === "month";
  return {
    every,
    interval: rule.interval,
    days: single ? listed.map(({ day }) => ({ day, nth: position })) : listed,
    monthDays: BYMONTHDAY.filter((day) => day !== 0),
    months: BYMONTH,
    count: rule.count,
    until: rule.until === null ? null : momentOf(rule.until),
    more: namesIn(line).some((name) => !SPOKEN.has(name) && !name.startsWith("x-")) || (BYSETPOS.length > 0 && !single),
  };
}

/** Of the rule as it was read, with what the library does not know. */
function namesIn({ jCal }: ICAL.Property): string[] {
  const rule: unknown = jCal[3];
  return typeof rule === "object" && rule !== null ? Object.keys(rule) : [];
}

function readDay(value: string): { day: number; nth: number } {
  const { Recur, Time } = ICAL;
  return { day: Recur.icalDayToNumericDay(value.slice(-2), Time.MONDAY), nth: Number(value.slice(0, -2)) };
}
