import { cleanFileName, cleanLine } from "./clean.ts";
import { scanHeader } from "./header-fields.ts";
import { readMessageHeader } from "./message-header.ts";
import type { MimePart } from "./mime-tree.ts";
import { readRtf } from "./rtf.ts";
import { decompressRtf } from "./rtf-compressed.ts";
import { isTnef, readTnef, type Tnef, type TnefFile } from "./tnef.ts";
import { meetingOf } from "./tnef-meeting.ts";
import { decodeTransfer } from "./transfer.ts";

/** A file that lies inside a part and is no MIME part itself: one of a winmail.dat, or one that was uuencoded into the text. */
export type PackedFile = {
  readonly name: string;
  readonly type: string;
  readonly contentId: string;
  readonly bytes: Buffer;
};

/** What a winmail.dat holds: its files, and the message as Outlook wrote it. */
export type Winmail = { readonly subject: string; readonly text: string; readonly html: string; readonly files: readonly PackedFile[] };

/** Between the number of a part and what lies in it: "2~1" is the first file in part 2, or part 1 of the message in part 2. */
export const INSIDE = "~";

/** Larger ones stay closed: they would hold up everything that waits behind them. Bytes as they were sent. */
const LARGEST_WINMAIL = 64 * 1024 * 1024;

export function mayBeWinmail(part: MimePart): boolean {
  return part.type === "application/ms-tnef" || part.type === "application/vnd.ms-tnef" || /^win(?:mail|dat)?\d*\.dat$/iu.test(part.name);
}

/**
 * Opens a winmail.dat (MS-OXTNEF).
 * @returns null when the part is none, cannot be read or holds nothing: then it stays an attachment like others
 */
export function openWinmail(message: Buffer, part: MimePart): Winmail | null {
  if (!mayBeWinmail(part) || part.bodyEnd - part.bodyStart > LARGEST_WINMAIL) return null;
  const bytes = decodeTransfer(message.subarray(part.bodyStart, part.bodyEnd), part.encoding);
  return isTnef(bytes) ? openTnef(bytes, message) : null;
}

function openTnef(bytes: Buffer, message: Buffer): Winmail | null {
  const tnef = readTnef(bytes);
  if (tnef === null) return null;
  const { html, text } = wordsOf(tnef);
  const files = tnef.files.filter((file) => file.bytes.length > 0 || file.name !== "").map(packedFile);
  // Last, so that the numbers of the others stay. Without a name it is told by its card and is no file among the files.
  const meeting = meetingOf(tnef, readMessageHeader(message, scanHeader(message, 0, message.length).fields, ""));
  if (meeting !== null) files.push({ name: "", type: "text/calendar", contentId: "", bytes: Buffer.from(meeting) });
  if (files.length === 0 && html === "" && text === "") return null;
  return { subject: cleanLine(tnef.subject), html, text, files };
}

/** HTML first, then the text in the RTF (which may be HTML in disguise), then plain text. */
function wordsOf({ html, text, compressedRtf }: Tnef): { html: string; text: string } {
  const plain = text.replace(/\r\n?/gu, "\n");
  if (html !== "") return { html, text: plain };
  const rtf = compressedRtf.length === 0 ? { html: "", text: "" } : readRtf(decompressRtf(compressedRtf));
  return { html: rtf.html, text: plain.trim() === "" ? rtf.text : plain };
}

function packedFile(file: TnefFile): PackedFile {
  if (file.message) return asMessage(file);
  return {
    name: cleanFileName(file.name),
    type: file.type === "" ? typeByName(file.name) : file.type,
    contentId: file.contentId,
    bytes: file.bytes,
  };
}

/** A message attached in Outlook is TNEF again. As a message of its own with that inside, it can be opened here and by others. */
function asMessage({ name, bytes }: TnefFile): PackedFile {
  const subject = cleanLine(readTnef(bytes)?.subject || name);
  const head = [
    `Subject: =?utf-8?B?${Buffer.from(subject.slice(0, 500)).toString("base64")}?=`,
    "MIME-Version: 1.0",
    "Content-Type: application/ms-tnef; name=winmail.dat",
    "Content-Transfer-Encoding: base64",
    "",
    "",
  ].join("\r\n");
  const body = bytes.toString("base64").replace(/.{76}/gu, "$&\r\n");
  return {
    name: cleanFileName(
      `${
        subject
          .replace(/[\\/:*?"<>|]+/gu, " ")
          .slice(0, 120)
          .trim() || "message"
      }.eml`,
    ),
    type: "message/rfc822",
    contentId: "",
    bytes: Buffer.from(`${head}${body}\r\n`, "latin1"),
  };
}

/** Types of files whose container names none. */
const TYPES: Readonly<Record<string, string>> = {
  pdf: "application/pdf",
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  txt: "text/plain",
  csv: "text/csv",
  html: "text/html",
  htm: "text/html",
  ics: "text/calendar",
  eml: "message/rfc822",
  zip: "application/zip",
  doc: "application/msword",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  xls: "application/vnd.ms-excel",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  ppt: "application/vnd.ms-powerpoint",
  pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
};

export function typeByName(name: string): string {
  const ending = /\.([a-z0-9]{1,5})$/iu.exec(name)?.[1]?.toLowerCase() ?? "";
  return TYPES[ending] ?? "application/octet-stream";
}
