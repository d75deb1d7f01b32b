import { readText } from "./body-text.ts";
import { type CharsetHints, NO_HINTS } from "./charset-hints.ts";
import { cleanFileName } from "./clean.ts";
import type { MimePart } from "./mime-tree.ts";
import { INSIDE, openWinmail, type PackedFile, typeByName } from "./packed.ts";
import { type PartSummary, partList } from "./part-list.ts";
import { type Attachment, readStructure } from "./structure.ts";

/** Words as text, as HTML, or both; "" and null where there are none of the kind. */
export type Words = { readonly text: string; readonly html: string | null; readonly charset: string };
export type ReadSection = { readonly texts: readonly Words[]; readonly htmls: readonly Words[] };

/** What a message holds, with whatever was packed into its parts unpacked. */
export type Contents = {
  readonly sections: readonly ReadSection[];
  readonly parts: readonly PartSummary[];
  /** Content-ID → part, for pictures inside the HTML. */
  readonly cids: ReadonlyMap<string, string>;
  /** The charset that the first text was declared to be in, else the message itself. */
  readonly declared: string;
};

/** What the index has no use for: text beyond the first, and HTML beside a text version of more than a line or two. */
export type Enough = { readonly text: number; readonly beforeHtml: number };
const ALL: Enough = { text: Number.POSITIVE_INFINITY, beforeHtml: Number.POSITIVE_INFINITY };

/** Reads the words of a message and lists its files. @param enough leaves unread what nobody will ask for */
export function readContents(
  bytes: Buffer,
  root: MimePart,
  { hints = NO_HINTS, enough = ALL }: { hints?: CharsetHints; enough?: Enough } = {},
): Contents {
  const structure = readStructure(root);
  const first = structure.sections[0]?.texts[0] ?? structure.sections[0]?.htmls[0];
  const sections: ReadSection[] = [];
  const packed: PartSummary[] = [];
  const cids = new Map<string, string>();
  let length = 0;
  const read = (part: MimePart): Words => {
    const { text, charset, files } = readText(bytes, part, hints);
    length += text.length;
    const inside = files.map(({ name, bytes: content }) => ({
      name: cleanFileName(name),
      type: typeByName(name),
      contentId: "",
      bytes: content,
    }));
    packed.push(...inside.map((file, at) => packedSummary(part, file, at)));
    return part.type === "text/html" ? { text: "", html: text, charset } : { text, html: null, charset };
  };
  for (const { texts, htmls } of structure.sections) {
    if (length >= enough.text) break;
    const before = length;
    const plain = texts.map(read);
    sections.push({ texts: plain, htmls: length - before >= enough.beforeHtml ? [] : htmls.map(read) });
  }
  const said = sections.some(({ texts, htmls }) => [...texts, ...htmls].some(({ text, html }) => (html ?? text).trim() !== ""));
  const kept: Attachment[] = [];
  for (const attachment of structure.attachments) {
    const winmail = openWinmail(bytes, attachment.part);
    if (winmail === null) {
      kept.push(attachment);
      continue;
    }
    for (const [at, file] of winmail.files.entries()) {
      const summary = packedSummary(attachment.part, file, at);
      packed.push(summary);
      if (file.contentId !== "" && !cids.has(file.contentId)) cids.set(file.contentId, summary.part);
    }
    // Outlook repeats the words beside it as a rule; where it does not they are nowhere else.
    if (said) continue;
    const texts = winmail.text === "" ? [] : [{ text: winmail.text, html: null, charset: "utf-8" }];
    const htmls = winmail.html === "" ? [] : [{ text: "", html: winmail.html, charset: "utf-8" }];
    sections.push({ texts, htmls });
  }
  for (const { part } of kept) if (part.contentId !== "" && !cids.has(part.contentId)) cids.set(part.contentId, part.number);
  return { sections, parts: [...partList(bytes, kept, hints), ...packed], cids, declared: first?.charset ?? root.charset };
}

function packedSummary(part: MimePart, file: PackedFile, at: number): PartSummary {
  return {
    part: `${part.number}${INSIDE}${at + 1}`,
    name: file.name,
    type: file.type,
    sizeBytes: file.bytes.length,
    inline: file.contentId !== "" && file.type.startsWith("image/"),
  };
}
