import type { Address } from "../../shared/address.ts";
import type { ArrivedReport } from "../../shared/delivery.ts";
import { type EventVersion, versionOf } from "../plan/invitations.ts";
import { readBounce } from "./bounce.ts";
import { calendarsIn } from "./calendar-parts.ts";
import { type CharsetHints, NO_HINTS } from "./charset-hints.ts";
import { headerCharset } from "./charset-label.ts";
import { type ReadSection, readContents } from "./contents.ts";
import { htmlToText } from "./html-text.ts";
import type { IndexWords } from "./index-text.ts";
import { guessLanguage } from "./language.ts";
import { withLineFeeds } from "./line-ends.ts";
import { type MessageHeader, readMessageHeader } from "./message-header.ts";
import { scanMessage } from "./mime-tree.ts";
import type { PartSummary } from "./part-list.ts";
import { readReceipt, receiptAddress } from "./receipt.ts";
import { snippetOf } from "./snippet.ts";

/** What the list, the threads and the store want of a message whose bytes have just come. */
export type ArrivedSummary = MessageHeader & {
  snippet: string;
  hasAttachment: boolean;
  parts: PartSummary[];
  lang: string;
  /** The parser gave up: only source and envelope can be shown. */
  unreadable: boolean;
  /** What it reports of another message; null for ordinary mail. */
  report: ArrivedReport | null;
  /** Who wants to be told that it was read (RFC 8098 §2.1); "" when nobody. */
  receiptTo: string;
  /** What it says of events that people are invited to. */
  calendar: EventVersion[];
};

// Longer text is indexed as far as this.
const MOST_INDEXED = 2_000_000;
// A text version shorter than this only says that there is an HTML version.
const LINES_ONLY = 120;

/**
 * Everything about an arrived message that does not need its attachments decoded. Never throws: what cannot be parsed comes
 * back empty and marked `unreadable`.
 */
export function parseArrived(bytes: Buffer, hints: CharsetHints = NO_HINTS): { summary: ArrivedSummary; words: IndexWords } {
  try {
    return parse(withLineFeeds(bytes), hints);
  } catch {
    // Whatever the cause, the mail itself is kept and its source can be read: the summary says so.
    return { summary: unreadableSummary(), words: NO_WORDS };
  }
}

/** The charsets of a message that no label told: which was recognised surely, which was the best guess; null where there was none. */
export type HeardCharsets = { readonly sure: string | null; readonly unsure: string | null };

/** As `parseArrived`, and tells what was learnt of the sender's charsets. */
export function parseAndHear(bytes: Buffer, hints: CharsetHints): ReturnType<typeof parseArrived> & { readonly heard: HeardCharsets } {
  let heard: HeardCharsets = { sure: null, unsure: null };
  const listen = (charset: string, sure: boolean): void => {
    heard = sure ? { ...heard, sure: charset } : { ...heard, unsure: charset };
  };
  const parsed = parseArrived(bytes, { ...hints, heard: listen });
  return { ...parsed, heard };
}

/** What can be searched of a message that could not be parsed. */
export const NO_WORDS: IndexWords = { subject: "", from: "", to: "", body: "", attachmentNames: "" };

/** What is known of a message that could not be parsed. */
export function unreadableSummary(): ArrivedSummary {
  return {
    messageIdHeader: null,
    inReplyTo: null,
    references: [],
    subject: "",
    from: [],
    to: [],
    cc: [],
    bcc: [],
    replyTo: [],
    sentAt: null,
    snippet: "",
    hasAttachment: false,
    parts: [],
    lang: "",
    unreadable: true,
    report: null,
    receiptTo: "",
    calendar: [],
  };
}

function parse(bytes: Buffer, hints: CharsetHints): { summary: ArrivedSummary; words: IndexWords } {
  const root = scanMessage(bytes, hints);
  const { sections, parts, declared } = readContents(bytes, root, { hints, enough: { text: MOST_INDEXED, beforeHtml: LINES_ONLY } });
  const { body, charset } = indexBody(sections);
  const header = readMessageHeader(bytes, root.fields, headerCharset(declared, charset), hints);
  const report = readBounce(bytes, root) ?? readReceipt(bytes, root);
  return {
    summary: {
      ...header,
      snippet: snippetOf(body),
      hasAttachment: parts.some(({ inline }) => !inline),
      parts: [...parts],
      lang: guessLanguage(`${header.subject}\n${body.slice(0, 3000)}`, charset),
      unreadable: false,
      report,
      receiptTo: report === null ? receiptAddress(bytes, root) : "",
      calendar: calendarsIn(bytes, root, hints).flatMap(({ event }) => versionOf(event) ?? []),
    },
    words: {
      subject: header.subject,
      from: peopleText(header.from),
      to: peopleText([...header.to, ...header.cc, ...header.bcc]),
      body,
      attachmentNames: parts
        .map(({ name }) => name)
        .filter((name) => name !== "")
        .join("\n"),
    },
  };
}

function indexBody(sections: readonly ReadSection[]): { body: string; charset: string } {
  let body = "";
  let charset = "";
  const add = (text: string) => {
    body += body === "" ? text : `\n\n${text}`;
  };
  for (const { texts, htmls } of sections) {
    if (body.length >= MOST_INDEXED) break;
    const before = body.length;
    for (const read of texts) {
      charset ||= read.charset;
      add(read.text);
    }
    if (body.length - before >= LINES_ONLY) continue;
    for (const read of htmls) {
      charset ||= read.charset;
      add(read.html === null ? read.text : htmlToText(read.html, MOST_INDEXED));
    }
  }
  return { body: body.length > MOST_INDEXED ? body.slice(0, MOST_INDEXED) : body, charset };
}

function peopleText(people: readonly Address[]): string {
  return people.map(({ name, address }) => (name === "" ? address : `${name} ${address}`)).join("\n");
}
