import type { MimePart } from "./mime-tree.ts";

/** A stretch of what is read: the same words as text, as HTML, or both. Several parts when a mailer cut it in pieces. */
export type Section = { readonly texts: readonly MimePart[]; readonly htmls: readonly MimePart[] };
export type Attachment = {
  readonly part: MimePart /** Belongs to the text: an inline picture, a signature, a delivery report. */;
  readonly inline: boolean;
};
export type Structure = { readonly sections: readonly Section[]; readonly attachments: readonly Attachment[] };

/** Parts that machines read: listed, but no paper clip. */
const MACHINE = new Set([
  "application/pgp-signature",
  "application/pkcs7-signature",
  "application/x-pkcs7-signature",
  "application/pgp-encrypted",
  "message/delivery-status",
  "message/disposition-notification",
  "message/feedback-report",
  "text/rfc822-headers",
  "message/global-delivery-status",
]);

/** Sorts the leaves of a message into what is read and what is attached, in the order of the message. */
export function readStructure(root: MimePart): Structure {
  const attachments: Attachment[] = [];
  const sections = walk(root, null, attachments);
  return { sections, attachments };
}

function walk(part: MimePart, within: MimePart | null, attachments: Attachment[]): Section[] {
  if (part.type.startsWith("multipart/")) {
    if (part.type === "multipart/alternative") return alternative(part, attachments);
    const sections: Section[] = [];
    const start = part.type === "multipart/related" ? relatedStart(part) : null;
    for (const child of part.children) {
      // Everything beside the root of a multipart/related is only a resource of it (RFC 2387).
      if (start !== null && child !== start && !child.type.startsWith("multipart/")) attach(child, part, attachments);
      else for (const section of walk(child, part, attachments)) sections.push(section);
    }
    return sections;
  }
  if (isBodyText(part)) return [part.type === "text/html" ? { texts: [], htmls: [part] } : { texts: [part], htmls: [] }];
  attach(part, within, attachments);
  return [];
}

/** RFC 2046 §5.1.4: the same in rising faithfulness. All HTML of it is one reading, all plain text another. */
function alternative(part: MimePart, attachments: Attachment[]): Section[] {
  const readings = part.children.map((child) => walk(child, part, attachments));
  const withHtml = readings.findLast((sections) => sections.some((section) => section.htmls.length > 0));
  const plain = readings.filter((sections) => sections !== withHtml && sections.some((section) => section.texts.length > 0));
  const every = plain.flat().flatMap((section) => section.texts);
  // Enriched text says what the plain text says; two plain texts are a mailer's mistake, and neither may be lost.
  const onlyPlain = every.filter((part) => part.type === "text/plain");
  const texts = onlyPlain.length > 0 ? onlyPlain : every;
  if (withHtml === undefined) return texts.length === 0 ? [] : [{ texts, htmls: [] }];
  return [{ texts, htmls: withHtml.flatMap((section) => (section.htmls.length > 0 ? section.htmls : section.texts)) }];
}

function relatedStart(part: MimePart): MimePart | null {
  const id = (part.parameters.get("start") ?? "").replace(/^<|>$/gu, "");
  return part.children.find((child) => id !== "" && child.contentId === id) ?? part.children[0] ?? null;
}

/** Text with a file name or a disposition of its own is an attachment, even when it says inline. */
function isBodyText(part: MimePart): boolean {
  if (part.disposition === "attachment" || part.name !== "") return false;
  return (
    part.type === "text/html" ||
    part.type === "text/plain" ||
    part.type === "text/enriched" ||
    part.type === "text/richtext" ||
    part.type === "text/markdown" ||
    part.type === "text/x-markdown" ||
    part.type === "text/watch-html"
  );
}

function attach(part: MimePart, within: MimePart | null, attachments: Attachment[]): void {
  const shownInText =
    part.contentId !== "" &&
    part.disposition !== "attachment" &&
    (within?.type === "multipart/related" || part.disposition === "inline") &&
    part.type.startsWith("image/");
  // An invitation beside its own words is told by a card; the same as a file has a name.
  const besideWords =
    within?.type === "multipart/alternative" && part.type === "text/calendar" && part.name === "" && part.disposition !== "attachment";
  attachments.push({ part, inline: shownInText || besideWords || MACHINE.has(part.type) });
}
