import type { CalendarEvent, ContactCard } from "../../shared/contract/calendar.ts";
import { type ReadEvent, readCalendar } from "./calendar.ts";
import { decodeText } from "./charset.ts";
import { type CharsetHints, NO_HINTS } from "./charset-hints.ts";
import { readContacts } from "./contact-cards.ts";
import { withLineFeeds } from "./line-ends.ts";
import { type MimePart, scanMessage } from "./mime-tree.ts";
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
  for (const part of leaves(root, isCalendar)) {
    for (const one of readCalendar(textOf(bytes, part, hints), part.parameters.get("method") ?? "")) {
      const same = found.findIndex(({ event }) => event.uid === one.event.uid && event.occurrence?.wall === one.event.occurrence?.wall);
      const event = { ...one.event, part: part.number };
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
  for (const part of leaves(scanMessage(bytes, hints), isContact)) {
    const read = readContacts(textOf(bytes, part, hints), MOST_CONTACTS - contacts.length, hints);
    contacts.push(...read.contacts.map((contact) => ({ ...contact, part: part.number })));
    cards += read.cards;
  }
  return { contacts, cards };
}

/** What lies inside an attached message belongs to that one. */
function leaves(root: MimePart, wanted: (part: MimePart) => boolean): MimePart[] {
  const found: MimePart[] = [];
  const waiting = [root];
  for (let part = waiting.pop(); part !== undefined && found.length < MOST_PARTS; part = waiting.pop()) {
    if (wanted(part) && part.children.length === 0) found.push(part);
    if (!part.type.startsWith("message/")) waiting.push(...part.children.toReversed());
  }
  return found;
}

function textOf(bytes: Buffer, part: MimePart, hints: CharsetHints): string {
  const raw = bytes.subarray(part.bodyStart, Math.min(part.bodyEnd, part.bodyStart + LARGEST_PART));
  return decodeText(decodeTransfer(raw, part.encoding), part.charset, hints).text;
}
