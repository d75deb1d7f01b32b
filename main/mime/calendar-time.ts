const DAY_MS = 86_400_000;

/** A date or a time as it is written; `wall` is what the clock shows, in ms as though it were UTC. */
export type Stamp = { readonly wall: number; readonly utc: boolean; readonly date: boolean };

/** RFC 5545 §3.3.4 and §3.3.5, also with the dashes and colons of ISO 8601. Null for what is no date. */
export function parseStamp(value: string): Stamp | null {
  const found = /^(\d{4})-?(\d{2})-?(\d{2})(?:T(\d{2}):?(\d{2}):?(\d{2})?(Z)?)?$/iu.exec(value.trim());
  if (found === null) return null;
  const [, year, month, day, hour, minute, second, zulu] = found;
  const numbers = [year, month, day, hour, minute, second].map((digits) => Number(digits ?? 0));
  const [y = 0, m = 0, d = 0, h = 0, min = 0, s = 0] = numbers;
  if (m < 1 || m > 12 || d < 1 || d > 31 || h > 24 || min > 59 || s > 60) return null;
  const at = new Date(0);
  at.setUTCFullYear(y, m - 1, d);
  at.setUTCHours(h, min, Math.min(s, 59));
  const wall = at.getTime();
  return Number.isNaN(wall) ? null : { wall, utc: zulu !== undefined, date: hour === undefined };
}

/** RFC 5545 §3.3.6, in ms; null for what is none. */
export function parseDuration(value: string): number | null {
  const found = /^([+-]?)P(?=.)(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?$/iu.exec(value.trim());
  if (found === null) return null;
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = found.slice(2).map((digits) => Number(digits ?? 0));
  const ms = (weeks * 7 + days) * DAY_MS + hours * 3_600_000 + minutes * 60_000 + seconds * 1000;
  return found[1] === "-" ? -ms : ms;
}

/** RFC 5545 §3.3.14: "+0800" in ms; null for what is none. */
export function parseOffset(value: string): number | null {
  const found = /^([+-])(\d{2}):?(\d{2}):?(\d{2})?$/u.exec(value.trim());
  if (found === null) return null;
  const ms = Number(found[2]) * 3_600_000 + Number(found[3]) * 60_000 + Number(found[4] ?? 0) * 1000;
  return found[1] === "-" ? -ms : ms;
}
