import { type CharsetHints, NO_HINTS } from "./charset-hints.ts";
import { headerCharset } from "./charset-label.ts";
import { type ReadSection, readContents, type Words } from "./contents.ts";
import { dateZone } from "./date.ts";
import { deliveredTo } from "./delivered-to.ts";
import { findField } from "./header-fields.ts";
import { htmlToText } from "./html-text.ts";
import { guessLanguage } from "./language.ts";
import { withLineFeeds } from "./line-ends.ts";
import { type ListFields, readListFields } from "./list-fields.ts";
import { type MessageHeader, readMessageHeader } from "./message-header.ts";
import { scanMessage } from "./mime-tree.ts";
import type { PartSummary } from "./part-list.ts";
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
  /** Sent to many: it names a list (RFC 2919) or how to leave one (RFC 2369). */
  readonly bulk: boolean;
  readonly list: ListFields | null;
  /** Where it was written: minutes east of UTC; null when its Date does not say. */
  readonly sentZone: number | null;
  /** Where servers say that they delivered it. */
  readonly delivered: readonly string[];
};

/** Never throws for the sake of a message's contents. */
export function parseForReading(message: Buffer, hints: CharsetHints = NO_HINTS): Reading {
  const bytes = withLineFeeds(message);
  const root = scanMessage(bytes, hints);
  const { sections, parts, cids, declared } = readContents(bytes, root, { hints });
  const { text, html, charset } = readSections(sections);
  const header = readMessageHeader(bytes, root.fields, headerCharset(declared, charset), hints);
  const bulk = ["list-id", "list-unsubscribe"].some((name) => findField(root.fields, name) !== undefined);
  const list = readListFields(bytes, root.fields);
  const date = findField(root.fields, "date");
  const sentZone = date === undefined ? null : dateZone(bytes.toString("latin1", date.start, Math.min(date.end, date.start + 400)));
  const delivered = deliveredTo(bytes, root.fields);
  return {
    header,
    text,
    html,
    parts,
    cids,
    bulk,
    list,
    sentZone,
    delivered,
    lang: guessLanguage(`${header.subject}\n${text.slice(0, 3000)}`, charset),
  };
}

function readSections(sections: readonly ReadSection[]): Words {
  const texts: string[] = [];
  const htmls: string[] = [];
  let charset = "";
  const anyHtml = sections.some((section) => section.htmls.length > 0);
  for (const { texts: plain, htmls: rich } of sections) {
    charset ||= plain[0]?.charset ?? rich[0]?.charset ?? "";
    if (plain.length > 0) texts.push(...plain.map((read) => read.text));
    else texts.push(...rich.map((read) => (read.html === null ? read.text : htmlToText(read.html))));
    if (!anyHtml) continue;
    if (rich.length > 0) htmls.push(...rich.map((read) => read.html ?? textToHtml(read.text)));
    else htmls.push(...plain.map((read) => textToHtml(read.text)));
  }
  return { text: texts.join("\n\n"), html: anyHtml ? htmls.join("\n") : null, charset };
}
