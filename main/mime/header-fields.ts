/** One header field: its name in lower case and where its value lies in the message's bytes, folds included. */
export type Field = { readonly name: string; readonly start: number; readonly end: number };
export type HeaderBlock = { readonly fields: readonly Field[]; readonly bodyStart: number };

const LF = 0x0a;
const CR = 0x0d;
const COLON = 0x3a;

/** Beyond this a header is an attack or a file that is no mail. */
const MOST_FIELDS = 5000;

/**
 * Finds the fields of a header that begins at `start`, and where the body begins.
 *
 * A header that runs into text without an empty line ends where the text begins; one stray line between two fields is
 * skipped; a line that begins with two dashes is a boundary and ends it. mbox "From " lines are passed over.
 */
export function scanHeader(bytes: Buffer, start: number, end: number): HeaderBlock {
  const fields: Field[] = [];
  let name = "";
  let valueStart = -1;
  let valueEnd = -1;
  let position = start;
  const flush = () => {
    if (valueStart >= 0 && fields.length < MOST_FIELDS) fields.push({ name, start: valueStart, end: valueEnd });
    valueStart = -1;
  };
  while (position < end) {
    const newline = bytes.indexOf(LF, position);
    const next = newline < 0 || newline >= end ? end : newline + 1;
    let lineEnd = newline < 0 || newline >= end ? end : newline;
    if (lineEnd > position && bytes[lineEnd - 1] === CR) lineEnd--;
    if (lineEnd === position) {
      flush();
      return { fields, bodyStart: next };
    }
    const first = bytes[position];
    if ((first === 0x20 || first === 0x09) && (valueStart >= 0 || fields.length === 0)) {
      if (valueStart >= 0) valueEnd = lineEnd;
      // A line of blanks alone, before any field: an empty line that was padded.
      else if (blank(bytes, position, lineEnd)) return { fields, bodyStart: next };
    } else {
      const colon = colonOf(bytes, position, lineEnd);
      if (colon > 0) {
        flush();
        name = fieldName(bytes, position, colon);
        valueStart = colon + 1;
        valueEnd = lineEnd;
      } else if (!strayLine(bytes, position, next, end, fields.length === 0 && valueStart < 0)) {
        flush();
        return { fields, bodyStart: position };
      }
    }
    position = next;
  }
  flush();
  return { fields, bodyStart: end };
}

function blank(bytes: Buffer, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] !== 0x20 && bytes[i] !== 0x09) return false;
  return true;
}

/** RFC 5322 §2.2: printable ASCII without a colon, §4.5.8: perhaps blanks before it. */
function colonOf(bytes: Buffer, start: number, end: number): number {
  let blanks = false;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === COLON) return i > start ? i : -1;
    if (byte === 0x20 || byte === 0x09) blanks = true;
    else if (blanks || byte < 0x21 || byte > 0x7e) return -1;
  }
  return -1;
}

function fieldName(bytes: Buffer, start: number, colon: number): string {
  let end = colon;
  while (end > start && (bytes[end - 1] ?? 0) <= 0x20) end--;
  return bytes.toString("latin1", start, end).toLowerCase();
}

/** Whether a line without a field name is noise (an mbox line, a broken fold) with more header after it, and not the body. */
function strayLine(bytes: Buffer, start: number, next: number, end: number, atTop: boolean): boolean {
  if (bytes[start] === 0x2d && bytes[start + 1] === 0x2d) return false;
  const opening = bytes.toString("latin1", start, Math.min(start + 6, end));
  if (opening.startsWith("From ") || opening === ">From ") return true;
  if (atTop || next >= end) return false;
  const newline = bytes.indexOf(LF, next);
  const lineEnd = newline < 0 || newline > end ? end : newline;
  return colonOf(bytes, next, lineEnd) > 0;
}

export function findField(fields: readonly Field[], name: string): Field | undefined {
  for (const field of fields) if (field.name === name) return field;
  return undefined;
}
