import { decodeText } from "./charset.ts";
import { type CharsetHints, NO_HINTS } from "./charset-hints.ts";
import { decodeEncodedWords } from "./encoded-words.ts";

/** A structured value such as Content-Type: `value` in lower case, parameter names in lower case, parameter values decoded. */
export type Parameterized = { readonly value: string; readonly parameters: ReadonlyMap<string, string> };

/** More parameters than these are an attack; a name in as many pieces would be longer than any that is shown. */
const MOST = 2000;

const NONE: ReadonlyMap<string, string> = new Map();
const NOTHING: Parameterized = { value: "", parameters: NONE };

/**
 * Reads `type/subtype; name=value; …` (RFC 2045 §5.1) with continuations and charsets of RFC 2231, and with what mailers
 * write instead: encoded words, unquoted blanks, missing semicolons' blanks, comments.
 * @param text unfolded, encoded words still in place
 */
export function parseParameterized(text: string, hints: CharsetHints = NO_HINTS): Parameterized {
  if (text === "") return NOTHING;
  const plain = text.length > LONGEST_PLAIN ? null : parsePlain(text);
  if (plain !== null) return plain;
  const semicolon = endOfHead(text);
  const head = semicolon < 0 ? text : text.slice(0, semicolon);
  const value = head
    .replace(/\([^)]*\)/gu, "")
    .replace(/\s+/gu, "")
    .toLowerCase();
  if (semicolon < 0) return { value, parameters: NONE };
  const raw = new Map<string, string>();
  let left = MOST;
  for (const { name, value: parameter } of splitParameters(text, semicolon)) {
    if (!raw.has(name)) raw.set(name, parameter);
    if (--left === 0) break;
  }
  return { value, parameters: decodeParameters(raw, hints) };
}

const PLAIN_HEAD = /[\w./+-]+(?=;|$)/uy;
const PLAIN_PARAMETER = /; *([\w-]+)=(?:"([^"\\]*)"|([^\s;"()\\]+)) *(?=;|$)/uy;
const ONLY_ENDS = /[; ]*$/uy;
const LONGEST_PLAIN = 1000;
/** More are left to those who count them. */
const MOST_PLAIN = 20;

/** As the standard has it, without comments, escapes, encoded words and continuations; null for all else. */
function parsePlain(text: string): Parameterized | null {
  PLAIN_HEAD.lastIndex = 0;
  const head = PLAIN_HEAD.exec(text);
  if (head === null) return null;
  const value = head[0].toLowerCase();
  let at = head[0].length;
  if (at === text.length) return { value, parameters: NONE };
  if (text.includes("=?")) return null;
  const parameters = new Map<string, string>();
  for (let read = 0; read < MOST_PLAIN; read++) {
    PLAIN_PARAMETER.lastIndex = at;
    const found = PLAIN_PARAMETER.exec(text);
    if (found === null) break;
    const name = (found[1] ?? "").toLowerCase();
    if (!parameters.has(name)) parameters.set(name, found[2] ?? found[3] ?? "");
    at += found[0].length;
  }
  ONLY_ENDS.lastIndex = at;
  return ONLY_ENDS.test(text) ? { value, parameters } : null;
}

/** Where the parameters begin: at the first semicolon, or at a parameter that came without one. */
function endOfHead(text: string): number {
  const forgotten = /^\s*[^\s;=]+\s+(?=[\w*-]+\s*=)/u.exec(text);
  return forgotten ? forgotten[0].length : text.indexOf(";");
}

function* splitParameters(text: string, from: number): Generator<{ name: string; value: string }> {
  let i = from;
  while (i < text.length) {
    while (i < text.length && /[\s;]/u.test(text.charAt(i))) i++;
    const equals = text.indexOf("=", i);
    const stop = text.indexOf(";", i);
    if (equals < 0) return;
    if (stop >= 0 && stop < equals) {
      i = stop + 1;
      continue;
    }
    const name = text
      .slice(i, equals)
      .replace(/\([^)]*\)/gu, "")
      .trim()
      .toLowerCase();
    i = equals + 1;
    while (text.charAt(i) === " " || text.charAt(i) === "\t") i++;
    let value = "";
    if (text.charAt(i) === '"') {
      i++;
      while (i < text.length && text.charAt(i) !== '"') {
        // A lone backslash before a letter is a Windows path, not a quoted pair.
        if (text.charAt(i) === "\\" && /["\\'()<>@,;:]/u.test(text.charAt(i + 1))) i++;
        value += text.charAt(i++);
      }
      i++;
    } else {
      const next = text.indexOf(";", i);
      const rest = text.slice(i, next < 0 ? text.length : next);
      // A next parameter whose semicolon was forgotten.
      const own = /^[^\s]*(?=\s+[\w*-]+\s*=)/u.exec(rest)?.[0] ?? rest;
      value = own.replace(/\s*\([^()]*\)\s*$/u, "").trim();
      i += own.length;
    }
    if (name !== "") yield { name, value };
  }
}

/** RFC 2231 §3 and §4: name*0, name*1*, name*. @param raw by the name as it was written, in lower case */
export function decodeParameters(raw: ReadonlyMap<string, string>, hints: CharsetHints): ReadonlyMap<string, string> {
  const plain = new Map<string, string>();
  const pieces = new Map<string, { index: number; text: string; encoded: boolean }[]>();
  for (const [key, value] of raw) {
    const match = /^([^*]+)\*(?:(\d{1,4})(\*)?)?$/u.exec(key);
    if (!match) {
      plain.set(key, decodeEncodedWords(value, hints));
      continue;
    }
    const [, name = "", index, star] = match;
    const list = pieces.get(name) ?? [];
    list.push({ index: Number(index ?? 0), text: value, encoded: index === undefined || star === "*" });
    pieces.set(name, list);
  }
  for (const [name, list] of pieces)
    plain.set(
      name,
      decodePieces(
        list.sort((a, b) => a.index - b.index),
        hints,
      ),
    );
  return plain;
}

function decodePieces(list: readonly { text: string; encoded: boolean }[], hints: CharsetHints): string {
  let charset = "";
  const bytes = list.map(({ text, encoded }, position) => {
    if (!encoded) return Buffer.from(text, "utf8");
    const head = position === 0 ? /^([^']*)'[^']*'/u.exec(text) : null;
    if (head) {
      charset = head[1] ?? "";
      return percentDecode(text.slice(head[0].length));
    }
    // RFC 2231 §4.1 names the charset in the first piece only; mailers repeat it.
    const again = charset !== "" && text.toLowerCase().startsWith(`${charset.toLowerCase()}'`);
    return percentDecode(again ? text.slice(charset.length + 1).replace(/^[a-z]{0,3}'/iu, "") : text);
  });
  return decodeEncodedWords(decodeText(Buffer.concat(bytes), charset, hints).text, hints);
}

function percentDecode(text: string): Buffer {
  if (!text.includes("%")) return Buffer.from(text, "utf8");
  const pieces: Buffer[] = [];
  for (const piece of text.split(/((?:%[0-9a-f]{2})+)/iu)) {
    pieces.push(
      piece.startsWith("%") && /^(?:%[0-9a-f]{2})+$/iu.test(piece)
        ? Buffer.from(piece.replaceAll("%", ""), "hex")
        : Buffer.from(piece, "utf8"),
    );
  }
  return Buffer.concat(pieces);
}
