import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readCalendar } from "../../main/mime/calendar.ts";
import { calendarsOf, cardsOf, contactsOf } from "../../main/mime/calendar-parts.ts";
import { NO_HINTS } from "../../main/mime/charset-hints.ts";
import { extractPart } from "../../main/mime/part-bytes.ts";
import { WINDOWS_ZONES } from "../../main/mime/windows-zones.ts";
import type { CalendarEvent } from "../../shared/contract/calendar.ts";
import { BERLIN, calendar, type EventLines, invitationMail } from "./support/calendars.ts";
import { writeTnef } from "./support/tnef.ts";

const read = (lines: EventLines): Omit<CalendarEvent, "part"> => {
  const [one] = readCalendar(calendar(lines));
  if (one === undefined) throw new Error("no event");
  return one.event;
};
const utc = (iso: string): number => Date.parse(iso);
const at = (value: string): number | null | undefined => read({ start: `DTSTART${value}`, end: "" }).start?.at;

describe("what an invitation says", () => {
  test("who invites whom, with what each has said so far", () => {
    const event = read({
      title: "Kiln\\, opening\\; part 2",
      place: "Harbour street 4\\nSecond floor",
      attendees: [
        'ATTENDEE;CN="Lin, Wei";ROLE=CHAIR;PARTSTAT=ACCEPTED:mailto:Lin@harbour.example',
        "ATTENDEE;CUTYPE=ROOM;PARTSTAT=DECLINED;CN=Kiln room:MAILTO:room@harbour.example",
        "ATTENDEE;CN=Ben;EMAIL=ben@harbour.example;ROLE=OPT-PARTICIPANT;PARTSTAT=X-WHAT:urn:uuid:1",
        'ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:eva@harbour.example","mailto:o@harbour.example";CN="A, B":mailto:ana@harbour.example',
      ],
    });
    expect(event).toMatchObject({
      method: "request",
      title: "Kiln, opening; part 2",
      place: "Harbour street 4 Second floor",
      organiser: { name: "Mira Okafor", address: "mira@atelier.example", sentBy: "" },
    });
    expect(event.attendees).toEqual([
      { name: "Lin, Wei", address: "Lin@harbour.example", state: "accepted", role: "chair", kind: "person", delegatedTo: "" },
      { name: "Kiln room", address: "room@harbour.example", state: "declined", role: "required", kind: "room", delegatedTo: "" },
      { name: "Ben", address: "ben@harbour.example", state: "needs-action", role: "optional", kind: "person", delegatedTo: "" },
      {
        name: "A, B",
        address: "ana@harbour.example",
        state: "delegated",
        role: "required",
        kind: "person",
        delegatedTo: "eva@harbour.example",
      },
    ]);
  });

  test("an event lasts to its end, for its length, for its days, or no time at all", () => {
    const length = (lines: EventLines): number | null => {
      const { start, end } = read(lines);
      return start === null || end === null ? null : (end.wall - start.wall) / 3_600_000;
    };
    expect(length({})).toBe(1.5);
    expect(length({ end: "DURATION:PT45M" })).toBe(0.75);
    expect(length({ end: "DURATION:P1DT2H" })).toBe(26);
    expect(length({ end: "" })).toBeNull();
    expect(length({ end: "DTEND;TZID=Asia/Shanghai:20261202T100000" })).toBeNull();
    expect(length({ start: "DTSTART;VALUE=DATE:20261202", end: "" })).toBe(24);
    expect(length({ start: "DTSTART;VALUE=DATE:20261202", end: "DTEND;VALUE=DATE:20261205" })).toBe(72);
    expect(read({ start: "DTSTART;VALUE=DATE:20261202", end: "" })).toMatchObject({ allDay: true, start: { at: null, zone: "" } });
  });

  test("a series is told by its rule, and never expanded", () => {
    const rule = (text: string) => read({ more: [`RRULE:${text}`] }).repeats;
    expect(rule("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;UNTIL=20270131T235959Z")).toMatchObject({
      every: "week",
      interval: 2,
      days: [
        { day: 2, nth: 0 },
        { day: 4, nth: 0 },
      ],
      until: { at: utc("2027-01-31T23:59:59Z") },
      more: false,
    });
    expect(rule("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=-1;COUNT=6")).toMatchObject({ days: [{ day: 2, nth: -1 }], count: 6, more: false });
    expect(rule("FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1")).toMatchObject({ more: true });
    expect(rule("FREQ=SECONDLY;COUNT=999999999")).toMatchObject({ every: "second", count: 999_999_999 });
    expect(rule(`FREQ=YEARLY;BYMONTHDAY=${"31,".repeat(5000)}1`)?.monthDays.length).toBeLessThanOrEqual(31);
    expect(rule("FREQ=SOMETIMES")).toBeNull();
    expect(read({ more: ["RRULE:FREQ=DAILY", "RRULE:FREQ=YEARLY", "EXDATE:20261203T060000Z,20261204T060000Z"] })).toMatchObject({
      repeats: { every: "day", more: true },
      skippedDates: 2,
    });
  });

  test("dates of a series that differ are told with it, and one alone is told as itself", () => {
    const other = calendar({ more: ["RECURRENCE-ID;TZID=Asia/Shanghai:20261209T140000"] });
    const both = calendar({ more: ["RRULE:FREQ=WEEKLY"] }).replace("END:VCALENDAR", "") + other.slice(other.indexOf("BEGIN:VEVENT"));
    expect(readCalendar(both).map(({ event }) => [event.occurrence, event.changedDates])).toEqual([[null, 1]]);
    expect(readCalendar(other).map(({ event }) => event.occurrence?.at)).toEqual([utc("2026-12-09T06:00:00Z")]);
  });
});

describe("time zones", () => {
  test("are known by their IANA name, also behind a prefix, and by their name on Windows", () => {
    const noon = utc("2026-07-01T04:00:00Z");
    expect(at(";TZID=Asia/Shanghai:20260701T120000")).toBe(noon);
    expect(at(";TZID=/mozilla.org/20050126_1/Asia/Shanghai:20260701T120000")).toBe(noon);
    expect(at(";TZID=China Standard Time:20260701T120000")).toBe(noon);
    expect(at(":20260701T040000Z")).toBe(noon);
    expect(at(';TZID="(UTC+08:00) Beijing, Chongqing, Hong Kong, Urumqi":20260701T120000')).toBe(noon);
    expect(at(";TZID=(UTC+08:00) Beijing, Chongqing:20260701T120000")).toBe(noon);
    expect(read({ start: "DTSTART;TZID=China Standard Time:20260701T120000", end: "" }).start?.zone).toBe("Asia/Shanghai");
  });

  test("are what the calendar describes where nobody knows the name, before and after clocks are set", () => {
    const berlin = (date: string) => read({ beside: BERLIN, start: `DTSTART;TZID=Customized Time Zone:${date}`, end: "" }).start?.at;
    const days = ["20260101", "20260328", "20260330", "20260701", "20261024", "20261026", "20301231", "19700101"];
    for (const day of days) {
      const known = at(`;TZID=Europe/Berlin:${day}T120000`);
      // The rule of the calendar is of today; in 1970 Berlin knew no summer time, in January it makes no difference.
      expect([day, berlin(`${day}T120000`)]).toEqual([day, known]);
    }
  });

  test("float where nobody tells, and nothing is guessed", () => {
    expect(read({ start: "DTSTART:20260701T120000", end: "" }).start).toEqual({ wall: utc("2026-07-01T12:00:00Z"), at: null, zone: "" });
    expect(read({ start: "DTSTART;TZID=Nowhere:20260701T120000", end: "" }).start?.at).toBeNull();
  });

  test("of Windows are all known here, and the table holds no name twice", () => {
    for (const name of Object.values(WINDOWS_ZONES)) expect(() => new Intl.DateTimeFormat("en", { timeZone: name })).not.toThrow();
    expect(Object.keys(WINDOWS_ZONES).length).toBeGreaterThan(130);
  });
});

describe("calendars in messages", () => {
  test("are found in alternatives and in files, once each, in whatever charset and encoding they came", () => {
    const chinese = calendar({ title: "窑炉开放日" });
    const folded = chinese.replace("SUMMARY:窑炉", "SUMMARY:窑\r\n 炉");
    const gbk = Buffer.from(chinese.replace("窑炉开放日", "\0"), "latin1");
    const where = gbk.indexOf(0);
    const title = Buffer.from([0xd2, 0xa4, 0xc2, 0xaf, 0xbf, 0xaa, 0xb7, 0xc5, 0xc8, 0xd5]);
    const inGbk = Buffer.concat([gbk.subarray(0, where), title, gbk.subarray(where + 1)]);
    const mails = [
      invitationMail(chinese),
      invitationMail(folded, { encoding: "quoted-printable" }),
      invitationMail(folded, { encoding: "8bit" }),
      invitationMail(inGbk, { type: "text/calendar; charset=gb2312; method=REQUEST" }),
      invitationMail(chinese, { type: 'application/octet-stream; name="invite.ics"' }),
      invitationMail(chinese.replaceAll("\r\n", "\n"), { type: "application/ics" }),
    ];
    for (const mail of mails) expect(calendarsOf(mail).map(({ event }) => [event.title, event.part])).toEqual([["窑炉开放日", "2"]]);
    const twice = invitationMail(chinese)
      .toString()
      .replace("--alt--", `--alt\r\nContent-Type: text/calendar; name=invite.ics\r\n\r\n${calendar({ method: "" })}\r\n--alt--`);
    expect(calendarsOf(Buffer.from(twice)).map(({ event }) => event.method)).toEqual(["request"]);
  });

  test("say their method themselves, else the part's header does; what nobody knows is published", () => {
    const method = (ics: string, type: string) => calendarsOf(invitationMail(ics, { type })).map(({ event }) => event.method)[0];
    expect(method(calendar({ method: "CANCEL" }), "text/calendar; method=REQUEST")).toBe("cancel");
    expect(method(calendar({ method: "" }), "text/calendar; method=reply")).toBe("reply");
    expect(method(calendar({ method: "WHATEVER" }), "text/calendar")).toBe("publish");
  });

  test("that are attached messages' own stay there", () => {
    const inner = invitationMail(calendar());
    const outer = Buffer.concat([
      Buffer.from(
        'From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="o"\r\n\r\n--o\r\nContent-Type: message/rfc822\r\n\r\n',
      ),
      inner,
      Buffer.from("\r\n--o--\r\n"),
    ]);
    expect(calendarsOf(outer)).toEqual([]);
    const [event] = cardsOf(outer, "1", NO_HINTS).events;
    expect([event?.title, event?.part]).toEqual(["Kiln opening", "1~2"]);
    expect(extractPart(outer, "1~2").bytes.toString()).toContain("BEGIN:VEVENT");
  });

  test("that lie in a winmail.dat are found under the number by which their file is taken out", () => {
    const card = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Mira\r\nEND:VCARD\r\n";
    const file = (name: string, data: string) => ({ title: Buffer.from(name), data: Buffer.from(data) });
    const winmail = writeTnef({
      files: [file("notes.txt", "x"), file("meeting.ics", calendar({ title: "窑会" })), file("mira.vcf", card)],
    });
    const mail = Buffer.from(
      `From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n${winmail.toString("base64")}\r\n`,
    );
    expect(calendarsOf(mail).map(({ event }) => [event.title, event.part, event.method])).toEqual([["窑会", "1~2", "request"]]);
    expect(contactsOf(mail).contacts).toMatchObject([{ name: "Mira", part: "1~3" }]);
    expect(extractPart(mail, "1~2").bytes.toString()).toContain("BEGIN:VEVENT");
  });
});

describe("what was made to do harm", () => {
  test("ten thousand attendees are counted, and a hundred thousand cost no more", () => {
    const many = (count: number) => calendar({ attendees: Array.from({ length: count }, (_, n) => `mailto:guest${n}@fair.example`) });
    const [event] = readCalendar(many(10_000));
    expect(event?.event.attendees.length).toBe(10_000);
    const [more] = readCalendar(many(100_000));
    expect(more?.event.attendees.length).toBeLessThanOrEqual(12_000);
  });

  test("no text of whatever kind makes it throw, and what it tells stays within bounds", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        ..."BEGIN:VEVENT|END:VEVENT|BEGIN:VCALENDAR|END:VCALENDAR|BEGIN:VTIMEZONE|RRULE:FREQ=YEARLY;BYDAY=-9SU|DTSTART;TZID=".split("|"),
      ),
      fc.constantFrom(
        ...'DTSTART;TZID=X:99991231T235959|DTEND:00000000T999999|DURATION:P999999W|ATTENDEE;CN="a:b|TZID:X|:|;|=|\\'.split("|"),
      ),
      fc.string({ maxLength: 30 }),
    );
    const lines = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join("\r\n"));
    fc.assert(
      fc.property(lines, (text) => {
        for (const { event } of readCalendar(`BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n${text}`)) {
          expect(event.title.length).toBeLessThanOrEqual(500);
          expect(event.notes.length).toBeLessThanOrEqual(8000);
          for (const moment of [event.start, event.end, event.occurrence])
            if (moment !== null) expect(Number.isFinite(moment.wall)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("a calendar broken anywhere still tells what was whole", () => {
    const whole = calendar({ beside: BERLIN, more: ["RRULE:FREQ=DAILY"] });
    fc.assert(
      fc.property(fc.nat(whole.length), fc.string({ maxLength: 5 }), (cut, junk) => {
        const events = readCalendar(whole.slice(0, cut) + junk + whole.slice(cut + 3));
        expect(events.length).toBeLessThanOrEqual(2);
      }),
      { numRuns: 400 },
    );
    expect(readCalendar(whole.slice(0, whole.indexOf("END:VEVENT")))[0]?.event.title).toBe("Kiln opening");
  });

  test("brackets, quotes and zones without end cost no more than their length", () => {
    for (const piece of [",(", ',"', ";A=(", ';A="', '","', "(;"])
      expect(readCalendar(calendar({ start: `DTSTART;TZID=${piece.repeat(500_000)}:20261202T140000` }))).toHaveLength(1);
    const observance = (n: number) => [
      "BEGIN:STANDARD",
      `DTSTART:19${n}0101T000000`,
      "TZOFFSETTO:+0100",
      `RDATE:${"20200101T000000,".repeat(200)}`,
      "END:STANDARD",
    ];
    const zone = ["BEGIN:VTIMEZONE", "TZID:X", ...Array.from({ length: 90 }, (_, n) => observance(n + 10)).flat(), "END:VTIMEZONE"];
    const event = calendar({ start: "DTSTART;TZID=X:20261202T140000", end: "DTEND;TZID=X:20261202T150000" });
    const events = event.slice(event.indexOf("BEGIN:VEVENT"), event.indexOf("END:VCALENDAR")).repeat(400);
    const read = readCalendar(["BEGIN:VCALENDAR", ...zone, events, "END:VCALENDAR"].join("\r\n"));
    expect([read.length, read[0]?.event.start?.at]).toEqual([20, Date.parse("2026-12-02T13:00:00Z")]);
  });

  test("components inside each other without end, and lines without end, are read as far as is reasonable", () => {
    expect(readCalendar("BEGIN:VEVENT\r\n".repeat(50_000)).length).toBeLessThanOrEqual(20);
    expect(readCalendar(calendar({ title: "x".repeat(5_000_000) }))).toHaveLength(1);
    expect(
      readCalendar(
        calendar({ beside: [...BERLIN.slice(0, -1), ...Array.from({ length: 20_000 }, () => "RDATE:20200101T000000"), "END:VTIMEZONE"] }),
      ),
    ).toHaveLength(1);
  });
});
