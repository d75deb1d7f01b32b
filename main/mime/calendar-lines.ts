import { type Component, type Property, readComponents } from "./content-lines.ts";
import { ICAL } from "./ical.ts";

// The library reads each line alone and mended: one that it refuses would cost the whole calendar.

const LONGEST_TEXT = 16_000;
const LONGEST_PARAMETER = 2000;
/** Of what nobody has many of; attendees have a bound of their own. */
const MOST_OF_A_KIND = 2000;
const MOST_ATTENDEES = 12_000;
const MOST_COMPONENTS = 200;

type Mend = (value: string) => readonly string[];

/** What is read of a calendar, and how senders' ways of writing it become the papers'. Everything else is left out. */
const MENDED: ReadonlyMap<string, Mend> = new Map<string, Mend>([
  ...["METHOD", "UID", "SUMMARY", "LOCATION", "DESCRIPTION", "STATUS", "COMMENT", "TZID", "TZNAME"].map((name): [string, Mend] => [
    name,
    text,
  ]),
  ...["ORGANIZER", "ATTENDEE"].map((name): [string, Mend] => [name, (value) => [value.slice(0, LONGEST_PARAMETER)]]),
  // A list has its first here; a period its beginning.
  ...["DTSTART", "DTEND", "DUE", "RECURRENCE-ID", "DTSTAMP"].map((name): [string, Mend] => [name, (value) => stamps(value).slice(0, 1)]),
  // The library knows no more than the first of a list where clocks are set.
  ...["RDATE", "EXDATE"].map((name): [string, Mend] => [name, stamps]),
  ...["RRULE", "EXRULE"].map((name): [string, Mend] => [name, rule]),
  ...["TZOFFSETFROM", "TZOFFSETTO"].map((name): [string, Mend] => [name, offset]),
  ["SEQUENCE", (value) => /^\s*(\d{1,9})/u.exec(value)?.slice(1, 2) ?? []],
  ["DURATION", (value) => /^[+-]?P(?=.)(?:\d{1,6}W)?(?:\d{1,6}D)?(?:T(?:\d{1,6}H)?(?:\d{1,6}M)?(?:\d{1,8}S)?)?$/u.exec(tidy(value)) ?? []],
]);

/** The calendars of a text (RFC 5545), as the library holds them. Never throws: what it does not understand is left out. */
export function libraryCalendars(text: string): ICAL.Component[] {
  const top = readComponents(text);
  const calendars = top.filter(({ name }) => name === "VCALENDAR");
  // An event without the calendar around it is still an event.
  return (calendars.length > 0 ? calendars : [{ name: "VCALENDAR", properties: [], children: top }]).map(libraryComponent);
}

function libraryComponent({ name, properties, children }: Component): ICAL.Component {
  const made = new ICAL.Component(name.toLowerCase());
  const counts = new Map<string, number>();
  for (const property of properties) {
    const count = counts.get(property.name) ?? 0;
    if (count >= (property.name === "ATTENDEE" ? MOST_ATTENDEES : MOST_OF_A_KIND)) continue;
    const lines = mendedLines(property).slice(0, MOST_OF_A_KIND);
    counts.set(property.name, count + lines.length);
    for (const line of lines) addLine(made, line);
  }
  // For a zone without a name the library has an exception.
  for (const child of children.slice(0, MOST_COMPONENTS).map(libraryComponent))
    if (child.name !== "vtimezone" || child.hasProperty("tzid")) made.addSubcomponent(child);
  return made;
}

function addLine(component: ICAL.Component, line: string): void {
  try {
    component.addProperty(ICAL.Property.fromString(line));
  } catch {
    // No more than this line is lost.
  }
}

function mendedLines({ name, params, value }: Property): string[] {
  const values = MENDED.get(name)?.(oneLine(value)) ?? [];
  const head = name + [...params].map(([key, text]) => parameter(key, text)).join("");
  return values.map((one) => (/^\d{8}$/u.test(one) ? `${head};VALUE=DATE:${one}` : `${head}:${one}`));
}

/** RFC 6868, in quotes. Of what type a value is tells the value itself. */
function parameter(key: string, text: string): string {
  if (!/^[A-Z0-9-]+$/u.test(key) || key === "VALUE") return "";
  const coded = text.slice(0, LONGEST_PARAMETER).replaceAll("^", "^^").replaceAll("\n", "^n").replaceAll('"', "^'");
  return `;${key}="${oneLine(coded)}"`;
}

/** Nothing of an invitation may begin a line of its own, here or in its answer. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, (found) => (found === "\t" ? found : " "));
}

function tidy(value: string): string {
  return value.trim().toUpperCase();
}

/** Outlook escapes more than it should: "\:" and "\"". */
function text(value: string): readonly string[] {
  return [value.slice(0, LONGEST_TEXT).replace(/\\(.)/gsu, (escaped, next: string) => (/[\\;,nN]/u.test(next) ? escaped : next))];
}

/** RFC 5545 §3.3.4 and §3.3.5; senders write also the dashes and colons of ISO 8601, no seconds, or a date where a time is declared. */
function stamps(value: string): readonly string[] {
  return value.split(",", MOST_OF_A_KIND).flatMap((one) => {
    const [, year, month, day, hour, minute, second = "00", zulu = ""] =
      /^(\d{4})-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])(?:T([01]\d|2[0-4]):?([0-5]\d):?([0-5]\d|60)?(?:\.\d+)?(Z)?)?$/u.exec(
        tidy(one.split("/", 1)[0] ?? ""),
      ) ?? [];
    if (year === undefined) return [];
    return [
      hour === undefined ? `${year}${month}${day}` : `${year}${month}${day}T${hour}${minute}${second === "60" ? "59" : second}${zulu}`,
    ];
  });
}

/** RFC 5545 §3.3.14, also with a colon. */
function offset(value: string): readonly string[] {
  const found = /^([+-]\d{2}):?(\d{2}):?(\d{2})?$/u.exec(value.trim());
  return found === null ? [] : [`${found[1]}${found[2]}`];
}

const LONGEST_RULE = 2000;
const MOST_VALUES = 31;

/** Parts and values of a rule that the library would refuse it for are left out (RFC 5545 §3.3.10). */
function rule(value: string): readonly string[] {
  const parts = tidy(value)
    .slice(0, LONGEST_RULE)
    .split(";")
    .flatMap((part) => {
      const [name = "", list = ""] = part.replace(/\s/gu, "").split("=", 2);
      if (name === "UNTIL") return stamps(list).map((stamp) => `UNTIL=${stamp}`);
      const values = name.startsWith("BY") ? list.split(",", MOST_VALUES) : [list];
      const good = values.filter((one) => one !== "" && isPartOfRule(`${name}=${one}`));
      return good.length === 0 ? [] : [`${name}=${good.join(",")}`];
    });
  return parts.some((part) => part.startsWith("FREQ=")) ? [parts.join(";")] : [];
}

function isPartOfRule(part: string): boolean {
  if (!/^[A-Z-]+=[A-Z0-9+-]{1,20}$/u.test(part) || /=\d{10}/u.test(part)) return false;
  try {
    ICAL.Recur.fromString(part);
    return true;
  } catch {
    // The library says no to the part, not to the rest of the rule.
    return false;
  }
}
