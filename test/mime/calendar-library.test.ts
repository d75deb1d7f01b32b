import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import ICAL from "ical.js";
import iconv from "iconv-lite";
import { describe, expect, test } from "vitest";
import { readCalendar } from "../../main/mime/calendar.ts";
import { calendarsOf, contactsOf } from "../../main/mime/calendar-parts.ts";
import { answerCalendar } from "../../main/mime/compose-answer.ts";
import type { Moment } from "../../shared/contract/calendar.ts";
import { BERLIN, calendar, invitationMail } from "./support/calendars.ts";
import { corporaDir } from "./support/corpora.ts";

// The library ical.js reads calendars, each line by itself and mended (decision 0052). Of a calendar that it opens as it stands Satchel must say
// the same; what is mended stands below, beside what the library says alone.

const RUNS = Number(process.env["RUNS"] ?? 300);
const HOUR = 3_600_000;

type Told = {
  uid: string;
  title: string;
  place: string;
  notes: string;
  sequence: number;
  allDay: boolean;
  /** What the clock shows where it is, as though it were UTC. */
  start: number | null;
  end: number | null;
  organiser: string;
  attendees: string[];
};

const wallOf = (time: ICAL.Time | null): number | null =>
  time === null ? null : Date.UTC(time.year, time.month - 1, time.day, time.isDate ? 0 : time.hour, time.minute, time.second);
const tidy = (text: string | null | undefined): string => (text ?? "").replace(/\s+/gu, " ").trim();
const mailto = (value: unknown): string => (typeof value === "string" ? value.replace(/^mailto:/iu, "").toLowerCase() : "");

/** null when the library refuses it or finds no event in it. */
function theirs(text: string): Told | null {
  try {
    const top = new ICAL.Component(ICAL.parse(text) as unknown[]);
    const lines = top.getFirstSubcomponent("vevent");
    if (lines === null) return null;
    const event = new ICAL.Event(lines);
    const status = (one: ICAL.Property): string => String(one.getParameter("partstat") ?? "needs-action").toLowerCase();
    const { startDate, endDate } = event as { startDate: ICAL.Time | null; endDate: ICAL.Time | null };
    const [start, end] = [wallOf(startDate), wallOf(endDate)];
    return {
      uid: tidy(event.uid),
      title: tidy(event.summary),
      place: tidy(event.location),
      notes: tidy(event.description),
      sequence: event.sequence ?? 0,
      allDay: startDate?.isDate ?? false,
      start,
      // It says that what has no length ends when it begins; here it does not end.
      end: end === start ? null : end,
      organiser: mailto(lines.getFirstPropertyValue("organizer")),
      attendees: lines.getAllProperties("attendee").map((one) => `${mailto(one.getFirstValue())} ${status(one)}`),
    };
  } catch {
    return null;
  }
}

function ours(text: string): Told | null {
  const event = readCalendar(text)[0]?.event;
  if (event === undefined) return null;
  const wall = (moment: Moment | null): number | null => moment?.wall ?? null;
  return {
    uid: tidy(event.uid),
    title: tidy(event.title),
    place: tidy(event.place),
    notes: tidy(event.notes),
    sequence: event.sequence,
    allDay: event.allDay,
    start: wall(event.start),
    end: wall(event.end),
    organiser: (event.organiser?.address ?? "").toLowerCase(),
    attendees: event.attendees.map(({ address, state }) => `${address.toLowerCase()} ${state}`),
  };
}

const escaped = (text: string): string => text.replace(/[\\;,]/gu, "\\$&").replaceAll("\n", "\\n");
const letter = fc.constantFrom(..."abcXYZ019 -_.!?:;,\\\n'()陶艺窑会議émoji🦊한");
const words = fc.array(letter, { minLength: 1, maxLength: 60 }).map((all) => escaped(all.join("")));
const stamp = fc
  .date({ min: new Date("1990-01-01T00:00:00Z"), max: new Date("2060-01-01T00:00:00Z"), noInvalidDate: true })
  .map((at) => `${at.toISOString().slice(0, 19).replace(/[-:]/gu, "")}`);
const when = fc.oneof(
  stamp.map((at) => `:${at}Z`),
  stamp.map((at) => `:${at}`),
  stamp.map((at) => `;VALUE=DATE:${at.slice(0, 8)}`),
);
const length = fc.constantFrom("", "DURATION:PT1H", "DURATION:PT45M", "DURATION:P1W", "DURATION:P2DT3H", "DURATION:P3D");
const person = fc.tuple(
  fc.constantFrom("mira", "Lin.Wei", "o'neil", "room-4"),
  fc.constantFrom("ACCEPTED", "DECLINED", "TENTATIVE", "NEEDS-ACTION"),
  fc.constantFrom("", ";CN=Mira", ';CN="Wei; Lin"', ";CUTYPE=ROOM", ";ROLE=CHAIR;RSVP=TRUE"),
);
const event = fc.record({
  title: words,
  place: words,
  notes: words,
  when,
  length,
  people: fc.array(person, { maxLength: 4 }),
  sequence: fc.nat(9),
  rule: fc.constantFrom("", "RRULE:FREQ=WEEKLY;BYDAY=MO,WE;COUNT=8", "RRULE:FREQ=MONTHLY;BYDAY=-1FR"),
  foldAt: fc.integer({ min: 20, max: 75 }),
  end: fc.constantFrom("\r\n", "\n"),
});

/** RFC 5545 §3.1, by characters: a reader must take the folds out before it looks at letters. */
function folded(line: string, at: number, end: string): string {
  const pieces: string[] = [];
  for (let rest = [...line]; rest.length > 0; rest = rest.slice(at)) pieces.push(rest.slice(0, at).join(""));
  return pieces.join(`${end} `);
}

const written = event.map(({ title, place, notes, when: start, length: lasts, people, sequence, rule, foldAt, end }) =>
  [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "METHOD:REQUEST",
    "BEGIN:VEVENT",
    "UID:one@example.test",
    "DTSTAMP:20261120T080000Z",
    `DTSTART${start}`,
    // RFC 5545 §3.6.1: of a date only days and weeks.
    ...(lasts === "" || (start.startsWith(";VALUE=DATE") && !/P\d+[DW]$/u.test(lasts)) ? [] : [lasts]),
    `SEQUENCE:${sequence}`,
    `SUMMARY:${title}`,
    `LOCATION:${place}`,
    `DESCRIPTION:${notes}`,
    "ORGANIZER;CN=Host:mailto:host@example.test",
    ...people.map(([name, state, more]) => `ATTENDEE;PARTSTAT=${state}${more}:mailto:${name}@example.test`),
    ...(rule === "" ? [] : [rule]),
    "END:VEVENT",
    "END:VCALENDAR",
    "",
  ]
    .map((line) => folded(line, foldAt, end))
    .join(end),
);

describe("calendars beside the library's own reading", () => {
  test("what it opens as it stands is told as it is: names, times, lengths, people, through escapes and folds", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(written, (text) => {
        const other = theirs(text);
        expect(other).not.toBeNull();
        expect(ours(text)).toEqual(other);
      }),
      { numRuns: RUNS },
    );
  });

  const dir = corporaDir();
  test.skipIf(dir === null)("every public sample with an event that the library opens tells the same", () => {
    const root = join(dir ?? "", "ics/ical.js/samples");
    let compared = 0;
    for (const file of readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ics"))) {
      const text = readFileSync(join(root, file), "utf8");
      const other = theirs(text);
      if (other === null) continue;
      compared += 1;
      expect({ file, ...ours(text) }).toEqual({ file, ...other });
    }
    expect(compared).toBeGreaterThan(12);
  });
});

/** The start that the library reads; what it throws, or finds no event in, is null. */
function alone(text: string): string | null {
  try {
    const lines = new ICAL.Component(ICAL.parse(text) as unknown[]).getFirstSubcomponent("vevent");
    return lines === null ? null : String(lines.getFirstPropertyValue("dtstart"));
  } catch {
    return null;
  }
}
const startOf = (text: string) => readCalendar(text)[0]?.event.start;
const zoned = (lines: readonly string[], start = "20260702T140000", tzid = "TZID:Of the sender") =>
  calendar({
    beside: ["BEGIN:VTIMEZONE", tzid, ...lines, "END:VTIMEZONE"],
    start: `DTSTART;TZID=Of the sender:${start}`,
    end: "",
  });
const standard = (...lines: string[]) => ["BEGIN:STANDARD", ...lines, "TZOFFSETTO:+0300", "END:STANDARD"];
/** What the library makes of such a time with the calendar's own zone. */
function aloneAt(text: string): number | null {
  try {
    const top = new ICAL.Component(ICAL.parse(text) as unknown[]);
    const start = new ICAL.Event(top.getFirstSubcomponent("vevent") ?? undefined).startDate;
    start.zone = new ICAL.Timezone(top.getFirstSubcomponent("vtimezone") ?? undefined);
    return start.toUnixTime() * 1000;
  } catch {
    return null;
  }
}

describe("what is mended before the library reads it", () => {
  const whole = calendar({ start: "DTSTART:20261202T140000Z", end: "" });
  test.each([
    ["no end", whole.slice(0, whole.indexOf("END:VEVENT"))],
    ["an end too many", whole.replace("BEGIN:VEVENT", "END:VTIMEZONE\r\nBEGIN:VEVENT")],
    ["a quote without its other one", whole.replace("SUMMARY:", 'SUMMARY;X="a:')],
    ["a rule of nonsense", whole.replace("SEQUENCE:", "RRULE:FREQ=SOMETIMES\r\nSEQUENCE:")],
    ["a date of nonsense", whole.replace("SEQUENCE:", "DTEND:soon\r\nSEQUENCE:")],
    ["no calendar around it", whole.slice(whole.indexOf("BEGIN:VEVENT"), whole.indexOf("END:VCALENDAR"))],
    ["dashes and colons in its times", whole.replace("20261202T140000Z", "2026-12-02T14:00:00Z")],
    ["no seconds", whole.replace("20261202T140000Z", "20261202T1400Z")],
    ["small letters", whole.replace("20261202T140000Z", "20261202t140000z")],
    ["a type that is none", whole.replace("DTSTART:", "DTSTART;VALUE=INSTANT:")],
  ])("%s: the hour is told", (_what, text) => {
    expect(startOf(text)?.at).toBe(Date.UTC(2026, 11, 2, 14));
  });

  test("most of that the library refuses, or reads wrongly", () => {
    const refused = [whole.slice(0, whole.indexOf("END:VEVENT")), whole.replace("SEQUENCE:", "RRULE:FREQ=SOMETIMES\r\nSEQUENCE:")];
    for (const text of refused) expect(alone(text)).toBeNull();
    for (const written of ["2026-12-02T14:00:00Z", "20261202T1400Z"])
      expect(alone(whole.replace("20261202T140000Z", written))).not.toBe("2026-12-02T14:00:00Z");
  });

  test("a date that does not say that it is one is a whole day", () => {
    const text = calendar({ start: "DTSTART:20261202", end: "" });
    expect(alone(text)).not.toBe("2026-12-02");
    expect(ours(text)).toMatchObject({ allDay: true, start: Date.UTC(2026, 11, 2) });
  });

  test("a rule with one bad value keeps the others", () => {
    const text = calendar({ more: ["RRULE:FREQ=WEEKLY;BYDAY=MO,XX,WE;INTERVAL=two;COUNT=4"] });
    expect(alone(text)).toBeNull();
    expect(readCalendar(text)[0]?.event.repeats).toMatchObject({ every: "week", interval: 1, count: 4, days: [{ day: 1 }, { day: 3 }] });
  });

  test("what Outlook escapes too much is plain again, what has to be escaped stays", () => {
    expect(ours(calendar({ title: 'Kiln\\: part \\"two\\"\\, end\\\\n' }))?.title).toBe('Kiln: part "two", end\\n');
  });

  test("a zone in brackets that nobody quoted is known by what stands in them", () => {
    const text = calendar({ start: "DTSTART;TZID=(UTC+08:00) Beijing, Chongqing:20260701T120000", end: "" });
    expect(alone(text) ?? "").not.toContain("2026-07-01T12:00:00");
    expect(startOf(text)?.at).toBe(Date.UTC(2026, 6, 1, 4));
  });

  test("one bad line: it refuses the whole calendar, here the rest is told", () => {
    const text = calendar({ more: ["Join the meeting here"], title: "窑会" });
    expect(() => ICAL.parse(text) as unknown).toThrow();
    expect(ours(text)).toMatchObject({ title: "窑会", start: Date.UTC(2026, 11, 2, 14) });
  });

  test("a zone by its name on Windows: it takes the time for one of nowhere, here it is that of Shanghai", () => {
    const text = calendar({ start: "DTSTART;TZID=China Standard Time:20261202T140000", end: "" });
    const lines = new ICAL.Component(ICAL.parse(text) as unknown[]).getFirstSubcomponent("vevent");
    const theirStart = new ICAL.Event(lines ?? undefined).startDate;
    expect(theirStart.zone.tzid).toBe("floating");
    expect(readCalendar(text)[0]?.event.start).toMatchObject({ at: Date.UTC(2026, 11, 2, 6), zone: "Asia/Shanghai" });
  });

  test("a zone that the calendar describes itself: both know the hour", () => {
    const start = "DTSTART;TZID=Customized Time Zone:20260702T140000";
    const text = calendar({ start, end: "", beside: BERLIN });
    const top = new ICAL.Component(ICAL.parse(text) as unknown[]);
    const zone = new ICAL.Timezone(top.getFirstSubcomponent("vtimezone") ?? undefined);
    const theirStart = new ICAL.Event(top.getFirstSubcomponent("vevent") ?? undefined).startDate;
    theirStart.zone = zone;
    expect(readCalendar(text)[0]?.event.start?.at).toBe(theirStart.toUnixTime() * 1000);
    expect(theirStart.toUnixTime() * 1000).toBe(Date.UTC(2026, 6, 2, 14) - 2 * HOUR);
  });

  test("a card of an old telephone, vCard 2.1 in GBK and quoted-printable: it reads signs or nothing, here a name", () => {
    const coded = [...iconv.encode("陈晓雯", "gbk")].map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");
    const card = `BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=GBK;ENCODING=QUOTED-PRINTABLE:${coded};;;;\r\nTEL;CELL:13800000000\r\nEND:VCARD\r\n`;
    const readByThem = (): string => JSON.stringify(ICAL.parse(card));
    let found = "";
    try {
      found = readByThem();
    } catch {
      found = "refused";
    }
    expect(found).not.toContain("陈晓雯");
    const mail = `Content-Type: text/x-vcard\r\n\r\n${card}`;
    expect(contactsOf(Buffer.from(mail)).contacts[0]).toMatchObject({ name: "陈晓雯", phones: [{ number: "13800000000" }] });
  });

  test("a zone that does not say what was before, or that began later, has the hour that it says", () => {
    const silent = zoned(standard("DTSTART:19700101T000000"));
    expect(aloneAt(silent)).toBe(Date.UTC(2026, 6, 2, 14));
    expect(startOf(silent)?.at).toBe(Date.UTC(2026, 6, 2, 11));
    const later = zoned(standard("DTSTART:20300101T000000", "TZOFFSETFROM:+0200"));
    expect(aloneAt(later)).toBe(Date.UTC(2026, 6, 2, 14));
    expect(startOf(later)?.at).toBe(Date.UTC(2026, 6, 2, 12));
  });

  test("clocks that are set on listed dates are set on each of them", () => {
    const listed = zoned([
      ...standard("DTSTART:19700101T000000", "TZOFFSETFROM:+0300", "RDATE:20200101T000000,20260701T000000"),
      "BEGIN:DAYLIGHT",
      "DTSTART:20260401T000000",
      "TZOFFSETFROM:+0300",
      "TZOFFSETTO:+0400",
      "END:DAYLIGHT",
    ]);
    expect(aloneAt(listed)).toBe(Date.UTC(2026, 6, 2, 10));
    expect(startOf(listed)?.at).toBe(Date.UTC(2026, 6, 2, 11));
  });

  test("a zone without a name, for which the library throws, costs nobody an event", () => {
    const text = zoned(standard("DTSTART:19700101T000000", "TZOFFSETFROM:+0300"), "20260702T140000", "TZNAME:none");
    expect(startOf(text)).toMatchObject({ wall: Date.UTC(2026, 6, 2, 14), at: null });
  });

  test.each([
    ["every second", "FREQ=SECONDLY"],
    ["every second of a year", `FREQ=YEARLY;BYSECOND=${Array.from({ length: 60 }, (_, at) => at).join(",")}`],
    ["on days that do not come", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;BYDAY=MO"],
    ["in a thousand million years", "FREQ=YEARLY;INTERVAL=999999999"],
  ])("clocks that are set %s are set once", (_what, rule) => {
    const text = zoned(standard("DTSTART:19700101T000000", "TZOFFSETFROM:+0200", `RRULE:${rule}`));
    expect(startOf(text)?.at).toBe(Date.UTC(2026, 6, 2, 11));
  });

  test("an answer's lines have 75 bytes with the blank that a further one begins with, and no character is cut in two", () => {
    const [event] = calendarsOf(
      invitationMail(calendar({ title: "窑".repeat(100), organiser: `mailto:${"o".repeat(200)}@atelier.example` })),
    );
    if (event === undefined) throw new Error("no event");
    const from = { name: "User One", address: "user1@example.test" };
    const said = answerCalendar({ event, answer: "accepted", comment: "", from, inReplyTo: null, messageId: "a@b", date: 0, lang: "en" });
    for (const one of said.split("\r\n")) expect(Buffer.byteLength(one)).toBeLessThanOrEqual(75);
    expect(readCalendar(said)[0]?.event.title).toBe("窑".repeat(100));
    expect(said).not.toContain("\ufffd");
  });

  test("nothing of an invitation begins a line of its own in the answer", () => {
    const evil = "Kiln^nATTENDEE:mailto:evil@there.example\u2028END:VCALENDAR\rMETHOD:CANCEL";
    const text = calendar({
      title: "x\\nMETHOD:CANCEL",
      attendees: [`ATTENDEE;CN="${evil}";RSVP=TRUE:mailto:user1@example.test`],
      uid: `u\rMETHOD:CANCEL`,
    });
    const [event] = calendarsOf(invitationMail(text));
    if (event === undefined) throw new Error("no event");
    const from = { name: "User One", address: "user1@example.test" };
    const comment = "Yes\r\nMETHOD:CANCEL\nEND:VEVENT";
    const said = answerCalendar({ event, answer: "accepted", comment, from, inReplyTo: null, messageId: "a@b", date: 0, lang: "en" });
    const names = said
      .replaceAll("\r\n ", "")
      .split(/[\r\n\u2028]+/u)
      .map((one) => /^[A-Z-]*/u.exec(one)?.[0]);
    expect(names.filter((name) => name === "METHOD" || name === "ATTENDEE" || name === "END")).toHaveLength(4);
  });
});
