const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** RFC 5322 §4.3, in hours; other letters mean "unknown", which is UTC. */
const ZONES: Readonly<Record<string, number>> = {
  ut: 0,
  utc: 0,
  gmt: 0,
  z: 0,
  edt: -4,
  est: -5,
  cdt: -5,
  cst: -6,
  mdt: -6,
  mst: -7,
  pdt: -7,
  pst: -8,
  bst: 1,
  cet: 1,
  cest: 2,
  met: 1,
  mest: 2,
  eet: 2,
  eest: 3,
  msk: 3,
  jst: 9,
  kst: 9,
  hkt: 8,
  sgt: 8,
};

/**
 * Minutes east of UTC where a Date header was written; null when it does not say. "-0000", GMT and the like are the time of a server that
 * knows no other (RFC 5322 §3.3).
 */
export function dateZone(text: string): number | null {
  const zone = /\d{1,2}:\d{2}(?::\d{2})?\s*([+-]\d{4})(?!\d)/u.exec(text.slice(0, 400))?.[1];
  if (zone === undefined || zone === "-0000" || Number(zone.slice(1)) > 1400 || Number(zone.slice(3)) > 59) return null;
  return zoneMinutes(zone);
}

/** As RFC 5322 §3.3 has it, and nearly every mailer. */
const PLAIN = /^(?:[A-Za-z]{3}, )?(\d{1,2}) ([A-Za-z]{3}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) ([+-]\d{4}|GMT|UTC)(?: \([A-Za-z]{1,5}\))?$/u;

/**
 * A Date header in milliseconds UTC.
 * @returns null when it cannot be read or names no real day: never "now"
 */
export function parseDate(text: string): number | null {
  const plain = PLAIN.exec(text);
  if (plain) {
    const [, day, month, year, hour, minute, second, zone = ""] = plain;
    return instant(Number(year), monthNumber(month), Number(day), Number(hour), Number(minute), Number(second), zoneMinutes(zone));
  }
  // Comments nest (RFC 5322 §3.2.2); nobody nests deeper than this on good grounds.
  const flat = text
    .slice(0, 400)
    .replace(/\([^()]*\)/gu, " ")
    .replace(/\([^()]*\)/gu, " ")
    .replace(/\s+/gu, " ")
    .trim();
  // RFC 5322, with dashes and missing seconds as they occur.
  const usual =
    /(?:^|[\s,])(\d{1,2})[\s-]+([A-Za-z]{3})[A-Za-z]*\.?[\s-]+(\d{2,4}),?(?:\s+(?:at )?(\d{1,2})\s?[:.]\s?(\d{1,2})(?:\s?[:.]\s?(\d{1,2})(?:[.,]\d+)?)?\s*(am|pm)?\s*(.*))?$/iu.exec(
      flat,
    );
  if (usual) {
    const [, day, month, year, hour = "0", minute = "0", second = "0", half, zone = ""] = usual;
    return instant(
      fullYear(year ?? ""),
      monthNumber(month),
      Number(day),
      halfDay(Number(hour), half),
      Number(minute),
      Number(second),
      zoneMinutes(zone),
    );
  }
  // asctime: Tue Jul  1 10:52:37 [CEST] 2003; and "Jul 1, 2003 10:52".
  const ascii =
    /^(?:[A-Za-z]{3,9},? )?([A-Za-z]{3})[A-Za-z]* (\d{1,2}),? (\d{1,2}):(\d{2})(?::(\d{2}))? ?([A-Za-z]{3,4}|[+-]\d{4})? (\d{4})(?: ([+-]\d{4}))?$/u.exec(
      flat,
    );
  if (ascii) {
    const [, month, day, hour, minute, second = "0", zone = "", year, offset] = ascii;
    return instant(
      Number(year),
      monthNumber(month),
      Number(day),
      Number(hour),
      Number(minute),
      Number(second),
      zoneMinutes(offset ?? zone),
    );
  }
  const iso = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(.*))?$/u.exec(flat);
  if (iso) {
    const [, year, month, day, hour = "0", minute = "0", second = "0", zone = ""] = iso;
    return instant(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second), zoneMinutes(zone));
  }
  // Day, month and year in numbers parted by blanks, in the order of RFC 5322. With slashes nobody knows which of them is the month.
  const numbers = /^(?:[A-Za-z]{3,9},? )?(\d{1,2}) (\d{1,2}) (\d{2}|\d{4}) (\d{1,2})[: ](\d{1,2})(?:[: ](\d{1,2}))?(?:[ ,]\s*(.*))?$/u.exec(
    flat,
  );
  if (numbers) {
    const [, day, month, year, hour, minute, second = "0", zone = ""] = numbers;
    return instant(fullYear(year ?? ""), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second), zoneMinutes(zone));
  }
  return null;
}

function monthNumber(name: string | undefined): number {
  return MONTHS.indexOf((name ?? "").toLowerCase());
}

/** RFC 5322 §4.3: two digits 00-49 are 2000 on, 50-99 and three digits are added to 1900. */
function fullYear(text: string): number {
  const year = Number(text);
  if (text.length === 2) return year < 50 ? 2000 + year : 1900 + year;
  return text.length === 3 ? 1900 + year : year;
}

function halfDay(hour: number, half: string | undefined): number {
  if (half === undefined) return hour;
  return (hour % 12) + (half.toLowerCase() === "pm" ? 12 : 0);
}

function zoneMinutes(text: string): number {
  const zone = text.trim();
  const offset = /^(?:GMT|UTC|UT)?\s?([+-])\s?(\d{1,2}):?(\d{2})(?!\d)/iu.exec(zone);
  if (offset) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3]);
    return offset[1] === "-" ? -minutes : minutes;
  }
  return (ZONES[(/^[A-Za-z]+/u.exec(zone)?.[0] ?? "").toLowerCase()] ?? 0) * 60;
}

function instant(year: number, month: number, day: number, hour: number, minute: number, second: number, zone: number): number | null {
  if (month < 0 || month > 11 || hour > 24 || minute > 59 || second > 60 || year < 1900 || year > 9999 || Math.abs(zone) > 24 * 60)
    return null;
  if (day < 1 || day > daysIn(year, month)) return null;
  return Date.UTC(year, month, day, hour, minute, second) - zone * 60_000;
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function daysIn(year: number, month: number): number {
  const leap = month === 1 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return leap ? 29 : (DAYS[month] ?? 0);
}
