import { readText } from "./body-text.ts";
import { htmlToText } from "./html-text.ts";
import { guessLanguage } from "./language.ts";
import { type MessageHeader, readMessageHeader } from "./message-header.ts";
import { scanMessage } from "./mime-tree.ts";
import { headerCharset, withLineFeeds } from "./parse-arrived.ts";
import { type PartSummary, partList } from "./part-list.ts";
import { readStructure, type Section } from "./structure.ts";
import { textToHtml } from "./text-html.ts";

/** A message as the reader, a reply and a forward want it. */
export type Reading = {
  readonly header: MessageHeader;
  /** Plain text: the sender's own, else taken from the HTML; quoted lines included. */
  readonly text: string;
  /** The sender's HTML as it stands, not to be trusted; null when there is only text. */
  readonly html: string | null;
  readonly parts: readonly PartSummary[];
  /** Content-ID (and Content-Location) → part number, for pictures inside the HTML. */
  readonly cids: ReadonlyMap<string, string>;
  readonly lang: string;
};

/** Never throws for the sake of a message's contents. */
export function parseForReading(message: Buffer): Reading {
  const bytes = withLineFeeds(message);
  const root = scanMessage(bytes);
  const { sections, attachments } = readStructure(root);
  const { text, html, charset } = readSections(bytes, sections);
  const header = readMessageHeader(bytes, root.fields, headerCharset(root, sections, charset));
  const cids = new Map<string, string>();
  for (const { part } of attachments) if (part.contentId !== "" && !cids.has(part.contentId)) cids.set(part.contentId, part.number);
  return {
    header,
    text,
    html,
    parts: partList(bytes, attachments),
    cids,
    lang: guessLanguage(`${header.subject}\n${text.slice(0, 3000)}`, charset),
  };
}

function readSections(bytes: Buffer, sections: readonly Section[]): { text: string; html: string | null; charset: string } {
  const texts: string[] = [];
  const htmls: string[] = [];
  let charset = "";
  const anyHtml = sections.some((section) => section.htmls.length > 0);
  for (const section of sections) {
    const plain = section.texts.map((part) => readText(bytes, part));
    const rich = section.htmls.map((part) => ({ ...readText(bytes, part), isHtml: part.type === "text/html" }));
    charset ||= plain[0]?.charset ?? rich[0]?.charset ?? "";
    if (plain.length > 0) texts.push(...plain.map((read) => read.text));
    else texts.push(...rich.map((read) => (read.isHtml ? htmlToText(read.text) : read.text)));
    if (!anyHtml) continue;
    if (rich.length > 0) htmls.push(...rich.map((read) => (read.isHtml ? read.text : textToHtml(read.text))));
    else htmls.push(...plain.map((read) => textToHtml(read.text)));
  }
  return { text: texts.join("\n\n"), html: anyHtml ? htmls.join("\n") : null, charset };
}
