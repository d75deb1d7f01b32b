import { type CharsetHints, NO_HINTS } from "./charset-hints.ts";
import { cleanFileName, cleanLine } from "./clean.ts";
import { decodeEncodedWords, unfold } from "./encoded-words.ts";
import { findField } from "./header-fields.ts";
import type { MimePart } from "./mime-tree.ts";
import type { Attachment } from "./structure.ts";

/** An attachment as the list and the reader show it. */
export type PartSummary = { part: string; name: string; type: string; sizeBytes: number; inline: boolean };

/** Listed parts; a message with more shows these and keeps the rest in its source. */
const MOST_LISTED = 12_000;

export function partList(bytes: Buffer, attachments: readonly Attachment[], hints: CharsetHints = NO_HINTS): PartSummary[] {
  return attachments.slice(0, MOST_LISTED).map(({ part, inline }) => ({
    part: part.number,
    name: partName(bytes, part, hints),
    type: part.type,
    sizeBytes: decodedSize(bytes, part),
    inline,
  }));
}

/** A message inside is named after its subject, everything else after its file name. */
export function partName(bytes: Buffer, part: MimePart, hints: CharsetHints = NO_HINTS): string {
  if (part.name !== "" || part.type !== "message/rfc822") return part.name;
  const inner = part.children[0];
  const field = inner === undefined ? undefined : findField(inner.fields, "subject");
  if (field === undefined) return "";
  return messageFileName(cleanLine(decodeEncodedWords(unfold(bytes.subarray(field.start, field.end), "", hints), hints)));
}

/** What an attached message is called that has this subject. */
export function messageFileName(subject: string): string {
  return subject === ""
    ? ""
    : cleanFileName(
        `${subject
          .replace(/[\\/:*?"<>|]+/gu, " ")
          .slice(0, 120)
          .trim()}.eml`,
      );
}

/** Size after decoding, without decoding: exact for identity, within a few bytes for base64, an upper bound for quoted-printable. */
function decodedSize(bytes: Buffer, part: MimePart): number {
  const length = part.bodyEnd - part.bodyStart;
  if (part.encoding !== "base64" || length === 0) return length;
  const lineEnd = bytes.indexOf(0x0a, part.bodyStart);
  const line = lineEnd < 0 || lineEnd >= part.bodyEnd ? length : lineEnd - part.bodyStart + 1;
  const breakBytes = line === length ? 0 : bytes[lineEnd - 1] === 0x0d ? 2 : 1;
  const digits = length - Math.floor(length / line) * breakBytes;
  let padding = 0;
  for (let i = part.bodyEnd - 1; i > part.bodyStart && i > part.bodyEnd - 6; i--) if (bytes[i] === 0x3d) padding++;
  return Math.max(0, Math.floor((digits * 3) / 4) - padding);
}
