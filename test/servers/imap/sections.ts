import { type Arguments, SyntaxRefusal } from "./arguments.ts";
import { string } from "./formats.ts";
import { findPart, mimeTree, type Part } from "./mime-tree.ts";

/** What stands between the brackets of BODY[...] (RFC 3501 §6.4.5). */
export interface Section {
  path: number[];
  what: "" | "HEADER" | "HEADER.FIELDS" | "HEADER.FIELDS.NOT" | "TEXT" | "MIME";
  fields: string[];
  partial: { from: number; length: number } | null;
}

/** Reads from after the opening bracket up to the end of `<from.length>`. */
export function readSection(from: Arguments): Section {
  const path = (from.match(/\d+(?:\.\d+)*/) ?? "")
    .split(".")
    .filter((step) => step !== "")
    .map(Number);
  if (path.length > 0) from.take(".");
  const what = (from.match(/HEADER\.FIELDS\.NOT|HEADER\.FIELDS|HEADER|TEXT|MIME/i) ?? "").toUpperCase() as Section["what"];
  if (what === "MIME" && path.length === 0) throw new SyntaxRefusal("MIME needs a part number");
  let fields: string[] = [];
  if (what.startsWith("HEADER.FIELDS")) {
    from.space();
    fields = from.list(() => from.astring());
  }
  from.need("]");
  const range = from.match(/<\d+\.\d+>/);
  const [start = 0, length = 0] = range?.match(/\d+/g)?.map(Number) ?? [];
  return { path, what, fields, partial: range === null ? null : { from: start, length } };
}

/** `BODY[...]` as the answer names it: the partial's start without its length. */
export function sectionName(section: Section): string {
  const fields =
    section.fields.length === 0 ? "" : ` (${section.fields.map((name) => (/^[\w-]+$/.test(name) ? name : string(name))).join(" ")})`;
  const inside = [section.path.join("."), section.what + fields].filter((piece) => piece !== "").join(".");
  return `BODY[${inside}]${section.partial === null ? "" : `<${section.partial.from}>`}`;
}

/** The bytes that a section names, or null when the message has no such part. */
export function sectionBytes(raw: Buffer, section: Section): Buffer | null {
  const whole = wholeSection(raw, section);
  if (whole === null || section.partial === null) return whole;
  return whole.subarray(section.partial.from, section.partial.from + section.partial.length);
}

function wholeSection(raw: Buffer, { path, what, fields }: Section): Buffer | null {
  const root = mimeTree(raw);
  const part = findPart(root, path);
  if (part === null) return null;
  if (what === "MIME") return slice(raw, part.header);
  if (what === "") return path.length === 0 ? raw : slice(raw, part.body);
  // HEADER and TEXT speak of a message: the whole one, or the one inside a message/rfc822 part.
  const message = path.length === 0 ? root : part.message;
  if (message === null) return null;
  if (what === "TEXT") return slice(raw, message.body);
  return what === "HEADER" ? slice(raw, message.header) : chosenFields(raw, message, fields, what === "HEADER.FIELDS");
}

function slice(raw: Buffer, [start, end]: readonly [number, number]): Buffer {
  return raw.subarray(start, end);
}

function chosenFields(raw: Buffer, message: Part, names: readonly string[], wanted: boolean): Buffer {
  const listed = new Set(names.map((name) => name.toLowerCase()));
  const block = raw.toString("latin1", ...message.header);
  const lines = block.split(/(?<=\n)(?![ \t])/);
  const chosen = lines.filter((line) => {
    const name = line
      .slice(0, Math.max(0, line.indexOf(":")))
      .trim()
      .toLowerCase();
    return name !== "" && listed.has(name) === wanted;
  });
  return Buffer.from(`${chosen.join("")}\r\n`, "latin1");
}
