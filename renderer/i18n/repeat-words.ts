import i18next from "i18next";
import type { Recurrence } from "../../shared/contract/calendar.ts";
import { formatter, locale } from "./format.ts";

const NTHS = [1, 2, 3, 4, 5, -1, -2];
/** A Monday, from which the names of weekdays are counted. */
const MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

/** A rule in words: `Every second Tuesday until 31 January 2027`. What words do not hold is said to be there. */
export function repeatWords(rule: Recurrence): string {
  const { every, interval, days, monthDays, months, count, until, more } = rule;
  const plain = interval === 1 ? i18next.t(`calendar:repeat.each.${every}`) : i18next.t(`calendar:repeat.${every}`, { count: interval });
  const unsaid = more || days.some(({ nth }) => nth !== 0 && !NTHS.includes(nth)) || monthDays.some((day) => day < -1);
  let words = plain;
  if (days.length > 0 && (every === "week" || every === "day") && days.every(({ nth }) => nth === 0)) words = weeklyWords(rule, plain);
  else if (every === "month" || every === "year") words = monthlyWords(rule, plain);
  if (months.length > 0 && every !== "year")
    words = i18next.t("calendar:repeat.only", { rule: words, months: list(months.map(monthName)) });
  if (unsaid) words = i18next.t("calendar:repeat.more", { rule: words });
  if (count !== null) words = i18next.t("calendar:repeat.times", { rule: words, count });
  if (until !== null) words = i18next.t("calendar:repeat.until", { rule: words, date: dateOf(until.at ?? until.wall, until.at === null) });
  return words;
}

function weeklyWords({ interval, days }: Recurrence, plain: string): string {
  const named = list(days.map(({ day }) => weekday(day)));
  const set = new Set(days.map(({ day }) => day));
  if (interval === 1 && set.size === 5 && !set.has(6) && !set.has(7)) return i18next.t("calendar:repeat.weekdays");
  if (interval === 1) return i18next.t("calendar:repeat.weekly", { days: named });
  if (interval === 2) return i18next.t("calendar:repeat.fortnightly", { days: named });
  return i18next.t("calendar:repeat.on", { every: plain, days: named });
}

function monthlyWords({ every, days, monthDays, months }: Recurrence, plain: string): string {
  const [month] = months;
  const [monthDay] = monthDays;
  if (every === "year" && days.length === 0 && month !== undefined && months.length === 1 && monthDay !== undefined && monthDay > 0) {
    const date = formatter({ day: "numeric", month: "long", timeZone: "UTC" }).format(Date.UTC(2024, month - 1, monthDay));
    return i18next.t("calendar:repeat.on", { every: plain, days: date });
  }
  const named = [
    ...days.map(({ day, nth }) => (NTHS.includes(nth) ? i18next.t(`calendar:repeat.nth.${nth}`, { day: weekday(day) }) : weekday(day))),
    ...monthDays.map((day) => (day === -1 ? i18next.t("calendar:repeat.lastDay") : i18next.t("calendar:repeat.date", { day }))),
  ];
  if (named.length === 0 && months.length === 0) return plain;
  const inMonths = list(months.map(monthName));
  const which =
    every === "month" || months.length === 0
      ? list(named)
      : named.length === 0
        ? inMonths
        : i18next.t("calendar:repeat.in", { days: list(named), months: inMonths });
  return which === "" ? plain : i18next.t("calendar:repeat.on", { every: plain, days: which });
}

/** Chinese has the short name in running text. */
function weekday(day: number): string {
  const weekday = locale() === "zh-CN" ? "short" : "long";
  return formatter({ weekday, timeZone: "UTC" }).format(MONDAY + (day - 1) * DAY_MS);
}

function monthName(month: number): string {
  return formatter({ month: "long", timeZone: "UTC" }).format(Date.UTC(2024, month - 1, 1));
}

function dateOf(at: number, wall: boolean): string {
  return formatter({ day: "numeric", month: "long", year: "numeric", ...(wall ? { timeZone: "UTC" } : {}) }).format(at);
}

function list(words: readonly string[]): string {
  return new Intl.ListFormat(locale(), { type: "conjunction" }).format(words);
}
