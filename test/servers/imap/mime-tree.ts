import { fieldValue, type HeaderField, parseHeader, parseStructured } from "./header-fields.ts";

/** A part of a message by its place in the bytes (RFC 2045, RFC 2046). */
export interface Part {
  header: readonly [start: number, end: number];
  body: readonly [start: number, end: number];
  fields: HeaderField[];
  type: string;
  subtype: string;
  parameters: [name: string, value: string][];
  /** Of a multipart. */
  children: Part[];
  /** Of a message/rfc822. */
  message: Part | null;
}

const DEEPEST = 100;

const trees = new WeakMap<Buffer, Part>();

/** The tree of a message, remembered as long as its bytes are. */
export function mimeTree(raw: Buffer): Part {
  const known = trees.get(raw);
  if (known !== undefined) return known;
  const tree = parsePart(raw, 0, raw.length, "text/plain", 0);
  trees.set(raw, tree);
  return tree;
}

function parsePart(raw: Buffer, start: number, end: number, fallback: string, depth: number): Part {
  const bodyStart = endOfHeader(raw, start, end);
  const fields = parseHeader(raw.toString("latin1", start, bodyStart));
  const contentType = parseStructured(fieldValue(fields, "content-type") ?? fallback);
  const [type = "", subtype = ""] = (/^[^\s/]+\/[^\s/]+$/.test(contentType.value) ? contentType.value : fallback).toLowerCase().split("/");
  const part: Part = {
    header: [start, bodyStart],
    body: [bodyStart, end],
    fields,
    type,
    subtype,
    parameters: contentType.parameters,
    children: [],
    message: null,
  };
  if (depth >= DEEPEST) return part;
  if (type === "multipart") {
    const boundary = contentType.parameters.find(([name]) => name === "boundary")?.[1];
    const inner = subtype === "digest" ? "message/rfc822" : "text/plain";
    const ranges: [number, number][] = boundary === undefined || boundary === "" ? [[end, end]] : splitParts(raw, bodyStart, end, boundary);
    part.children = ranges.map(([from, to]) => parsePart(raw, from, to, inner, depth + 1));
  } else if (type === "message" && subtype === "rfc822") {
    part.message = parsePart(raw, bodyStart, end, "text/plain", depth + 1);
  }
  return part;
}

/** Where the body begins: after the empty line, or at the end when there is none. */
function endOfHeader(raw: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end) {
    const newline = raw.indexOf(0x0a, at);
    if (newline < 0 || newline >= end) return end;
    if (newline === at || (newline === at + 1 && raw[at] === 0x0d)) return newline + 1;
    at = newline + 1;
  }
  return end;
}

function splitParts(raw: Buffer, start: number, end: number, boundary: string): [number, number][] {
  const delimiter = Buffer.from(`--${boundary}`, "latin1");
  const ranges: [number, number][] = [];
  let open: number | null = null;
  for (let at = start; at < end; ) {
    const found = raw.indexOf(delimiter, at);
    if (found < 0 || found >= end) break;
    const lineEnd = endOfLine(raw, found, end);
    const tail = raw.toString("latin1", found + delimiter.length, lineEnd);
    at = found + delimiter.length;
    const atLineStart = found === start || raw[found - 1] === 0x0a;
    if (!atLineStart || !/^(--)?[ \t]*\r?\n?$/.test(tail)) continue;
    if (open !== null) ranges.push([open, Math.max(open, beforeLineBreak(raw, found))]);
    if (tail.startsWith("--")) return ranges.length > 0 ? ranges : [[end, end]];
    open = lineEnd;
    at = lineEnd;
  }
  // The grammar of BODYSTRUCTURE has no multipart without parts: it gets an empty one.
  if (open === null && ranges.length === 0) return [[end, end]];
  // The last delimiter never came: everything up to the end belongs to the open part.
  if (open !== null) ranges.push([open, end]);
  return ranges;
}

function endOfLine(raw: Buffer, at: number, end: number): number {
  const newline = raw.indexOf(0x0a, at);
  return newline < 0 || newline >= end ? end : newline + 1;
}

/** RFC 2046 §5.1.1: the line break before a delimiter belongs to the delimiter. */
function beforeLineBreak(raw: Buffer, at: number): number {
  if (raw[at - 1] !== 0x0a) return at;
  return raw[at - 2] === 0x0d ? at - 2 : at - 1;
}

/**
 * The part that a section path names (RFC 3501 §6.4.5), or null.
 *
 * @param root the message
 * @param path such as [2, 1]; empty names the message itself
 */
export function findPart(root: Part, path: readonly number[]): Part | null {
  let current = root;
  for (const [step, number] of path.entries()) {
    const inside: Part | null = step === 0 ? current : (current.message ?? current);
    if (inside.type === "multipart") {
      const child = inside.children[number - 1];
      if (child === undefined) return null;
      current = child;
    } else {
      // A message that is no multipart has one part, number 1: its text. A leaf has none.
      if (number !== 1 || (step > 0 && current.message === null)) return null;
      current = inside;
    }
  }
  return current;
}
