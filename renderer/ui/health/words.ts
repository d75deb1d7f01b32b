import i18next from "i18next";
import { locale } from "../../i18n/format.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long ago, in the largest unit that says enough. */
export function agoText(at: number, now: number): string {
  const ms = Math.max(0, now - at);
  if (ms < MINUTE) return i18next.t("health:ago.now");
  if (ms < HOUR) return i18next.t("health:ago.minutes", { count: Math.floor(ms / MINUTE) });
  if (ms < 2 * DAY) return i18next.t("health:ago.hours", { count: Math.floor(ms / HOUR) });
  return i18next.t("health:ago.days", { count: Math.floor(ms / DAY) });
}

/** How long something took or lasted. Infinity: longer than is measured. */
export function spanText(ms: number): string {
  if (ms === Number.POSITIVE_INFINITY) return i18next.t("health:span.longest");
  if (ms < SECOND) return i18next.t("health:span.ms", { count: Math.round(ms) });
  if (ms < MINUTE) return i18next.t("health:span.seconds", { value: short(ms / SECOND) });
  if (ms < HOUR) return i18next.t("health:span.minutes", { count: Math.round(ms / MINUTE) });
  return i18next.t("health:span.hours", { value: short(ms / HOUR) });
}

function short(value: number): string {
  return new Intl.NumberFormat(locale(), { maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
}
