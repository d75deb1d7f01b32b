/** `NAME;PARAM=value:value` of a calendar or a contact card (RFC 5545 §3.1, RFC 6350 §3.3). */
export type Property = {
  /** In upper case. */
  readonly name: string;
  /** Names in upper case; several values of one parameter stand in one, divided by commas. */
  readonly params: ReadonlyMap<string, string>;
  readonly value: string;
};
export type Component = { readonly name: string; readonly properties: Property[]; readonly children: Component[] };

/** What is longer is read as far as this: in characters, in lines, in components inside each other. */
const LONGEST = 2_000_000;
const MOST_LINES = 60_000;
const DEEPEST = 8;
/** "(GMT+01.00)" and its kind. */
const LONGEST_BRACKET = 24;

/**
 * Reads text made of content lines into its outermost components. Never throws: a line that is none is passed over, what is not ended
 * ends with the text, an END without its BEGIN is nothing.
 */
export function readComponents(text: string): Component[] {
  const top: Component[] = [];
  const open: Component[] = [];
  let deeper = 0;
  for (const line of logicalLines(text)) {
    const property = readProperty(line);
    if (property === null) continue;
    const name = property.value.trim().toUpperCase();
    if (property.name === "BEGIN") {
      if (open.length >= DEEPEST) {
        deeper++;
        continue;
      }
      const component = { name, properties: [], children: [] };
      (open.at(-1)?.children ?? top).push(component);
      open.push(component);
    } else if (property.name === "END") {
      if (deeper > 0) deeper--;
      else {
        const at = open.findLastIndex((component) => component.name === name);
        if (at >= 0) open.length = at;
      }
    } else if (deeper === 0) open.at(-1)?.properties.push(property);
  }
  return top;
}

/** Lines with their folds undone, and with the soft breaks of quoted-printable that vCard 2.1 has instead of folds. */
function* logicalLines(text: string): Generator<string> {
  let pieces: string[] = [];
  let quoted = false;
  let count = 0;
  const end = Math.min(text.length, LONGEST);
  for (let start = 0; start < end && count < MOST_LINES; count++) {
    const newline = text.indexOf("\n", start);
    const stop = newline < 0 || newline > end ? end : newline;
    const line = text.slice(start, text[stop - 1] === "\r" ? stop - 1 : stop);
    start = stop + 1;
    if (quoted && pieces.at(-1)?.endsWith("=")) {
      pieces.push((pieces.pop() ?? "").slice(0, -1), line);
      continue;
    }
    const folded = line.startsWith(" ") || line.startsWith("\t");
    if (folded && pieces.length > 0) {
      pieces.push(line.slice(1));
      continue;
    }
    if (pieces.length > 0) yield pieces.join("");
    pieces = line.trim() === "" ? [] : [line.trimStart()];
    quoted = /^[^:]*[;=]QUOTED-PRINTABLE/iu.test(line);
  }
  if (pieces.length > 0) yield pieces.join("");
}

/** Null for a line that is no property. A group before the name ("item1.TEL") is left out. */
function readProperty(line: string): Property | null {
  const head = /^(?:[\w-]+\.)?([\w-]+)(?=[;:])/u.exec(line);
  if (head === null) return null;
  const name = (head[1] ?? "").toUpperCase();
  const params = new Map<string, string>();
  let at = head[0].length;
  while (line[at] === ";") {
    const param = /[^=;:]*/uy;
    param.lastIndex = at + 1;
    const key = (param.exec(line)?.[0] ?? "").trim().toUpperCase();
    at += 1 + key.length;
    at = param.lastIndex;
    if (line[at] !== "=") {
      // vCard 2.1 leaves the name out where the value tells it: TEL;HOME;VOICE:
      if (key !== "") add(params, /^(?:QUOTED-PRINTABLE|BASE64|8BIT|7BIT)$/u.test(key) ? "ENCODING" : "TYPE", key);
      continue;
    }
    const read = readValues(line, at + 1);
    add(params, key, read.value);
    at = read.end;
  }
  return line[at] === ":" ? { name, params, value: line.slice(at + 1) } : null;
}

function add(params: Map<string, string>, name: string, value: string): void {
  const before = params.get(name);
  params.set(name, before === undefined ? value : `${before},${value}`);
}

function readValues(line: string, from: number): { value: string; end: number } {
  let at = from;
  let value = "";
  while (at < line.length) {
    if (line[at] === ",") {
      value += ",";
      at++;
      continue;
    }
    const quote = line[at] === '"' ? line.indexOf('"', at + 1) : -1;
    if (quote > 0) {
      value += line.slice(at + 1, quote);
      at = quote + 1;
      continue;
    }
    // "(GMT+01:00) Sarajevo, Skopje": a name of a time zone that should have been quoted.
    const bracket = line[at] === "(" ? line.slice(at, at + LONGEST_BRACKET).indexOf(")") : -1;
    const plain = /[^;:,]*/uy;
    plain.lastIndex = bracket > 0 ? at + bracket : at;
    plain.exec(line);
    value += line.slice(at, plain.lastIndex);
    if (plain.lastIndex === at) break;
    at = plain.lastIndex;
  }
  return { value: circumflex(value), end: at };
}

/** RFC 6868: line breaks, quotes and circumflexes inside parameters. */
function circumflex(value: string): string {
  if (!value.includes("^")) return value;
  return value.replace(/\^(?:n|'|\^)/gu, (code) => (code === "^n" ? "\n" : code === "^'" ? '"' : "^"));
}

/** RFC 5545 §3.3.11: \n, \, \; \\ */
export function unescapeText(value: string): string {
  return value.includes("\\") ? value.replace(/\\(.)/gsu, (_, next: string) => (next === "n" || next === "N" ? "\n" : next)) : value;
}

/** The parts of a value at a separator that is not escaped; each unescaped. */
export function splitValue(value: string, separator: ";" | ","): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < value.length; at++) {
    if (value[at] === "\\") at++;
    else if (value[at] === separator) {
      parts.push(unescapeText(value.slice(start, at)));
      start = at + 1;
    }
  }
  parts.push(unescapeText(value.slice(start)));
  return parts;
}
