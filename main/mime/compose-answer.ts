import MimeNode from "nodemailer/lib/mime-node";
import type { Address } from "../../shared/address.ts";
import type { Answer, CalendarEvent, Moment } from "../../shared/contract/calendar.ts";
import { answerSubject, wordsFor } from "./answer-words.ts";
import { addressIn } from "./calendar.ts";
import type { MessageEvent } from "./calendar-parts.ts";
import { cleanLine } from "./clean.ts";
import { type Component, type Property, property } from "./content-lines.ts";

export type AnswerInput = {
  /** The event that is answered, as it was read from the invitation. */
  readonly event: MessageEvent;
  readonly answer: Answer;
  readonly comment: string;
  /** Who answers: the attendee's own address. */
  readonly from: Address;
  /** Message-IDs are without angle brackets; null when the invitation has none. */
  readonly inReplyTo: string | null;
  readonly messageId: string;
  /** ms UTC. */
  readonly date: number;
  /** BCP 47; of the window. */
  readonly lang: string;
};

/** An answer to an invitation (RFC 5546 §3.2.3, RFC 6047): words for people, and beside them a calendar for programs. */
export async function composeAnswer(input: AnswerInput): Promise<Buffer> {
  const { event, answer, comment, from, inReplyTo, messageId, date, lang } = input;
  const words = wordsFor(lang);
  const organiser = event.event.organiser;
  const root = new MimeNode("multipart/alternative");
  root.setHeader({
    From: { name: cleanLine(from.name), address: cleanLine(from.address) },
    To: { name: organiser?.name ?? "", address: organiser?.address ?? "" },
    Subject: answerSubject(event.event, answer, lang),
    Date: new Date(date).toUTCString().replace("GMT", "+0000"),
    "Message-ID": `<${messageId}>`,
    "MIME-Version": "1.0",
    "User-Agent": "Satchel",
    ...(inReplyTo === null ? {} : { "In-Reply-To": `<${inReplyTo}>`, References: `<${inReplyTo}>` }),
  });
  const { title, place } = event.event;
  const invited = event.event.attendees.find(({ address }) => address.toLowerCase() === from.address.toLowerCase());
  const who = cleanLine(from.name) || invited?.name || from.address;
  const about = [title || words.untitled, whenText(event.event, lang), place].filter((line) => line !== "").join("\n");
  const text = [words.text[answer](who), comment.trim(), about].filter((block) => block !== "").join("\n\n");
  root.createChild("text/plain; charset=utf-8").setHeader("Content-Transfer-Encoding", "base64").setContent(`${text}\n`);
  root
    .createChild("text/calendar; charset=utf-8; method=REPLY")
    .setHeader("Content-Transfer-Encoding", "base64")
    .setContent(answerCalendar(input));
  return await root.build();
}

/** The dates as the organiser's clock shows them: that is how the organiser knows them. */
function whenText({ start, end, allDay }: CalendarEvent, lang: string): string {
  if (start === null) return "";
  const locale = lang.startsWith("zh") ? "zh-CN" : "en-GB";
  const day = new Intl.DateTimeFormat(locale, { timeZone: "UTC", dateStyle: "full" });
  const clock = new Intl.DateTimeFormat(locale, { timeZone: "UTC", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  if (allDay) return `${day.format(start.wall)}, ${wordsFor(lang).allDay}`;
  const whole = ({ wall }: Moment): string => `${day.format(wall)} ${clock.format(wall)}`;
  const until = end === null ? "" : day.format(end.wall) === day.format(start.wall) ? `–${clock.format(end.wall)}` : ` – ${whole(end)}`;
  return whole(start) + until + (start.zone === "" ? "" : ` (${start.zone})`);
}

/** Lines of the invitation that its answer repeats as they stand, so that the organiser's program finds what was answered. */
/** Longer ones help nobody to find anything. */
const LONGEST_REPEATED = 10_000;
const REPEATED = ["UID", "RECURRENCE-ID", "ORGANIZER", "SEQUENCE", "DTSTART", "DTEND", "DURATION", "SUMMARY"];
/** What an attendee's line keeps. */
const KEPT = ["CN", "CUTYPE", "ROLE", "EMAIL"];
const MOST_ZONE_LINES = 400;

/** The calendar of an answer, CRLF at its lines' ends. */
export function answerCalendar({ event: { lines, zones, event }, answer, comment, from, date }: AnswerInput): string {
  const repeated = REPEATED.flatMap((name) => property(lines, name) ?? []).filter(({ value }) => value.length <= LONGEST_REPEATED);
  const tzids = new Set(repeated.flatMap(({ params }) => params.get("TZID") ?? []));
  const out = ["BEGIN:VCALENDAR", "PRODID:-//Satchel//Satchel//EN", "VERSION:2.0", "METHOD:REPLY"];
  for (const tzid of tzids) {
    const zone = zones.get(tzid.trim());
    const written = zone === undefined ? [] : componentLines(zone);
    if (written.length <= MOST_ZONE_LINES) out.push(...written);
  }
  const component = event.component === "task" ? "VTODO" : "VEVENT";
  out.push(`BEGIN:${component}`, ...repeated.map(lineOf), `DTSTAMP:${stampOf(date)}`, attendeeLine(lines, from, answer));
  if (comment.trim() !== "") out.push(lineOf({ name: "COMMENT", params: new Map(), value: escapeText(comment.trim()) }));
  out.push(`END:${component}`, "END:VCALENDAR");
  return `${out.map(fold).join("\r\n")}\r\n`;
}

/** The user's own line of the invitation with the answer in it: some programs know an attendee by more than the address. */
function attendeeLine(lines: Component, from: Address, answer: Answer): string {
  const own = from.address.toLowerCase();
  const found = lines.properties.find(
    ({ name, params, value }) => name === "ATTENDEE" && (addressIn(value) || addressIn(params.get("EMAIL") ?? "")).toLowerCase() === own,
  );
  const params = new Map(KEPT.flatMap((name) => (found?.params.has(name) ? [[name, found.params.get(name) ?? ""] as const] : [])));
  if (!params.has("CN") && from.name !== "") params.set("CN", cleanLine(from.name));
  return lineOf({
    name: "ATTENDEE",
    params: params.set("PARTSTAT", answer.toUpperCase()),
    value: found?.value ?? `mailto:${from.address}`,
  });
}

function componentLines({ name, properties, children }: Component): string[] {
  return [`BEGIN:${name}`, ...properties.map(lineOf), ...children.flatMap(componentLines), `END:${name}`];
}

function lineOf({ name, params, value }: Property): string {
  const written = [...params].map(([key, text]) => `;${oneLine(key)}=${parameter(text)}`).join("");
  return `${name}${written}:${oneLine(value)}`;
}

/** RFC 6868, in quotes where RFC 5545 §3.2 wants them. */
function parameter(text: string): string {
  const coded = oneLine(text.replaceAll("^", "^^").replaceAll("\n", "^n").replaceAll('"', "^'"));
  return /[,;:]/u.test(coded) ? `"${coded}"` : coded;
}

/** Nothing of an invitation may begin a line of its own in the answer. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, (found) => (found === "\t" ? found : " "));
}

function escapeText(text: string): string {
  return text.replace(/[\\;,]/gu, "\\$&").replace(/\r?\n/gu, "\\n");
}

function stampOf(at: number): string {
  return new Date(at).toISOString().replace(/[-:]|\.\d+/gu, "");
}

/** RFC 5545 §3.1: no line over 75 bytes, no character cut in two. */
function fold(line: string): string {
  if (Buffer.byteLength(line) <= 75) return line;
  let out = "";
  let width = 0;
  for (const character of line) {
    const bytes = Buffer.byteLength(character);
    if (width + bytes > 75) {
      out += "\r\n ";
      width = 1;
    }
    out += character;
    width += bytes;
  }
  return out;
}
