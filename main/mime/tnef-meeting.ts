import type { Address } from "../../shared/address.ts";
import type { Tnef } from "./tnef.ts";
import { named, type TnefProperty } from "./tnef-properties.ts";
import { recurrenceRule } from "./tnef-recurrence.ts";
import { WINDOWS_ZONES } from "./windows-zones.ts";

/** Who wrote a message and to whom. Outlook leaves both to the header around a winmail.dat. */
export type Envelope = { readonly from: readonly Address[]; readonly to: readonly Address[]; readonly cc: readonly Address[] };

const APPOINTMENT = "00062002-0000-0000-c000-000000000046";
const MEETING = "6ed8da90-450b-101b-98da-00aa003f1305";

/** MS-OXPROPS: what a meeting says of itself. */
const PROPERTY = {
  startDate: 0x0060,
  endDate: 0x0061,
  organiserName: 0x0042,
  organiserSmtp: 0x5d02,
  organiserAddress: 0x0065,
  changedAt: 0x0039,
  sequence: named(APPOINTMENT, 0x8201),
  location: named(APPOINTMENT, 0x8208),
  start: named(APPOINTMENT, 0x820d),
  end: named(APPOINTMENT, 0x820e),
  wholeDays: named(APPOINTMENT, 0x8215),
  recurrence: named(APPOINTMENT, 0x8216),
  zone: named(APPOINTMENT, 0x825e),
  globalId: named(MEETING, 0x0003),
  cleanGlobalId: named(MEETING, 0x0023),
} as const;

type Kind = { readonly method: string; readonly answer: string };

/** The classes of meetings (MS-OXOCAL §2.2.10), and what TNEF called them first (MS-OXTNEF §2.1.3.3.4). */
const CLASSES: readonly (readonly [RegExp, Kind])[] = [
  [/^IPM\.(?:Schedule\.Meeting\.Request|Microsoft Schedule\.MtgReq)/iu, { method: "REQUEST", answer: "" }],
  [/^IPM\.(?:Schedule\.Meeting\.Canceled|Microsoft Schedule\.MtgCncl)/iu, { method: "CANCEL", answer: "" }],
  [/^IPM\.(?:Schedule\.Meeting\.Resp\.Pos|Microsoft Schedule\.MtgRespP)/iu, { method: "REPLY", answer: "ACCEPTED" }],
  [/^IPM\.(?:Schedule\.Meeting\.Resp\.Neg|Microsoft Schedule\.MtgRespN)/iu, { method: "REPLY", answer: "DECLINED" }],
  [/^IPM\.(?:Schedule\.Meeting\.Resp\.Tent|Microsoft Schedule\.MtgRespA)/iu, { method: "REPLY", answer: "TENTATIVE" }],
  [/^IPM\.Appointment/iu, { method: "PUBLISH", answer: "" }],
];

const DAY_MS = 86_400_000;
/** Between the beginnings of FILETIME (1601) and of Unix time. */
const FILETIME_MS = 11_644_473_600_000;
const MOST_PEOPLE = 500;

/**
 * The meeting that a message of Outlook is, as a calendar (MS-OXCICAL), so that it is read, told and answered like any other invitation.
 * @returns null when it is none, or does not say when
 */
export function meetingOf(tnef: Tnef, envelope: Envelope): string | null {
  const kind = CLASSES.find(([pattern]) => pattern.test(tnef.messageClass))?.[1];
  const time = (key: number | string): number | null => timeIn(tnef.properties.get(key));
  const start = time(PROPERTY.start) ?? time(PROPERTY.startDate);
  if (kind === undefined || start === null) return null;
  const end = time(PROPERTY.end) ?? time(PROPERTY.endDate);
  const zone = zoneIn(tnef.properties.get(PROPERTY.zone));
  const days = (numberIn(tnef.properties.get(PROPERTY.wholeDays)) & 0xffff) !== 0;
  const stamp = time(PROPERTY.changedAt);
  const rule = recurrenceRule(tnef.properties.get(PROPERTY.recurrence)?.bytes);
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Satchel//winmail.dat//EN",
    `METHOD:${kind.method}`,
    "BEGIN:VEVENT",
    `UID:${uidOf(tnef)}`,
    stamp === null ? "" : `DTSTAMP:${utc(stamp)}`,
    whenLine("DTSTART", start, days, zone),
    end === null || end <= start ? "" : whenLine("DTEND", end, days, zone),
    rule === null ? "" : `RRULE:${rule}`,
    `SEQUENCE:${numberIn(tnef.properties.get(PROPERTY.sequence))}`,
    `SUMMARY:${escaped(titleOf(tnef.subject, kind))}`,
    `LOCATION:${escaped(tnef.string(PROPERTY.location))}`,
    ...people(tnef, kind, envelope),
    kind.method === "CANCEL" ? "STATUS:CANCELLED" : "",
    "END:VEVENT",
    "END:VCALENDAR",
  ];
  return `${lines.filter((line) => line !== "").join("\r\n")}\r\n`;
}

/** An answer goes back to whoever invited; all else comes from there. */
function people(tnef: Tnef, kind: Kind, { from, to, cc }: Envelope): string[] {
  const [sender] = from;
  if (kind.method === "REPLY") {
    const [host] = to;
    return [
      host === undefined ? "" : `ORGANIZER${cn(host.name)}:mailto:${host.address}`,
      sender === undefined ? "" : `ATTENDEE;PARTSTAT=${kind.answer}${cn(sender.name)}:mailto:${sender.address}`,
    ];
  }
  const own = [PROPERTY.organiserSmtp, PROPERTY.organiserAddress]
    .map((key) => tnef.string(key))
    .find((one) => /^[^\s@:]+@[^\s@:]+$/u.test(one));
  const name = tnef.string(PROPERTY.organiserName) || sender?.name || "";
  const address = own ?? sender?.address ?? "";
  const asked = (role: string) => (person: Address) =>
    `ATTENDEE;ROLE=${role};PARTSTAT=NEEDS-ACTION;RSVP=TRUE${cn(person.name)}:mailto:${person.address}`;
  return [
    address === "" ? "" : `ORGANIZER${cn(name)}:mailto:${address}`,
    ...reached(to).map(asked("REQ-PARTICIPANT")),
    ...reached(cc).map(asked("OPT-PARTICIPANT")),
  ];
}

function reached(list: readonly Address[]): Address[] {
  return list.filter(({ address }) => address !== "").slice(0, MOST_PEOPLE);
}

function cn(name: string): string {
  const words = name.replace(/["\r\n]+/gu, " ").trim();
  return words === "" ? "" : `;CN="${words}"`;
}

/** Outlook writes what an answer says before the subject. */
function titleOf(subject: string, { answer }: Kind): string {
  return answer === "" ? subject : subject.replace(/^[^:：]{1,30}[:：]\s*/u, "");
}

/** MS-OXCICAL §2.1.3.1.1.20.26: what another calendar called it, else all of the identifier without the date of one occurrence. */
function uidOf(tnef: Tnef): string {
  const bytes = (tnef.properties.get(PROPERTY.cleanGlobalId) ?? tnef.properties.get(PROPERTY.globalId))?.bytes;
  if (bytes === undefined || bytes.length < 40) return "";
  if (bytes.toString("latin1", 40, 48) === "vCal-Uid")
    return bytes
      .toString("latin1", 52)
      .replace(/\0.*$/u, "")
      .replace(/[\r\n]+/gu, "");
  const clean = Buffer.from(bytes);
  clean.fill(0, 16, 20);
  return clean.toString("hex").toUpperCase();
}

function timeIn(property: TnefProperty | undefined): number | null {
  if (property === undefined || property.bytes.length < 8) return null;
  const ms = Number(property.bytes.readBigUInt64LE(0) / 10_000n) - FILETIME_MS;
  return ms > 0 && ms < 8e14 ? ms : null;
}

function numberIn(property: TnefProperty | undefined): number {
  return property === undefined || property.bytes.length < 4 ? 0 : property.bytes.readUInt32LE(0);
}

/** The Windows name in a time zone definition (MS-OXOCAL §2.2.1.41); "" for one that is not known here. */
function zoneIn(property: TnefProperty | undefined): string {
  const bytes = property?.bytes;
  if (bytes === undefined || bytes.length < 8) return "";
  const characters = Math.min(bytes.readUInt16LE(6), 100);
  const name = bytes.toString("utf16le", 8, 8 + characters * 2);
  return WINDOWS_ZONES[name] === undefined ? "" : name;
}

function whenLine(name: string, at: number, days: boolean, zone: string): string {
  if (days) {
    // Midnight there, wherever that is: half a day later it is that date in UTC too.
    return `${name};VALUE=DATE:${utc(Math.floor((at + DAY_MS / 2) / DAY_MS) * DAY_MS).slice(0, 8)}`;
  }
  const place = WINDOWS_ZONES[zone];
  return place === undefined ? `${name}:${utc(at)}` : `${name};TZID=${zone}:${clockIn(place, at)}`;
}

/** 20261202T060000Z */
function utc(at: number): string {
  return new Date(at).toISOString().replace(/[-:]|\.\d+/gu, "");
}

/** What the clock shows there. */
function clockIn(timeZone: string, at: number): string {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }).formatToParts(at);
  const one = (type: string): string => parts.find((part) => part.type === type)?.value ?? "";
  return `${one("year")}${one("month")}${one("day")}T${one("hour")}${one("minute")}${one("second")}`;
}

/** RFC 5545 §3.3.11. */
function escaped(text: string): string {
  return text.replace(/[\\;,]/gu, "\\$&").replace(/\r?\n|\r/gu, "\\n");
}
