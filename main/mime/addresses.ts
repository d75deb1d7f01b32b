import type { Address } from "../../shared/address.ts";
import { type CharsetHints, NO_HINTS } from "./charset-hints.ts";
import { cleanLine } from "./clean.ts";
import { decodeEncodedWords } from "./encoded-words.ts";

/** More recipients than this in one field are not shown; the source keeps them. */
const MOST = 10_000;

/** One entry as it was read: nothing decoded yet. */
type Entry = { phrase: string; quoted: boolean; angle: string | null; comment: string };

function emptyEntry(): Entry {
  return { phrase: "", quoted: false, angle: null, comment: "" };
}

/** One person with nothing that has to be thought about: words or encoded words, and an address in brackets. */
const PLAIN_PERSON = /^((?:[\w .'&/+*!~-]|=\?[\w-]+\?[BbQq]\?[\w+/=.-]{0,1000}\?=)*)<([\w.+=-]{1,300}@[\w.-]{1,300})>$/u;
const LONGEST_PLAIN = 1000;
/** What means nothing but itself. */
const ORDINARY = /[^"(<,;:=]+/uy;

/**
 * The people in a From, To, Cc, … field (RFC 5322 §3.4), tolerant: groups are flattened, an empty group keeps its name with
 * an empty address, `Doe, John <j@…>` without quotes is one person, route addresses lose their route.
 * @param text unfolded, encoded words still in place: they are decoded after the structure is known, since they may hold commas
 */
export function parseAddresses(text: string, hints: CharsetHints = NO_HINTS): Address[] {
  if (text === "") return [];
  const alone = text.length > LONGEST_PLAIN ? null : PLAIN_PERSON.exec(text);
  if (alone !== null) return [{ name: cleanLine(decodeEncodedWords((alone[1] ?? "").trim(), hints)), address: alone[2] ?? "" }];
  const people: Address[] = [];
  let entry = emptyEntry();
  let group: { name: string; members: number } | null = null;
  let held = "";
  const finish = (separator: string) => {
    const read = readEntry(entry, hints);
    const bare = entry.angle === null && !entry.phrase.includes("@");
    entry = emptyEntry();
    if (read === null) return;
    if (bare && separator === "," && read.address === "") {
      held += `${read.name}, `;
      return;
    }
    const name = held !== "" && read.address !== "" ? `${held}${read.name}` : read.name;
    if (held !== "" && (read.address === "" || read.name === "")) people.push({ name: held.replace(/, $/u, ""), address: "" });
    held = "";
    people.push(people.length > 0 && read.name === "" ? read : { name: read.name === "" ? "" : name, address: read.address });
    if (group) group.members++;
  };
  let i = 0;
  while (i < text.length && people.length < MOST) {
    const char = text.charAt(i);
    if (char === '"') {
      const { value, next } = readQuoted(text, i + 1);
      // A quoted local part ("a b"@x) keeps its quotes, a quoted name does not.
      const local = text.charAt(next) === "@";
      entry.phrase += local ? `"${value}"` : value;
      entry.quoted = !local;
      i = next;
    } else if (char === "(") {
      const { value, next } = readComment(text, i + 1);
      entry.comment = entry.comment === "" ? value : `${entry.comment} ${value}`;
      i = next;
    } else if (char === "<") {
      const close = angleEnd(text, i + 1);
      const inside = withoutComments(text.slice(i + 1, close));
      entry.angle = inside.text;
      for (const comment of inside.comments) entry.comment = entry.comment === "" ? comment : `${entry.comment} ${comment}`;
      i = close + 1;
    } else if (char === "," || char === ";") {
      finish(char);
      if (char === ";" && group) {
        if (group.members === 0) people.push({ name: group.name, address: "" });
        group = null;
      }
      i++;
    } else if (char === ":" && entry.angle === null && group === null && !entry.phrase.includes("@")) {
      group = { name: cleanLine(decodeEncodedWords(entry.phrase, hints)), members: 0 };
      entry = emptyEntry();
      i++;
    } else if (char === "=" && text.charAt(i + 1) === "?") {
      const word = /^=\?[^?\s]+\?[bq]\?.*?\?=/iu.exec(text.slice(i, i + 2000))?.[0] ?? char;
      entry.phrase += word;
      i += word.length;
    } else {
      ORDINARY.lastIndex = i;
      const run = ORDINARY.exec(text)?.[0] ?? char;
      entry.phrase += run;
      i += run.length;
    }
  }
  finish("");
  if (held !== "") people.push({ name: held.replace(/, $/u, ""), address: "" });
  if (group && group.members === 0) people.push({ name: group.name, address: "" });
  return people;
}

function readEntry({ phrase, angle, comment }: Entry, hints: CharsetHints): Address | null {
  const clean = (value: string) => cleanLine(decodeEncodedWords(value, hints));
  const words = phrase.trim();
  if (angle !== null) {
    const address = cleanAddress(angle);
    const name = withComment(clean(words), clean(comment));
    // `"Name" <Name <a@b>>` and the like: what is in the angle is no address, so both are a name.
    return address === "" && name === "" ? null : { name, address };
  }
  if (words === "" && comment === "") return null;
  if (words.includes("@")) {
    const decoded = words.includes("=?") ? decodeEncodedWords(words, hints) : words;
    if (/^"[^"]*"@[^\s@]+$/u.test(decoded)) return { name: clean(comment), address: cleanAddress(decoded) };
    const inside = /^(.*?)\s*<?([^\s<>]+@[^\s<>]+?)>?$/su.exec(decoded);
    if (inside && inside[1] !== undefined && inside[1] !== "" && inside[2] !== undefined)
      return { name: cleanLine(inside[1]), address: cleanAddress(inside[2]) };
    return { name: clean(comment), address: cleanAddress(decoded) };
  }
  return { name: clean(words === "" ? comment : words), address: "" };
}

/** RFC 5322 §3.2.2: a comment says something of the person ("Jane Doe (on holiday)"), so it is not lost. */
function withComment(name: string, comment: string): string {
  if (name === "" || comment === "") return name === "" ? comment : name;
  return name.toLowerCase() === comment.toLowerCase() ? name : `${name} (${comment})`;
}

/** What stands between angle brackets without its comments; a quoted local part may hold parentheses of its own. */
function withoutComments(text: string): { text: string; comments: string[] } {
  if (!text.includes("(")) return { text, comments: [] };
  const comments: string[] = [];
  let rest = "";
  for (let i = 0; i < text.length; ) {
    if (text.charAt(i) === '"') {
      const { next } = readQuoted(text, i + 1);
      rest += text.slice(i, next);
      i = next;
    } else if (text.charAt(i) === "(") {
      const { value, next } = readComment(text, i + 1);
      comments.push(value.trim());
      i = next;
    } else rest += text.charAt(i++);
  }
  return { text: rest, comments };
}

function cleanAddress(text: string): string {
  const flat = cleanLine(decodeEncodedWords(text.replace(/^\s*@[^:]*:/u, "")));
  return (flat.startsWith('"') ? flat.replace(/(?<=")\s+@|@\s+/gu, "@") : flat.replace(/\s+/gu, ""))
    .replace(/^<+|>+$/gu, "")
    .replace(/^mailto:/iu, "")
    .slice(0, 1000);
}

function readQuoted(text: string, from: number): { value: string; next: number } {
  let value = "";
  let i = from;
  while (i < text.length && text.charAt(i) !== '"') {
    if (text.charAt(i) === "\\" && i + 1 < text.length) i++;
    value += text.charAt(i++);
  }
  return { value, next: i + 1 };
}

function readComment(text: string, from: number): { value: string; next: number } {
  let depth = 1;
  let value = "";
  let i = from;
  for (; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === "\\" && i + 1 < text.length) {
      value += text.charAt(++i);
      continue;
    }
    if (char === "(") depth++;
    if (char === ")" && --depth === 0) break;
    value += char;
  }
  return { value, next: i + 1 };
}

function angleEnd(text: string, from: number): number {
  let quoted = false;
  for (let i = from; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === '"') quoted = !quoted;
    else if (char === ">" && !quoted) return i;
  }
  const plain = text.indexOf(">", from);
  return plain < 0 ? text.length : plain;
}
