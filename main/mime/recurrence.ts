import type { Moment, Recurrence } from "../../shared/contract/calendar.ts";

const WEEKDAYS = ["", "MO", "TU", "WE", "TH", "FR", "SA", "SU"];
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
const SPOKEN = new Set(["FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST"]);
const MOST_VALUES = 31;

/**
 * A rule as words can tell it (RFC 5545 §3.3.10). It is read and never carried out: a rule for every second until the end of time costs
 * what any other costs.
 *
 * @param momentOf reads what stands behind UNTIL
 */
export function parseRecurrence(value: string, momentOf: (value: string) => Moment | null): Recurrence | null {
  const rule = new Map(
    value
      .slice(0, 2000)
      .split(";")
      .map((one) => one.split("=", 2))
      .map(([name = "", text = ""]) => [name.trim().toUpperCase(), text.trim().toUpperCase()] as const),
  );
  const every = FREQUENCIES.get(rule.get("FREQ") ?? "");
  if (every === undefined) return null;
  const position = whole(rule.get("BYSETPOS"));
  const listed = (rule.get("BYDAY") ?? "").split(",").slice(0, MOST_VALUES).flatMap(readDay);
  // "TU" at position 2 is the second Tuesday.
  const single = position !== null && listed.length === 1 && every === "month";
  const days = single ? listed.map(({ day }) => ({ day, nth: position })) : listed;
  const other = [...rule.keys()].some((name) => name !== "" && !SPOKEN.has(name) && !name.startsWith("X-"));
  return {
    every,
    interval: Math.max(1, whole(rule.get("INTERVAL")) ?? 1),
    days,
    monthDays: numbers(rule.get("BYMONTHDAY"), 31),
    months: numbers(rule.get("BYMONTH"), 12).filter((month) => month > 0),
    count: whole(rule.get("COUNT")),
    until: momentOf(rule.get("UNTIL") ?? ""),
    more: other || (rule.has("BYSETPOS") && !single),
  };
}

function readDay(value: string): { day: number; nth: number }[] {
  const found = /^([+-]?\d{1,2})?([A-Z]{2})$/u.exec(value.trim());
  const day = WEEKDAYS.indexOf(found?.[2] ?? "-");
  return day > 0 ? [{ day, nth: Number(found?.[1] ?? 0) }] : [];
}

function numbers(value: string | undefined, most: number): number[] {
  return (value ?? "")
    .split(",")
    .slice(0, MOST_VALUES)
    .flatMap((one) => whole(one) ?? [])
    .filter((one) => one !== 0 && Math.abs(one) <= most);
}

function whole(value: string | undefined): number | null {
  return value !== undefined && /^[+-]?\d{1,9}$/u.test(value.trim()) ? Number(value) : null;
}
