import { isAtom } from "./arguments.ts";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Text on the wire: strings stand for bytes, one character each. */
export function bytesOf(text: string): Buffer {
  return Buffer.from(text, "latin1");
}

/** Unicode text as the byte string that the rest of the server works with. */
export function wireText(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

/** A quoted string where that is allowed, else a literal. */
export function string(text: string): string {
  if (/[\r\n\0\u0080-\u00ff]/.test(text)) return `{${text.length}}\r\n${text}`;
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

export function nstring(text: string | null): string {
  return text === null ? "NIL" : string(text);
}

/** A mailbox name: bare where it can be, as most servers send it. */
export function mailboxName(name: string): string {
  return isAtom(name) && name !== "NIL" ? name : string(name);
}

/** RFC 3501 date-time, in the zone given (minutes east of UTC). */
export function dateTime(at: Date, zoneMinutes = 0): string {
  const local = new Date(at.getTime() + zoneMinutes * 60_000);
  const two = (value: number): string => String(value).padStart(2, "0");
  const date = `${two(local.getUTCDate())}-${MONTHS[local.getUTCMonth()]}-${local.getUTCFullYear()}`;
  const time = `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}:${two(local.getUTCSeconds())}`;
  const east = Math.abs(zoneMinutes);
  return `"${date} ${time} ${zoneMinutes < 0 ? "-" : "+"}${two(Math.floor(east / 60))}${two(east % 60)}"`;
}

/** `[day]-[month]-[year] hh:mm:ss +zzzz`, null when it is not one. */
export function parseDateTime(text: string): { at: Date; zoneMinutes: number } | null {
  const parts = /^ ?(\d{1,2})-(\w{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)$/.exec(text);
  const month = monthIndex(parts?.[2]);
  if (parts === null || month === null) return null;
  const [, day, , year, hour, minute, second, sign, zoneHours, zoneRest] = parts;
  const zoneMinutes = (sign === "-" ? -1 : 1) * (Number(zoneHours) * 60 + Number(zoneRest));
  const utc = Date.UTC(Number(year), month, Number(day), Number(hour), Number(minute), Number(second));
  return { at: new Date(utc - zoneMinutes * 60_000), zoneMinutes };
}

/** A search date such as 1-Feb-1994 as days since 1970, null when it is not one. */
export function parseDay(text: string): number | null {
  const parts = /^"?(\d{1,2})-(\w{3})-(\d{4})"?$/.exec(text);
  const month = monthIndex(parts?.[2]);
  return parts === null || month === null ? null : Date.UTC(Number(parts[3]), month, Number(parts[1])) / 86_400_000;
}

export function monthIndex(name: string | undefined): number | null {
  const index = MONTHS.findIndex((month) => month.toLowerCase() === name?.toLowerCase());
  return index < 0 ? null : index;
}
