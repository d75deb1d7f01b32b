import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import ICAL from "ical.js";
import iconv from "iconv-lite";
import { describe, expect, test } from "vitest";
import { readCalendar } from "../../main/mime/calendar.ts";
import { contactsOf } from "../../main/mime/calendar-parts.ts";
import type { Moment } from "../../shared/contract/calendar.ts";
import { BERLIN, calendar } from "./support/calendars.ts";
import { corporaDir } from "./support/corpora.ts";

// The library ical.js was made by others from the same papers: where both understand a calendar they must say the same of it. Where the library
// is the one that does not, decision 0052 says so, and the tests below show it.

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

describe("calendars beside another program's reading", () => {
  test("whatever both understand is the same: names, times, lengths, people, through escapes and folds", { timeout: 60_000 }, () => {
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

describe("where the library would have let a reader down", () => {
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
});
