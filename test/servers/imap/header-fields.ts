export interface HeaderField {
  name: string;
  /** The field as it stands, name and line breaks included. */
  raw: string;
  /** Unfolded and trimmed. */
  value: string;
}

/** The fields of a header block (bytes as text). Lines that are no field are left out. */
export function parseHeader(block: string): HeaderField[] {
  const fields: HeaderField[] = [];
  for (const raw of block.split(/(?<=\n)(?![ \t])/)) {
    const colon = raw.indexOf(":");
    const name = raw.slice(0, colon).trim();
    if (colon <= 0 || name === "" || /[\s]/.test(name)) continue;
    fields.push({ name, raw, value: unfold(raw.slice(colon + 1)) });
  }
  return fields;
}

/** The first field of that name. */
export function fieldValue(fields: readonly HeaderField[], name: string): string | null {
  return fields.find((field) => field.name.toLowerCase() === name)?.value ?? null;
}

function unfold(text: string): string {
  return text
    .replace(/(?:\r?\n[ \t]+)+/g, " ")
    .replace(/\r?\n/g, "")
    .trim();
}

export interface StructuredValue {
  value: string;
  /** Names in lower case, in the order written. */
  parameters: [name: string, value: string][];
}

/** `text/plain; charset="utf-8"` and its like (RFC 2045 §5.1). */
export function parseStructured(text: string): StructuredValue {
  const [value = "", ...rest] = splitOutsideQuotes(stripComments(text), ";");
  const parameters = rest.flatMap((part): [string, string][] => {
    const equals = part.indexOf("=");
    if (equals <= 0) return [];
    const raw = part.slice(equals + 1).trim();
    const unquoted = raw.startsWith('"') ? raw.slice(1, raw.endsWith('"') && raw.length > 1 ? -1 : undefined).replace(/\\(.)/g, "$1") : raw;
    return [[part.slice(0, equals).trim().toLowerCase(), unquoted]];
  });
  return { value: value.trim(), parameters: joinContinuations(parameters) };
}

/** `name*0*=…; name*1=…` → `name*=…` (RFC 2231 §3). */
function joinContinuations(parameters: readonly [string, string][]): [string, string][] {
  const joined: [string, string][] = [];
  for (const [name, value] of parameters) {
    const [, base = "", number = "", encoded = ""] = /^(.+)\*(\d+)(\*?)$/.exec(name) ?? [];
    const begun = joined.findLast(([other]) => base !== "" && (other === base || other === `${base}*`));
    if (number === "0") joined.push([base + encoded, value]);
    else if (begun !== undefined && number !== "") begun[1] += value;
    else joined.push([name, value]);
  }
  return joined;
}

function splitOutsideQuotes(text: string, at: string): string[] {
  const pieces = [""];
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === '"') quoted = !quoted;
    if (character === at && !quoted) {
      pieces.push("");
      continue;
    }
    const taken = character === "\\" && quoted ? text.slice(index, ++index + 1) : character;
    pieces[pieces.length - 1] += taken;
  }
  return pieces;
}

function stripComments(text: string): string {
  let depth = 0;
  let quoted = false;
  let kept = "";
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === "\\") {
      if (depth === 0) kept += text.slice(index, index + 2);
      index += 1;
    } else if (character === '"' && depth === 0) {
      quoted = !quoted;
      kept += character;
    } else if (character === "(" && !quoted) depth += 1;
    else if (character === ")" && depth > 0) depth -= 1;
    else if (depth === 0) kept += character;
  }
  return kept;
}
