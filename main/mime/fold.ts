import { unitsOf } from "./units.ts";

/**
 * A token that no query can contain. It stands between two CJK characters that punctuation or a line break parts, so that a phrase never
 * matches across them.
 */
const BREAK = 0xe000;
const SPACE = 0x20;

/** What a character beyond ASCII is to the index. */
const Kind = {
  blank: 1,
  /** Parts words: punctuation, symbols, and the marks that are no letters. */
  parting: 2,
  /** An accent that was written apart from its letter: left out. */
  accent: 3,
  /** Stands in words, but parts the CJK characters around it no more than punctuation does: private use, and what Unicode has not given out. */
  other: 4,
  wordish: 5,
  /** A token of its own. */
  cjk: 6,
  /** A sign in the blocks of CJK characters that joins them, such as the dot of katakana. */
  cjkSign: 7,
} as const;

/** Characters indexed one by one: Han (also beyond the basic plane), kana, bopomofo and Hangul syllables. */
function isCjk(point: number): boolean {
  return (
    (point >= 0x4e00 && point <= 0x9fff) ||
    (point >= 0x3040 && point <= 0x312f) ||
    (point >= 0x3400 && point <= 0x4dbf) ||
    (point >= 0xac00 && point <= 0xd7a3) ||
    (point >= 0x31a0 && point <= 0x31ff) ||
    (point >= 0xf900 && point <= 0xfaff) ||
    point === 0x3005 ||
    point === 0x3007 ||
    (point >= 0x20000 && point <= 0x3ffff)
  );
}

const WORDISH = /[\p{L}\p{N}]/u;
const OTHER = /[\p{Co}\p{Cn}]/u;
/** Those that SQLite's `unicode61` leaves out inside words, too: accents of Latin letters. Other scripts' marks part words. */
const ACCENT = /[\u0300-\u0304\u0306-\u030c\u030f\u0311\u031b\u0323-\u0328\u032d\u032e\u0330\u0331]/u;
const ACCENTED_LATIN = /^[a-z]\p{M}+$/u;
const BLANK = /[\u00a0\u3000]/u;

function kindOf(character: string, point: number): number {
  const wordish = WORDISH.test(character);
  const other = OTHER.test(character);
  if (isCjk(point)) return wordish || other ? Kind.cjk : Kind.cjkSign;
  if (wordish) return Kind.wordish;
  if (other) return Kind.other;
  if (ACCENT.test(character)) return Kind.accent;
  return BLANK.test(character) ? Kind.blank : Kind.parting;
}

/** Capitals become small letters, both sigmas one, and Latin letters lose their accents; the dotless i is a letter of its own. */
function foldedPoint(character: string, point: number): number {
  const capital = character.toUpperCase();
  const small = capital === "I" || [...capital].length > 1 ? character.toLowerCase() : capital.toLowerCase();
  const base = small.normalize("NFD");
  if (ACCENTED_LATIN.test(base)) return base.charCodeAt(0);
  return [...small].length > 1 ? point : (small.codePointAt(0) ?? point);
}

/** A kind above a folded code point; above that what `withPlainForms` has to do with the character. */
const KIND_SHIFT = 21;
const KIND_MASK = 7;
const POINT_MASK = 0x1fffff;
/** NFKC may change it, or join it to others. */
const UNSTEADY = 1 << 24;
/** One of those for which the text is made plain. */
const COMPATIBLE = 1 << 25;
const TO_BE_MADE_PLAIN = UNSTEADY | COMPATIBLE;
/** What was looked up so far; 0 = not yet. Asking Unicode's properties each time takes thirty times as long. */
const known = new Uint32Array(0x10000);
const knownBeyond = new Map<number, number>();

function lookUp(point: number): number {
  const found = point < 0x10000 ? known[point] : knownBeyond.get(point);
  return found === undefined || found === 0 ? learn(point) : found;
}

function learn(point: number): number {
  const character = String.fromCodePoint(point);
  const kind = kindOf(character, point);
  const folded = kind === Kind.wordish ? foldedPoint(character, point) : point;
  const plainness = (isSteady(character, point, kind) ? 0 : UNSTEADY) | (COMPATIBILITY.test(character) ? COMPATIBLE : 0);
  const entry = (kind << KIND_SHIFT) | folded | plainness;
  if (point < 0x10000) known[point] = entry;
  else knownBeyond.set(point, entry);
  return entry;
}

/** Forms that NFKC maps to ordinary letters and digits: ligatures, full-width and half-width forms, enclosed and squared ones. */
const COMPATIBILITY = /[\u2460-\u24ff\u3200-\u33ff\uf900-\ufaff\ufb00-\ufb4f\uff00-\uffef]/u;
/** What NFKC may join to the character before it: marks, and the vowels and finals of Hangul. */
const JOINING = /[\p{M}\u1100-\u11ff]/u;

/**
 * Whether a text of such characters alone is as NFKC has it (UAX #15 §9: none of them is "no" or "maybe"); a wide blank becomes one blank
 * either way. Beyond the first plane nothing is taken for granted.
 */
function isSteady(character: string, point: number, kind: number): boolean {
  if (kind === Kind.blank) return true;
  return point < 0x10000 && character.isWellFormed() && !JOINING.test(character) && character.normalize("NFKC") === character;
}

/** The text with ordinary letters and digits in the place of ligatures, full-width forms and the like. */
export function withPlainForms(text: string): string {
  return COMPATIBILITY.test(text) ? text.normalize("NFKC") : text;
}

/** Bytes that one UTF-16 unit can become at the most: a parting token, and a character of three bytes between two blanks. */
const MOST_BYTES_A_UNIT = 10;
let scratch = Buffer.allocUnsafeSlow(1 << 16);

/**
 * Prepares text for FTS5's stock `ascii` tokenizer, to which every byte beyond ASCII is part of a word: one token per CJK character,
 * compatibility forms made plain, separators made blanks, letters beyond ASCII folded. ASCII itself is left to the tokenizer, which parts it
 * and folds its case. Query and document must go through the same door. Decision 0090.
 *
 * @returns UTF-8 in a buffer that the next call uses again
 */
export function foldedBytes(text: string): Buffer {
  return scratch.subarray(0, foldAt(text, 0));
}

/** As `foldedBytes`, for several texts one behind the other, in memory of their own; `ends` is where each of them ends. */
export function foldedTogether(texts: readonly string[]): { readonly bytes: Uint8Array<ArrayBuffer>; readonly ends: number[] } {
  const ends: number[] = [];
  let end = 0;
  for (const text of texts) {
    end = foldAt(text, end);
    ends.push(end);
  }
  const bytes = new Uint8Array(end);
  bytes.set(scratch.subarray(0, end));
  return { bytes, ends };
}

/** As `foldedBytes`, as a string. */
export function foldForIndex(text: string): string {
  return foldedBytes(text).toString();
}

/** Writes the folded text into the scratch buffer from `start` on. @returns where it ends */
function foldAt(text: string, start: number): number {
  if (beginsInAscii(text)) {
    // As many bytes as characters: all of it is ASCII. With room for one more no character is left out at the end.
    makeRoom(start, text.length + LONGEST_CHARACTER);
    if (scratch.write(text, start) === text.length) return start + text.length;
  }
  makeRoom(start, text.length * MOST_BYTES_A_UNIT);
  const end = foldInto(scratch, start, text, false);
  if (end >= 0) return end;
  const plain = text.normalize("NFKC");
  makeRoom(start, plain.length * MOST_BYTES_A_UNIT);
  return foldInto(scratch, start, plain, true);
}

function makeRoom(start: number, size: number): void {
  if (scratch.length >= start + size) return;
  const larger = Buffer.allocUnsafeSlow(start + size);
  scratch.copy(larger, 0, 0, start);
  scratch = larger;
}

/** Bytes in UTF-8. */
const LONGEST_CHARACTER = 4;
/** Text beyond ASCII shows that early as a rule, and need not be written twice then. */
const LOOKED_AT = 40;

function beginsInAscii(text: string): boolean {
  const end = Math.min(text.length, LOOKED_AT);
  for (let i = 0; i < end; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

/**
 * @param plain compatibility forms were made plain before
 * @returns where it ends; -1 when compatibility forms have to be made plain first
 */
function foldInto(out: Buffer, start: number, text: string, plain: boolean): number {
  const units = unitsOf(text);
  const { length } = text;
  let size = start;
  let afterCjk = false;
  // Something other than blanks stands between the last CJK character and here.
  let parted = false;
  // Full-width ASCII is made plain on the way where nothing else in the text could change.
  let unplain = 0;
  for (let i = 0; i < length; i += 1) {
    let unit = units[i] ?? 0;
    // Han characters of the basic block, as nearly all are.
    if (unit >= 0x4e00 && unit <= 0x9fff) {
      if (size > start && out[size - 1] !== SPACE) out[size++] = SPACE;
      if (afterCjk && parted) size = writeBreak(out, size);
      out[size++] = 0xe0 | (unit >> 12);
      out[size++] = 0x80 | ((unit >> 6) & 0x3f);
      out[size++] = 0x80 | (unit & 0x3f);
      out[size++] = SPACE;
      afterCjk = true;
      parted = false;
      continue;
    }
    if (!plain && unit >= 0xff01 && unit <= 0xff5e) {
      unplain |= COMPATIBLE;
      if (unplain === TO_BE_MADE_PLAIN) return -1;
      unit -= 0xfee0;
    }
    if (unit < 0x80) {
      out[size++] = unit;
      if (!afterCjk || unit === SPACE || unit === 0x09) continue;
      parted = true;
      // A letter or digit is a token itself and parts the characters around it without help.
      if (isAsciiWordish(unit)) afterCjk = false;
      continue;
    }
    const point = unit < 0xd800 || unit > 0xdfff ? unit : pointAt(text, i);
    if (point > 0xffff) i += 1;
    const entry = lookUp(point);
    if (!plain) {
      unplain |= entry & TO_BE_MADE_PLAIN;
      if (unplain === TO_BE_MADE_PLAIN) return -1;
    }
    const kind = (entry >> KIND_SHIFT) & KIND_MASK;
    if (kind < Kind.cjk) {
      if (kind <= Kind.parting) out[size++] = SPACE;
      else if (kind >= Kind.other) size = writePoint(out, size, entry & POINT_MASK);
      if (kind > Kind.blank) parted = true;
      if (kind === Kind.wordish) afterCjk = false;
      continue;
    }
    if (size > start && out[size - 1] !== SPACE) out[size++] = SPACE;
    if (afterCjk && parted) size = writeBreak(out, size);
    if (kind === Kind.cjk) {
      size = writePoint(out, size, point);
      out[size++] = SPACE;
    }
    afterCjk = true;
    parted = false;
  }
  return size;
}

function writeBreak(out: Buffer, at: number): number {
  const size = writePoint(out, at, BREAK);
  out[size] = SPACE;
  return size + 1;
}

const REPLACEMENT = 0xfffd;

/** The code point at a place; half a surrogate pair is no character. */
function pointAt(text: string, at: number): number {
  const point = text.codePointAt(at) ?? REPLACEMENT;
  return point >= 0xd800 && point <= 0xdfff ? REPLACEMENT : point;
}

function writePoint(out: Buffer, at: number, point: number): number {
  let size = at;
  if (point < 0x80) {
    out[size++] = point;
    return size;
  }
  if (point < 0x800) out[size++] = 0xc0 | (point >> 6);
  else {
    if (point < 0x10000) out[size++] = 0xe0 | (point >> 12);
    else {
      out[size++] = 0xf0 | (point >> 18);
      out[size++] = 0x80 | ((point >> 12) & 0x3f);
    }
    out[size++] = 0x80 | ((point >> 6) & 0x3f);
  }
  out[size++] = 0x80 | (point & 0x3f);
  return size;
}

function isAsciiWordish(unit: number): boolean {
  return (unit >= 0x30 && unit <= 0x39) || (unit >= 0x41 && unit <= 0x5a) || (unit >= 0x61 && unit <= 0x7a);
}

/** The tokens that the index will see, in order; the case of ASCII letters is left to FTS5. */
export function tokensOf(text: string): string[] {
  return foldForIndex(text).match(/[0-9A-Za-z\u{80}-\u{10ffff}]+/gu) ?? [];
}
