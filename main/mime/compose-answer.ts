import MimeNode from "nodemailer/lib/mime-node";
import type { Address } from "../../shared/address.ts";
import type { Answer, CalendarEvent, Moment } from "../../shared/contract/calendar.ts";
import { answerSubject, wordsFor } from "./answer-words.ts";
import { addressOf } from "./calendar.ts";
import type { MessageEvent } from "./calendar-parts.ts";
import { cleanLine } from "./clean.ts";
import { ICAL } from "./ical.ts";

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

/** Lines of the invitation that its answer repeats, so that the organiser's program finds what was answered. */
const REPEATED = ["uid", "recurrence-id", "organizer", "sequence", "dtstart", "dtend", "duration", "summary"];
/** Longer ones help nobody to find anything. */
const LONGEST_REPEATED = 10_000;
/** What an attendee's line keeps. */
const KEPT = ["cn", "cutype", "role", "email"];
const LARGEST_ZONE = 30_000;

/** The calendar of an answer, CRLF at its lines' ends. */
export function answerCalendar({ event: { lines, zones, event }, answer, comment, from, date }: AnswerInput): string {
  const { Component, Property, Time } = ICAL;
  const calendar = new Component("vcalendar");
  calendar.addPropertyWithValue("prodid", "-//Satchel//Satchel//EN");
  calendar.addPropertyWithValue("version", "2.0");
  calendar.addPropertyWithValue("method", "REPLY");
  const answered = new Component(event.component === "task" ? "vtodo" : "vevent");
  for (const line of REPEATED.flatMap((name) => lines.getFirstProperty(name) ?? []))
    if (line.toICALString().length <= LONGEST_REPEATED) answered.addProperty(Property.fromString(line.toICALString()));
  const tzids = new Set(answered.getAllProperties().flatMap((line) => line.getFirstParameter("tzid") ?? []));
  for (const tzid of tzids) {
    const written = zones.get(tzid.trim())?.toString() ?? "";
    if (written !== "" && written.length <= LARGEST_ZONE) calendar.addSubcomponent(Component.fromString(written));
  }
  answered.addPropertyWithValue("dtstamp", Time.fromJSDate(new Date(date), true));
  answered.addProperty(attendeeLine(lines, from, answer));
  if (comment.trim() !== "") answered.addPropertyWithValue("comment", comment.trim().replaceAll("\r\n", "\n"));
  calendar.addSubcomponent(answered);
  return `${calendar.toString()}\r\n`;
}

/** The user's own line of the invitation with the answer in it: some programs know an attendee by more than the address. */
function attendeeLine(lines: ICAL.Component, from: Address, answer: Answer): ICAL.Property {
  const own = from.address.toLowerCase();
  const found = lines.getAllProperties("attendee").find((line) => addressOf(line).toLowerCase() === own);
  const line = new ICAL.Property("attendee");
  for (const name of KEPT) {
    const kept = found?.getFirstParameter(name);
    if (kept !== undefined) line.setParameter(name, kept);
  }
  if (line.getFirstParameter("cn") === undefined && from.name !== "") line.setParameter("cn", cleanLine(from.name));
  line.setParameter("partstat", answer.toUpperCase());
  line.setValue(found?.getFirstValue() ?? `mailto:${from.address}`);
  return line;
}
