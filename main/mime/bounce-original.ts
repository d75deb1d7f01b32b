import type { ReportedOriginal } from "../../shared/delivery.ts";
import { parseAddresses } from "./addresses.ts";
import { cleanLine } from "./clean.ts";
import { parseDate } from "./date.ts";
import { decodeEncodedWords, unfold } from "./encoded-words.ts";
import { type Field, findField, scanHeader } from "./header-fields.ts";
import { parseMessageIds } from "./message-ids.ts";
import type { MimePart } from "./mime-tree.ts";
import { decodeTransfer } from "./transfer.ts";

const MOST_IDS = 10;
/** Where hosts that gave a message another id keep the one it had. */
const OWN_IDS = [
  "x-microsoft-original-message-id",
  "x-google-original-message-id",
  "x-original-message-id",
  "message-id",
  "resent-message-id",
];

/** The returned message or its header, or what the letter quotes of it, or what the report answers. */
export function reportedOriginal(
  bytes: Buffer,
  root: MimePart,
  parts: readonly MimePart[],
  stated: { envelopeId: string; originalId: string },
): ReportedOriginal {
  const ids: string[] = parseMessageIds(stated.originalId);
  const returned = returnedHeader(bytes, parts);
  const text = (name: string) => (returned === null ? "" : fieldText(returned.bytes, returned.fields, name));
  if (returned !== null) for (const name of OWN_IDS) ids.push(...parseMessageIds(text(name)));
  const body = bytes.toString("latin1", root.bodyStart, Math.min(bytes.length, root.bodyStart + 200_000));
  for (const found of body.matchAll(/^[ \t>]*(?:x-microsoft-original-|x-original-)?message-id:\s*(<[^<>\s]+>)/gimu))
    ids.push(...parseMessageIds(found[1] ?? ""));
  for (const name of ["in-reply-to", "references"]) {
    const field = findField(root.fields, name);
    if (field !== undefined)
      ids.push(...parseMessageIds(bytes.toString("latin1", field.start, Math.min(field.end, field.start + 8192))).reverse());
  }
  const own = parseMessageIds(fieldText(bytes, root.fields, "message-id"))[0];
  const to = ["to", "cc"].flatMap((name) => parseAddresses(text(name)).map(({ address }) => address.toLowerCase()));
  return {
    messageIds: [...new Set(ids)].filter((id) => id !== own).slice(0, MOST_IDS),
    envelopeId: stated.envelopeId.slice(0, 200),
    subject: returned === null ? quoted(body, "subject") : cleanLine(decodeEncodedWords(text("subject"))),
    to: [...new Set(to.filter((address) => address.includes("@")))].slice(0, 100),
    sentAt: parseDate(text("date")),
  };
}

function fieldText(bytes: Buffer, fields: readonly Field[], name: string): string {
  const field = findField(fields, name);
  return field === undefined ? "" : unfold(bytes.subarray(field.start, Math.min(field.end, field.start + 8192)), "");
}

function returnedHeader(bytes: Buffer, parts: readonly MimePart[]): { bytes: Buffer; fields: readonly Field[] } | null {
  for (const part of parts) {
    if (/^(?:text\/rfc822-headers|message\/global-headers)$/u.test(part.type)) {
      const header = decodeTransfer(bytes.subarray(part.bodyStart, Math.min(part.bodyEnd, part.bodyStart + 256 * 1024)), part.encoding);
      const { fields } = scanHeader(header, 0, header.length);
      if (fields.length > 0) return { bytes: header, fields };
    }
    const inside = part.type === "message/rfc822" || part.type === "message/global" ? part.children[0] : undefined;
    if (inside !== undefined && inside.fields.length > 0) return { bytes, fields: inside.fields };
    // The header alone, called plain text.
    if (part.type === "text/plain" && parts.indexOf(part) > 1) {
      const { fields } = scanHeader(bytes, part.bodyStart, part.bodyEnd);
      if (findField(fields, "message-id") !== undefined && findField(fields, "from") !== undefined) return { bytes, fields };
    }
  }
  return headerInText(bytes, parts);
}

/** The returned message as text below a letter: its header begins with one of the fields that relays write first. */
function headerInText(bytes: Buffer, parts: readonly MimePart[]): { bytes: Buffer; fields: readonly Field[] } | null {
  const part = parts.find(({ type, children }) => type === "text/plain" && children.length === 0);
  if (part === undefined) return null;
  const text = decodeTransfer(bytes.subarray(part.bodyStart, Math.min(part.bodyEnd, part.bodyStart + 256 * 1024)), part.encoding);
  const begins = /(?:^|\n)(?=(?:received|return-path|message-id|dkim-signature|x-received|date|from|delivered-to):[ \t]?\S)/giu;
  const latin = text.toString("latin1");
  let tried = 0;
  for (const found of latin.matchAll(begins)) {
    if (++tried > 20) return null;
    const start = found.index + found[0].length;
    const { fields } = scanHeader(text, start, Math.min(text.length, start + 64 * 1024));
    if (fields.length >= 3 && findField(fields, "subject") !== undefined) return { bytes: text, fields };
  }
  return null;
}

function quoted(body: string, name: string): string {
  const found = new RegExp(`^[ \\t>]+${name}:[ \\t]*(\\S[^\\n]*)$`, "imu").exec(body)?.[1] ?? "";
  return cleanLine(decodeEncodedWords(found));
}
