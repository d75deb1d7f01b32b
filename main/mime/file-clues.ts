import { decodeText } from "./charset.ts";
import { type CharsetHints, NO_HINTS } from "./charset-hints.ts";
import { extractPart } from "./part-bytes.ts";
import type { PartSummary } from "./part-list.ts";

/** What a look into an attachment tells of what opening it could do. */
export type FileClue = { readonly name: string; readonly inside: readonly string[]; readonly macros: boolean };

const NONE = { inside: [], macros: false };
/** Larger files, larger mail and more than so many are judged by their names: whoever opens a message waits for this. */
const LARGEST_FILE = 8 * 1024 * 1024;
const LARGEST_MESSAGE = 32 * 1024 * 1024;
const MOST_FILES = 8;
const MOST_NAMES = 2000;

const WORTH_A_LOOK = /\.(?:zip|docx?|dotx?|xlsx?|xltx?|xlsb|pptx?|ppsx?|potx?|rtf)$/iu;

/** Names and contents of what is attached, as far as it is looked into. */
export function fileClues(message: Buffer, parts: readonly PartSummary[], hints: CharsetHints = NO_HINTS): FileClue[] {
  let looked = 0;
  return parts
    .filter(({ inline, name }) => !inline && name !== "")
    .map(({ part, name, type, sizeBytes }) => {
      const worth = WORTH_A_LOOK.test(name) || type === "application/zip" || type === "application/x-zip-compressed";
      if (!worth || sizeBytes > LARGEST_FILE || message.length > LARGEST_MESSAGE || ++looked > MOST_FILES) return { name, ...NONE };
      return { name, ...lookInto(extractPart(message, part, hints).bytes) };
    });
}

/** An archive's names; whether a document has macros. */
export function lookInto(bytes: Buffer): Omit<FileClue, "name"> {
  if (bytes.subarray(0, 4).toString("latin1") === "PK\x03\x04") {
    const inside = zipNames(bytes);
    return { inside, macros: inside.some((name) => /(?:^|\/)vbaProject\.bin$/iu.test(name)) };
  }
  // MS-OVBA §2.2: the storage of macros in a compound file; its name stands there in UTF-16.
  const compound = bytes.length > 8 && bytes.readUInt32BE(0) === 0xd0cf11e0;
  return { inside: [], macros: compound && bytes.includes(Buffer.from("_VBA_PROJECT", "utf16le")) };
}

/** The names in a ZIP's central directory (APPNOTE §4.3.12), which is there even when the contents are encrypted. */
function zipNames(bytes: Buffer): string[] {
  const end = bytes.lastIndexOf("PK\x05\x06", undefined, "latin1");
  if (end < 0 || end + 20 > bytes.length) return [];
  const names: string[] = [];
  let position = bytes.readUInt32LE(end + 16);
  while (names.length < MOST_NAMES && position + 46 <= bytes.length && bytes.readUInt32BE(position) === 0x504b0102) {
    const length = bytes.readUInt16LE(position + 28);
    const utf8 = (bytes.readUInt16LE(position + 8) & 0x800) !== 0;
    const name = bytes.subarray(position + 46, position + 46 + length);
    names.push(decodeText(name, utf8 ? "utf-8" : "").text);
    position += 46 + length + bytes.readUInt16LE(position + 30) + bytes.readUInt16LE(position + 32);
  }
  return names;
}
