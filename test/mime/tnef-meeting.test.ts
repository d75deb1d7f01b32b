import { describe, expect, test } from "vitest";
import { calendarsOf } from "../../main/mime/calendar-parts.ts";
import { parseForReading } from "../../main/mime/parse-for-reading.ts";
import { extractPart } from "../../main/mime/part-bytes.ts";
import { type Named, writeTnef } from "./support/tnef.ts";

const APPOINTMENT = "00062002-0000-0000-c000-000000000046";
const MEETING = "6ed8da90-450b-101b-98da-00aa003f1305";
const GLOBAL_ID = Buffer.from(
  "040000008200e00074c5b7101a82e00807ea0c02408cc6b5d8a3dc0100000000000000001000000012ab34cd56ef78900112233445566778",
  "hex",
);
const START = new Date("2026-12-02T06:00:00Z");
const END = new Date("2026-12-02T07:30:00Z");

const appointment = (id: number, value: Named["value"]): Named => ({ set: APPOINTMENT, id, value });
const WHEN = [
  appointment(0x820d, START),
  appointment(0x820e, END),
  appointment(0x8208, "窑场, 2 号厅"),
  { set: MEETING, id: 3, value: GLOBAL_ID },
];

function zone(name: string): Named {
  const head = Buffer.from([2, 1, 0, 0, 2, 0, name.length, 0]);
  return appointment(0x825e, Buffer.concat([head, Buffer.from(name, "utf16le"), Buffer.from([1, 0])]));
}

/** AppointmentRecurrencePattern up to where its end is told (MS-OXOCAL §2.2.1.44.1). */
function pattern(frequency: number, type: number, period: number, where: readonly number[], end: number, count: number): Named {
  const out = Buffer.alloc(22 + where.length * 4 + 8);
  for (const [at, value] of [0x3004, 0x3004, frequency, type, 0].entries()) out.writeUInt16LE(value, at * 2);
  out.writeUInt32LE(period, 14);
  for (const [at, value] of [...where, end, count].entries()) out.writeUInt32LE(value, 22 + at * 4);
  return appointment(0x8216, out);
}

function mail(messageClass: string, named: readonly Named[], properties: Readonly<Record<number, string>> = { 55: "开窑会" }): Buffer {
  const winmail = writeTnef({ messageClass, properties, named }).toString("base64");
  const head =
    "From: Mira Kiln <mira@kiln.example>\r\nTo: Lin <lin@works.example>, bo@works.example\r\nCc: ada@works.example\r\nMIME-Version: 1.0";
  return Buffer.from(
    `${head}\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n${winmail}\r\n`,
  );
}

describe("a meeting that Outlook sent as nothing but a winmail.dat", () => {
  test("is an invitation: what, when by its own clock, where, who", () => {
    const raw = mail("IPM.Microsoft Schedule.MtgReq", [...WHEN, zone("China Standard Time"), appointment(0x8201, 2)]);
    const [found, ...others] = calendarsOf(raw);
    expect(others).toEqual([]);
    expect(found?.event).toMatchObject({
      part: "1~1",
      method: "request",
      uid: `${GLOBAL_ID.toString("hex", 0, 16)}00000000${GLOBAL_ID.toString("hex", 20)}`.toUpperCase(),
      sequence: 2,
      title: "开窑会",
      place: "窑场, 2 号厅",
      start: { at: START.getTime(), wall: Date.UTC(2026, 11, 2, 14), zone: "Asia/Shanghai" },
      end: { at: END.getTime() },
      organiser: { name: "Mira Kiln", address: "mira@kiln.example" },
    });
    expect(found?.event.attendees.map(({ address, role }) => [address, role])).toEqual([
      ["lin@works.example", "required"],
      ["bo@works.example", "required"],
      ["ada@works.example", "optional"],
    ]);
    // The card tells it; among the files there is none.
    expect(parseForReading(raw).parts).toMatchObject([{ part: "1~1", name: "", type: "text/calendar" }]);
    expect(extractPart(raw, "1~1").bytes.toString()).toContain("BEGIN:VEVENT");
  });

  test.each([
    ["IPM.Schedule.Meeting.Canceled", "cancel", "cancelled", []],
    ["IPM.Microsoft Schedule.MtgRespN", "reply", "", [["mira@kiln.example", "declined"]]],
    ["IPM.Schedule.Meeting.Resp.Tent", "reply", "", [["mira@kiln.example", "tentative"]]],
  ] as const)("%s is what it is", (messageClass, method, status, people) => {
    const [found] = calendarsOf(mail("IPM.Note", WHEN, { 26: messageClass, 55: "Declined: 开窑会" }));
    expect(found?.event).toMatchObject({ method, status, title: method === "reply" ? "开窑会" : "Declined: 开窑会" });
    if (people.length > 0) expect(found?.event.attendees.map(({ address, state }) => [address, state])).toEqual(people);
  });

  test("of whole days is told by its dates, and one that another calendar named keeps that name", () => {
    const from = new Date("2026-12-01T16:00:00Z");
    const named = Buffer.concat([GLOBAL_ID.subarray(0, 40), Buffer.from("vCal-Uid\u0001\0\0\0abc@other.example\0", "latin1")]);
    const [found] = calendarsOf(
      mail("IPM.Schedule.Meeting.Request", [
        appointment(0x820d, from),
        appointment(0x820e, new Date(from.getTime() + 2 * 86_400_000)),
        appointment(0x8215, 1),
        { set: MEETING, id: 0x23, value: named },
      ]),
    );
    expect(found?.event).toMatchObject({ allDay: true, uid: "abc@other.example" });
    expect([found?.event.start?.wall, found?.event.end?.wall]).toEqual([Date.UTC(2026, 11, 2), Date.UTC(2026, 11, 4)]);
  });

  test.each([
    ["every third day, four times", pattern(0x200a, 0, 3 * 1440, [], 0x2022, 4), { every: "day", interval: 3, count: 4 }],
    [
      "on Mondays and Thursdays of every other week",
      pattern(0x200b, 1, 2, [0b10010], 0x2023, 10),
      {
        every: "week",
        interval: 2,
        days: [
          { day: 1, nth: 0 },
          { day: 4, nth: 0 },
        ],
        count: null,
      },
    ],
    [
      "on the last Friday of each month",
      pattern(0x200c, 3, 1, [0b100000, 5], 0x2023, 10),
      { every: "month", interval: 1, days: [{ day: 5, nth: -1 }] },
    ],
    ["once a year", pattern(0x200d, 2, 12, [2], 0x2021, 3), { every: "year", monthDays: [2], count: 3 }],
    [
      "on working days",
      pattern(0x200a, 1, 1, [0b111110], 0x2023, 10),
      { every: "week", days: [1, 2, 3, 4, 5].map((day) => ({ day, nth: 0 })) },
    ],
  ] as const)("comes again %s", (_, recurrence, repeats) => {
    const [found] = calendarsOf(mail("IPM.Schedule.Meeting.Request", [...WHEN, recurrence]));
    expect(found?.event.repeats).toMatchObject(repeats);
  });

  test("that is cut off anywhere, or is another kind of message, is none, and never fails", () => {
    const raw = writeTnef({ messageClass: "IPM.Schedule.Meeting.Request", properties: { 55: "x" }, named: WHEN });
    for (let end = 0; end < raw.length; end += 3) {
      const head = "Content-Type: application/ms-tnef\r\nContent-Transfer-Encoding: base64\r\n\r\n";
      expect(calendarsOf(Buffer.from(`${head}${raw.subarray(0, end).toString("base64")}`)).length).toBeLessThanOrEqual(1);
    }
    expect(calendarsOf(mail("IPM.Note", WHEN))).toEqual([]);
    expect(calendarsOf(mail("IPM.Schedule.Meeting.Request", []))).toEqual([]);
  });
});
