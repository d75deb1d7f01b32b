import { createHash } from "node:crypto";
import type { RawField } from "../../../main/signed/raw-fields.ts";

// What signers do before they sign (RFC 6376 §3.4), written from the paper: the library that checks signatures has its own.

/** How a signature counts changes on the way: `simple` allows hardly any, `relaxed` other blanks and folds (RFC 6376 §3.4). */
export type Canon = "simple" | "relaxed";

const LF = 0x0a;
const CR = 0x0d;
const CRLF = Buffer.from("\r\n");

/** One field as it is signed, without the line's end (RFC 6376 §3.4.1, §3.4.2). */
export function canonicalField({ name, line }: RawField, canon: Canon): string {
  if (canon === "simple") return line;
  const value = line
    .slice(line.indexOf(":") + 1)
    .replace(/\r\n/gu, "")
    .replace(/[ \t]+/gu, " ")
    .replace(/^ | $/gu, "");
  return `${name}:${value}`;
}

/** The fields that a signature names: of several with one name the lowest first, those that are not there are nothing (RFC 6376 §5.4.2). */
export function signedFields(fields: readonly RawField[], names: readonly string[]): RawField[] {
  const left = Map.groupBy(fields, ({ name }) => name);
  return names.flatMap((name) => left.get(name)?.pop() ?? []);
}

/**
 * The hash of a body (RFC 6376 §3.4.3, §3.4.4).
 * @param most bytes of the canonical body that count; null for all
 * @returns `sizeBytes` is that of the whole canonical body
 */
export function bodyHash(body: Buffer, canon: Canon, most: number | null): { hash: string; sizeBytes: number } {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  const add = (piece: Buffer) => {
    const room = most === null ? piece.length : Math.max(0, most - sizeBytes);
    hash.update(room < piece.length ? piece.subarray(0, room) : piece);
    sizeBytes += piece.length;
  };
  let empty = 0;
  for (let at = 0; at < body.length; ) {
    const newline = body.indexOf(LF, at);
    const next = newline < 0 ? body.length : newline + 1;
    let end = newline < 0 ? body.length : newline;
    if (newline >= 0 && end > at && body[end - 1] === CR) end--;
    const line = canon === "simple" ? body.subarray(at, end) : relaxedLine(body.subarray(at, end));
    at = next;
    if (line.length === 0) {
      empty++;
      continue;
    }
    for (; empty > 0; empty--) add(CRLF);
    add(line);
    add(CRLF);
  }
  if (canon === "simple" && sizeBytes === 0) add(CRLF);
  return { hash: hash.digest("base64"), sizeBytes };
}

function relaxedLine(line: Buffer): Buffer {
  // Attachments have no blanks: nothing is copied for them.
  if (!line.includes(0x20) && !line.includes(0x09)) return line;
  const text = line.toString("latin1").replace(/[ \t]+/gu, " ");
  return Buffer.from(text.endsWith(" ") ? text.slice(0, -1) : text, "latin1");
}
