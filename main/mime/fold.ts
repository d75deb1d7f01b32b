/**
 * A token that no query can contain. It stands between two CJK characters that punctuation or a line break parts, so that a
 * phrase never matches across them. Private use (category Co) counts as a token character for FTS5's unicode61.
 */
const BREAK = 0xe000;
const SPACE = 0x20;

/** Characters indexed one by one: Han (also beyond the basic plane), kana, bopomofo and Hangul syllables. */
function isCjk(unit: number): boolean {
  return (
    (unit >= 0x4e00 && unit <= 0x9fff) ||
    (unit >= 0x3040 && unit <= 0x312f) ||
    (unit >= 0x3400 && unit <= 0x4dbf) ||
    (unit >= 0xac00 && unit <= 0xd7a3) ||
    (unit >= 0x31a0 && unit <= 0x31ff) ||
    (unit >= 0xf900 && unit <= 0xfaff) ||
    unit === 0x3005 ||
    unit === 0x3007 ||
    (unit >= 0x20000 && unit <= 0x3ffff)
  );
}

function isBlank(unit: number): boolean {
  return unit === 0x20 || unit === 0x09 || unit === 0xa0 || unit === 0x3000;
}

/** Forms that NFKC maps to ordinary letters and digits: ligatures, full-width and half-width forms, enclosed and squared ones. */
const COMPATIBILITY = /[\u2460-\u24ff\u3200-\u33ff\uf900-\ufaff\ufb00-\ufb4f\uff00-\uffef]/u;

/** Bytes that one UTF-16 unit can become at the most: a parting token, and a character of three bytes between two blanks. */
const MOST_BYTES_A_UNIT = 10;
let scratch = Buffer.alloc(1 << 16);

/**
 * Prepares text for FTS5's stock `unicode61`: one token per CJK character, compatibility forms made plain. The tokenizer itself
 * folds case and diacritics. Query and document must go through the same door.
 *
 * @returns UTF-8 in a buffer that the next call uses again
 */
export function foldedBytes(text: string): Buffer {
  // Written into one buffer: joining strings piece by piece takes twenty times as long on long texts.
  const ascii = Buffer.byteLength(text) === text.length;
  const plain = !ascii && COMPATIBILITY.test(text) ? text.normalize("NFKC") : text;
  const most = ascii ? plain.length : plain.length * MOST_BYTES_A_UNIT;
  if (scratch.length < most) scratch = Buffer.alloc(most);
  return scratch.subarray(0, ascii ? scratch.write(plain, "latin1") : foldInto(scratch, plain));
}

/** As `foldedBytes`, as a string. */
export function foldForIndex(text: string): string {
  return foldedBytes(text).toString();
}

function foldInto(out: Buffer, text: string): number {
  let size = 0;
  // What stands between the last CJK character and here: nothing, only blanks, or something that parts words.
  let gap: "none" | "blank" | "parting" = "none";
  let afterCjk = false;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) {
      out[size++] = unit;
      if (!isBlank(unit)) gap = "parting";
      else if (gap === "none") gap = "blank";
      // A letter or digit is a token itself and parts the characters around it without help.
      if (afterCjk && gap === "parting" && isWordish(unit)) afterCjk = false;
      continue;
    }
    const point = pointAt(text, i);
    if (point > 0xffff) i += 1;
    if (!isCjk(point)) {
      size = writeUtf8(out, size, point);
      if (!isBlank(point)) gap = "parting";
      else if (gap === "none") gap = "blank";
      if (afterCjk && gap === "parting" && isWordish(point)) afterCjk = false;
      continue;
    }
    if (afterCjk && gap === "parting") {
      out[size++] = SPACE;
      size = writeUtf8(out, size, BREAK);
    }
    out[size++] = SPACE;
    size = writeUtf8(out, size, point);
    out[size++] = SPACE;
    afterCjk = true;
    gap = "none";
  }
  return size;
}

const REPLACEMENT = 0xfffd;

/** The code point at a place; half a surrogate pair is no character. */
function pointAt(text: string, at: number): number {
  const point = text.codePointAt(at) ?? REPLACEMENT;
  return point >= 0xd800 && point <= 0xdfff ? REPLACEMENT : point;
}

function writeUtf8(out: Buffer, at: number, point: number): number {
  let size = at;
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

function isWordish(unit: number): boolean {
  if (unit < 0x80) return (unit >= 0x30 && unit <= 0x39) || (unit >= 0x41 && unit <= 0x5a) || (unit >= 0x61 && unit <= 0x7a);
  return /[\p{L}\p{N}]/u.test(String.fromCodePoint(unit));
}

/** The tokens that `unicode61` will see, in order. Case and diacritics are left to FTS5. */
export function tokensOf(text: string): string[] {
  return foldForIndex(text).match(/[\p{L}\p{N}\p{M}\p{Co}]+/gu) ?? [];
}
