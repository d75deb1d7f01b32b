import type { CalendarEvent, ContactCard } from "../../shared/contract/calendar.ts";
import { type ReadEvent, readCalendar } from "./calendar.ts";
import { decodeText } from "./charset.ts";
import { type CharsetHints, NO_HINTS } from "./charset-hints.ts";
import { readContacts } from "./contact-cards.ts";
import { withLineFeeds } from "./line-ends.ts";
import { type MimePart, scanMessage } from "./mime-tree.ts";
import { INSIDE, mayBeWinmail, openWinmail, type PackedFile } from "./packed.ts";
import { extractPart } from "./part-bytes.ts";
import { decodeTransfer } from "./transfer.ts";

/** Parts of a kind that are read, and bytes of each before decoding: nobody's calendar in a message is larger, and the thread has other mail to read. */
const MOST_PARTS = 8;
const LARGEST_PART = 3_000_000;
const MOST_EVENTS = 20;
const MOST_CONTACTS = 100;

/** An event of a message, with the part that it stands in and the lines it was read from. */
export type MessageEvent = Omit<ReadEvent, "event"> & { readonly event: CalendarEvent };

/** Whether a part of this type and name is a calendar. */
export function isCalendar({ type, name }: Pick<MimePart, "type" | "name">): boolean {
  return type === "text/calendar" || type === "application/ics" || /\.(?:ics|ical|ifb)$/iu.test(name);
}

/** Whether a part of this type and name holds contact cards. */
export function isContact({ type, name }: Pick<MimePart, "type" | "name">): boolean {
  return /^text\/(?:x-)?vcard$/u.test(type) || type === "text/directory" || /\.(?:vcf|vcard)$/iu.test(name);
}

/** Calendars of a message and what they tell. The same event in an alternative and as a file is one. Never throws. */
export function calendarsOf(message: Buffer, hints: CharsetHints = NO_HINTS): MessageEvent[] {
  const bytes = withLineFeeds(message);
  return calendarsIn(bytes, scanMessage(bytes, hints), hints);
}

/** The same for a message that was scanned. */
export function calendarsIn(bytes: Buffer, root: MimePart, hints: CharsetHints): MessageEvent[] {
  const found: MessageEvent[] = [];
  for (const { number, text, method } of files(bytes, root, isCalendar, hints)) {
    for (const one of readCalendar(text, method)) {
      const same = found.findIndex(({ event }) => event.uid === one.event.uid && event.occurrence?.wall === one.event.occurrence?.wall);
      const event = { ...one.event, part: number };
      if (same < 0) found.push({ ...one, event });
      // A file without a method says less than the invitation beside it.
      else if (found[same]?.event.method === "publish" && event.method !== "publish") found[same] = { ...one, event };
      if (found.length >= MOST_EVENTS) return found;
    }
  }
  return found;
}

/** People of the contact cards of a message, and how many there are in all. Never throws. */
export function contactsOf(message: Buffer, hints: CharsetHints = NO_HINTS): { contacts: ContactCard[]; cards: number } {
  const bytes = withLineFeeds(message);
  const contacts: ContactCard[] = [];
  let cards = 0;
  for (const { number, text } of files(bytes, scanMessage(bytes, hints), isContact, hints)) {
    const read = readContacts(text, MOST_CONTACTS - contacts.length, hints);
    contacts.push(...read.contacts.map((contact) => ({ ...contact, part: number })));
    cards += read.cards;
  }
  return { contacts, cards };
}

/**
 * The same of a message that is attached: `inside` is its part, null the message itself. Numbers are those of the outer message's parts.
 * @throws Failure `part-gone`
 */
export function cardsOf(message: Buffer, inside: string | null, hints: CharsetHints): MessageCards {
  const bytes = inside === null ? message : extractPart(message, inside, hints).bytes;
  const outer = <T extends { readonly part: string }>(one: T): T =>
    inside === null ? one : { ...one, part: `${inside}${INSIDE}${one.part}` };
  const { contacts, cards } = contactsOf(bytes, hints);
  return { events: calendarsOf(bytes, hints).map(({ event }) => outer(event)), contacts: contacts.map(outer), cards };
}
export type MessageCards = { readonly events: CalendarEvent[]; readonly contacts: ContactCard[]; readonly cards: number };

/** `method` is what the part's header says of a calendar. */
type FoundFile = { readonly number: string; readonly text: string; readonly method: string };

/** Parts of a kind, and files of it that lie in a winmail.dat. What lies inside an attached message belongs to that one. */
function files(
  bytes: Buffer,
  root: MimePart,
  wanted: (part: Pick<MimePart, "type" | "name">) => boolean,
  hints: CharsetHints,
): FoundFile[] {
  const found: FoundFile[] = [];
  const waiting = [root];
  for (let part = waiting.pop(); part !== undefined && found.length < MOST_PARTS; part = waiting.pop()) {
    if (wanted(part) && part.children.length === 0) {
      const raw = bytes.subarray(part.bodyStart, Math.min(part.bodyEnd, part.bodyStart + LARGEST_PART));
      const { text } = decodeText(decodeTransfer(raw, part.encoding), part.charset, hints);
      found.push({ number: part.number, text, method: part.parameters.get("method") ?? "" });
    } else if (mayBeWinmail(part)) found.push(...packedIn(bytes, part, wanted, hints));
    if (!part.type.startsWith("message/")) waiting.push(...part.children.toReversed());
  }
  return found;
}

function packedIn(bytes: Buffer, part: MimePart, wanted: (file: PackedFile) => boolean, hints: CharsetHints): FoundFile[] {
  return (openWinmail(bytes, part)?.files ?? []).flatMap((file, at) => {
    if (!wanted(file)) return [];
    const { text } = decodeText(file.bytes.subarray(0, LARGEST_PART), "", hints);
    return [{ number: `${part.number}${INSIDE}${at + 1}`, text, method: "" }];
  });
}
