import type { Address } from "../../shared/address.ts";
import { readText } from "./body-text.ts";
import { charsetName } from "./charset-label.ts";
import { htmlToText } from "./html-text.ts";
import { guessLanguage } from "./language.ts";
import { type MessageHeader, readMessageHeader } from "./message-header.ts";
import { type MimePart, scanMessage } from "./mime-tree.ts";
import { type PartSummary, partList } from "./part-list.ts";
import { snippetOf } from "./snippet.ts";
import { readStructure, type Section } from "./structure.ts";

/** What the list, the threads and the store want of a message whose bytes have just come. */
export type ArrivedSummary = MessageHeader & {
  snippet: string;
  hasAttachment: boolean;
  parts: PartSummary[];
  lang: string;
  /** The parser gave up: only source and envelope can be shown. */
  unreadable: boolean;
};

/** What the search index takes in, a column each. People are "Name address", one a line. */
export type IndexText = { subject: string; from: string; to: string; body: string; attachmentNames: string };

// Longer text is indexed as far as this.
const MOST_INDEXED = 2_000_000;

/**
 * Everything about an arrived message that does not need its attachments decoded. Never throws: what cannot be parsed comes
 * back empty and marked `unreadable`.
 */
export function parseArrived(bytes: Buffer): { summary: ArrivedSummary; indexText: IndexText } {
  try {
    return parse(withLineFeeds(bytes));
  } catch {
    // Whatever the cause, the mail itself is kept and its source can be read: the summary says so.
    return { summary: unreadableSummary(), indexText: { subject: "", from: "", to: "", body: "", attachmentNames: "" } };
  }
}

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
  };
}

/** Old Mac line ends (CR alone) become LF, so that nothing else has to know them. */
export function withLineFeeds(bytes: Buffer): Buffer {
  if (bytes.includes(0x0a) || !bytes.includes(0x0d)) return bytes;
  return Buffer.from(bytes.map((byte) => (byte === 0x0d ? 0x0a : byte)));
}

function parse(bytes: Buffer): { summary: ArrivedSummary; indexText: IndexText } {
  const root = scanMessage(bytes);
  const { sections, attachments } = readStructure(root);
  const { body, charset } = indexBody(bytes, sections);
  const header = readMessageHeader(bytes, root.fields, headerCharset(root, sections, charset));
  const parts = partList(bytes, attachments);
  return {
    summary: {
      ...header,
      snippet: snippetOf(body),
      hasAttachment: attachments.some(({ inline }) => !inline),
      parts,
      lang: guessLanguage(`${header.subject}\n${body.slice(0, 3000)}`, charset),
      unreadable: false,
    },
    indexText: {
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

/** Raw 8-bit bytes in a header are most likely in the charset of the body. */
export function headerCharset(root: MimePart, sections: readonly Section[], seen: string): string {
  const first = sections[0]?.texts[0] ?? sections[0]?.htmls[0];
  return charsetName(first?.charset ?? root.charset) === "" ? (seen === "utf-8" ? "" : seen) : (first?.charset ?? root.charset);
}

function indexBody(bytes: Buffer, sections: readonly Section[]): { body: string; charset: string } {
  let body = "";
  let charset = "";
  const add = (text: string) => {
    body += body === "" ? text : `\n\n${text}`;
  };
  for (const { texts, htmls } of sections) {
    if (body.length >= MOST_INDEXED) break;
    const before = body.length;
    for (const part of texts) {
      const read = readText(bytes, part);
      charset ||= read.charset;
      add(read.text);
    }
    // A text version of a line or two only says that there is an HTML version.
    if (body.length - before >= 120) continue;
    for (const part of htmls) {
      const read = readText(bytes, part);
      charset ||= read.charset;
      add(part.type === "text/html" ? htmlToText(read.text, MOST_INDEXED) : read.text);
    }
  }
  return { body: body.length > MOST_INDEXED ? body.slice(0, MOST_INDEXED) : body, charset };
}

function peopleText(people: readonly Address[]): string {
  return people.map(({ name, address }) => (name === "" ? address : `${name} ${address}`)).join("\n");
}
