import { type CharsetHints, NO_HINTS } from "./charset-hints.ts";
import { cleanFileName } from "./clean.ts";
import { decodeEncodedWords, unfoldAt } from "./encoded-words.ts";
import { type Field, findField, scanHeader } from "./header-fields.ts";
import { parseParameterized } from "./parameters.ts";

/** A node of the MIME tree. Offsets count bytes of the message; nothing is decoded. */
export type MimePart = {
  /** IMAP part number (RFC 9051 §6.4.5); "" for the multipart right below a message, which IMAP calls TEXT. */
  number: string;
  /** `type/subtype` in lower case. */
  type: string;
  charset: string;
  /** Content-Transfer-Encoding in lower case. */
  encoding: string;
  /** "inline", "attachment", another word in lower case, or "" when not declared. */
  disposition: string;
  /** File name, decoded and safe to show; "". */
  name: string;
  /** Without angle brackets; "". */
  contentId: string;
  parameters: ReadonlyMap<string, string>;
  fields: readonly Field[];
  headerStart: number;
  bodyStart: number;
  bodyEnd: number;
  children: MimePart[];
};

// A body nested deeper, or with more parts, is shown as far as this.
const DEEPEST = 256;
const MOST_PARTS = 50_000;
const LONGEST_BOUNDARY = 10_000;

type Open = { part: MimePart; boundary: string; prefix: string };

/** Part numbers of what lies inside `part`. */
function prefixOf(part: MimePart): string {
  return part.number === "" ? "" : `${part.number}.`;
}

/**
 * Reads the structure of a whole message in one pass over its line starts. Never throws; every byte of every body belongs
 * to a part, whatever is broken: an unclosed multipart ends with the message, one whose boundary never appears is text.
 */
export function scanMessage(bytes: Buffer, hints: CharsetHints = NO_HINTS): MimePart {
  return new Scan(bytes, hints).run();
}

class Scan {
  readonly #bytes: Buffer;
  readonly #hints: CharsetHints;
  readonly #open: Open[] = [];
  /** Where each boundary stands in #open. */
  readonly #boundaries = new Map<string, number>();
  /** Leaves and messages whose end is not known yet, with the depth of #open they were met at. */
  #ending: { part: MimePart; depth: number }[] = [];
  #count = 0;

  constructor(bytes: Buffer, hints: CharsetHints) {
    this.#bytes = bytes;
    this.#hints = hints;
  }

  run(): MimePart {
    const bytes = this.#bytes;
    const root = this.#begin(0, "", "", "text/plain", null);
    let position = this.#resume;
    while (this.#open.length > 0 && this.#count < MOST_PARTS) {
      const dashes = lineOfDashes(bytes, position);
      if (dashes < 0) break;
      const newline = bytes.indexOf(0x0a, dashes);
      const next = newline < 0 ? bytes.length : newline + 1;
      const found = this.#match(dashes, newline < 0 ? bytes.length : newline);
      if (found === null) {
        position = next;
        continue;
      }
      this.#endDeeperThan(found.index + 1, beforeBreak(bytes, dashes));
      const open = this.#open[found.index];
      if (open === undefined) break;
      if (found.close) {
        this.#endDeeperThan(found.index, beforeBreak(bytes, dashes));
        position = next;
        continue;
      }
      const childNumber = `${open.prefix}${open.part.children.length + 1}`;
      this.#begin(next, childNumber, `${childNumber}.`, open.part.type === "multipart/digest" ? "message/rfc822" : "text/plain", open.part);
      position = this.#resume;
    }
    this.#endDeeperThan(0, bytes.length);
    mendEmptyMultiparts(root, bytes);
    return root;
  }

  #resume = 0;

  /** Reads a part's header and opens what it holds: a multipart, or a message with a header of its own. */
  #begin(start: number, number: string, prefix: string, defaultType: string, parent: MimePart | null): MimePart {
    const part = readPart(this.#bytes, start, defaultType, this.#hints);
    this.#count++;
    this.#resume = part.bodyStart;
    part.number = number;
    parent?.children.push(part);
    const depth = this.#open.length;
    if (part.type.startsWith("multipart/") && depth < DEEPEST) {
      const boundary = boundaryOf(this.#bytes, part);
      if (boundary !== "" && boundary.length <= LONGEST_BOUNDARY) {
        this.#open.push({ part, boundary, prefix });
        this.#boundaries.set(boundary, this.#open.length - 1);
      } else this.#ending.push({ part, depth });
      return part;
    }
    if (number === "") part.number = `${prefix}1`;
    this.#ending.push({ part, depth });
    if (isMessage(part) && this.#count < MOST_PARTS && depth < DEEPEST && part.number.length < 1000) {
      // The multipart right inside a message has no number of its own: its children are numbered below the message.
      this.#begin(part.bodyStart, "", prefixOf(part), "text/plain", part);
    }
    return part;
  }

  #match(dashes: number, lineEnd: number): { index: number; close: boolean } | null {
    if (lineEnd - dashes > LONGEST_BOUNDARY + 100) return null;
    const raw = this.#bytes.toString("utf8", dashes + 2, lineEnd).replace(/\r$/u, "");
    const line = raw.trimEnd();
    const exact = this.#boundaries.get(raw) ?? this.#boundaries.get(line);
    if (exact !== undefined) return { index: exact, close: false };
    if (line.endsWith("--")) {
      const closed = this.#boundaries.get(line.slice(0, -2));
      if (closed !== undefined) return { index: closed, close: true };
    }
    // Something after the closing dashes.
    const cut = line.lastIndexOf("--");
    const padded = cut > 0 ? this.#boundaries.get(line.slice(0, cut)) : undefined;
    if (padded !== undefined) return { index: padded, close: true };
    // RFC 2046 §5.1.2: it is enough that the line begins with the boundary. Only before a blank, or "a" would find "ab".
    const blank = line.search(/[ \t]/u);
    if (blank < 0) return null;
    const word = line.slice(0, blank);
    const opened = this.#boundaries.get(word);
    if (opened !== undefined) return { index: opened, close: false };
    const ended = word.endsWith("--") ? this.#boundaries.get(word.slice(0, -2)) : undefined;
    if (ended !== undefined) return { index: ended, close: true };
    return null;
  }

  #endDeeperThan(depth: number, end: number): void {
    while (this.#open.length > depth) {
      const closed = this.#open.pop();
      if (closed === undefined) break;
      closed.part.bodyEnd = Math.max(closed.part.bodyStart, end);
      if (this.#boundaries.get(closed.boundary) === this.#open.length) this.#boundaries.delete(closed.boundary);
    }
    const still: { part: MimePart; depth: number }[] = [];
    for (const entry of this.#ending) {
      if (entry.depth < depth) still.push(entry);
      else entry.part.bodyEnd = Math.max(entry.part.bodyStart, end);
    }
    this.#ending = still;
  }
}

/** Words with so many dashes are looked through by their lines. */
const FEW_DASHES = 40;

/** The next line that begins with two dashes, from a line start on. */
function lineOfDashes(bytes: Buffer, from: number): number {
  if (bytes[from] === 0x2d && bytes[from + 1] === 0x2d) return from;
  // Attachments have a line break in every 78 bytes and no dash at all: looking for dashes first takes a tenth of the time.
  let at = Math.max(0, from - 1);
  for (let tries = 0; tries < FEW_DASHES; tries++) {
    at = bytes.indexOf("--", at, "latin1");
    if (at < 0) return -1;
    if (at > 0 && bytes[at - 1] === 0x0a) return at;
    while (bytes[at] === 0x2d) at++;
  }
  // A rule of dashes may end where a line ends, so that the break behind it is still ahead.
  const found = bytes.indexOf("\n--", at, "latin1");
  return found < 0 ? -1 : found + 1;
}

/** RFC 2046 §5.1.1: the line break before a boundary belongs to the boundary. */
function beforeBreak(bytes: Buffer, position: number): number {
  if (position > 0 && bytes[position - 1] === 0x0a) return position > 1 && bytes[position - 2] === 0x0d ? position - 2 : position - 1;
  return position;
}

function isMessage(part: MimePart): boolean {
  return (
    (part.type === "message/rfc822" || part.type === "message/global") && part.encoding !== "base64" && part.encoding !== "quoted-printable"
  );
}

/** RFC 2046 §5.1.1: a boundary ends with no blank, as gateways cut them off; one that does is believed where its lines have it too. */
function boundaryOf(bytes: Buffer, part: MimePart): string {
  const declared = part.parameters.get("boundary") ?? "";
  const trimmed = declared.trimEnd();
  if (trimmed === "") return sniffBoundary(bytes, part.bodyStart);
  if (trimmed === declared) return declared;
  const at = bytes.indexOf(`--${declared}`, part.bodyStart, "utf8");
  const after = at < 0 ? undefined : bytes[at + Buffer.byteLength(declared) + 2];
  return after === 0x0d || after === 0x0a ? declared : trimmed;
}

/** A multipart without a boundary parameter: the first line of dashes that is followed by a Content- field. */
function sniffBoundary(bytes: Buffer, from: number): string {
  const start = lineOfDashes(bytes, from);
  if (start < 0) return "";
  const text = bytes.toString("latin1", start, Math.min(start + 400, bytes.length));
  return /^--([^\r\n]{1,200}?)[ \t]*\r?\ncontent-/iu.exec(text)?.[1] ?? "";
}

function readPart(bytes: Buffer, start: number, defaultType: string, hints: CharsetHints): MimePart {
  const { fields, bodyStart } = scanHeader(bytes, start, bytes.length);
  const value = (name: string) => {
    const field = findField(fields, name);
    return field === undefined ? "" : unfoldAt(bytes, field.start, field.end, "", hints);
  };
  const content = value("content-type");
  const type = content === "" ? { value: defaultType, parameters: new Map<string, string>() } : parseParameterized(content, hints);
  const disposition = parseParameterized(value("content-disposition"), hints);
  const contentId = value("content-id");
  const declared = /^[^\s/]+\/[^\s/]+$/u.test(type.value) ? type.value : plausibleType(type.value, defaultType);
  return {
    number: "",
    type: declared,
    charset: type.parameters.get("charset") ?? "",
    encoding: encodingName(value("content-transfer-encoding")),
    disposition: disposition.value,
    name: fileName(type.parameters, disposition.parameters, hints),
    contentId: withoutBrackets(contentId),
    parameters: type.parameters,
    fields,
    headerStart: start,
    bodyStart,
    bodyEnd: bodyStart,
    children: [],
  };
}

/** What a part is called, by the parameters of its type and of its disposition. */
export function fileName(type: ReadonlyMap<string, string>, disposition: ReadonlyMap<string, string>, hints: CharsetHints): string {
  return cleanFileName(decodeEncodedWords(disposition.get("filename") ?? type.get("name") ?? disposition.get("name") ?? "", hints));
}

export function withoutBrackets(contentId: string): string {
  return contentId === "" ? "" : contentId.replace(/^\s*<?|>?\s*$/gu, "");
}

export function encodingName(value: string): string {
  // As nearly all write it.
  if (value === "" || value === "base64" || value === "7bit" || value === "8bit" || value === "quoted-printable") return value;
  return value
    .replace(/[;(].*$/u, "")
    .replace(/["\s]/gu, "")
    .toLowerCase();
}

/** RFC 2045 §5.2: a Content-Type that cannot be read counts as text/plain; a bare "html" or "text" is what it says. */
function plausibleType(value: string, defaultType: string): string {
  if (value === "html") return "text/html";
  if (value === "text" || value === "") return "text/plain";
  return value.startsWith("multipart") ? "multipart/mixed" : defaultType === "text/plain" ? "text/plain" : defaultType;
}

/** A multipart whose boundary never appears is its own text, so that nothing of it is lost. */
function mendEmptyMultiparts(root: MimePart, bytes: Buffer): void {
  const waiting = [root];
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    waiting.push(...part.children);
    if (!part.type.startsWith("multipart/") || part.children.length > 0) continue;
    part.type = /^\s*<(?:!doctype|html|head|body|div|table|p)\b/iu.test(
      bytes.toString("latin1", part.bodyStart, Math.min(part.bodyEnd, part.bodyStart + 300)),
    )
      ? "text/html"
      : "text/plain";
    if (part.number === "" || part.number.endsWith(".")) part.number = `${part.number}1`;
  }
}
