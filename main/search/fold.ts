/**
 * A token that no query can contain. It stands between two CJK characters that punctuation or a line break parts, so that a
 * phrase never matches across them. Private use (category Co) counts as a token character for FTS5's unicode61.
 */
const BREAK = 0xe000;
const SPACE = 0x20;

/** Characters indexed one by one: Han, kana, bopomofo and Hangul syllables. Supplementary Han comes as surrogate pairs. */
function isCjk(unit: number): boolean {
  return (
    (unit >= 0x4e00 && unit <= 0x9fff) ||
    (unit >= 0x3040 && unit <= 0x312f) ||
    (unit >= 0x3400 && unit <= 0x4dbf) ||
    (unit >= 0xac00 && unit <= 0xd7a3) ||
    (unit >= 0x31a0 && unit <= 0x31ff) ||
    (unit >= 0xf900 && unit <= 0xfaff) ||
    unit === 0x3005 ||
    unit === 0x3007
  );
}

/** U+20000–U+3FFFF start with these. */
function startsSupplementaryHan(unit: number): boolean {
  return unit >= 0xd840 && unit <= 0xd8bf;
}

function isBlank(unit: number): boolean {
  return unit === 0x20 || unit === 0x09 || unit === 0xa0 || unit === 0x3000;
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

/** Forms that NFKC maps to ordinary letters and digits: ligatures, full-width and half-width forms, enclosed and squared ones. */
const COMPATIBILITY = /[\u2460-\u24ff\u3200-\u33ff\uf900-\ufaff\ufb00-\ufb4f\uff00-\uffef]/u;

/**
 * Prepares text for FTS5's stock `unicode61`: one token per CJK character, compatibility forms made plain. The tokenizer itself
 * folds case and diacritics. Query and document must go through the same door.
 */
export function foldForIndex(text: string): string {
  if (isAscii(text)) return text;
  const plain = COMPATIBILITY.test(text) ? text.normalize("NFKC") : text;
  // Written as UTF-16 units into one buffer: joining strings piece by piece takes twenty times as long on long texts.
  const out = new Uint16Array(plain.length * 5);
  let size = 0;
  // What stands between the last CJK character and here: nothing, only blanks, or something that parts words.
  let gap: "none" | "blank" | "parting" = "none";
  let afterCjk = false;
  for (let i = 0; i < plain.length; i += 1) {
    const unit = plain.charCodeAt(i);
    const pair = startsSupplementaryHan(unit) && i + 1 < plain.length;
    if (!pair && !isCjk(unit)) {
      out[size++] = unit;
      if (!isBlank(unit)) gap = "parting";
      else if (gap === "none") gap = "blank";
      // A letter or digit is a token itself and parts the characters around it without help.
      if (afterCjk && gap === "parting" && isWordish(unit)) afterCjk = false;
      continue;
    }
    if (afterCjk && gap === "parting") {
      out[size++] = SPACE;
      out[size++] = BREAK;
    }
    out[size++] = SPACE;
    out[size++] = unit;
    if (pair) {
      i += 1;
      out[size++] = plain.charCodeAt(i);
    }
    out[size++] = SPACE;
    afterCjk = true;
    gap = "none";
  }
  return Buffer.from(out.buffer, 0, size * 2).toString("utf16le");
}

function isWordish(unit: number): boolean {
  if (unit < 0x80) return (unit >= 0x30 && unit <= 0x39) || (unit >= 0x41 && unit <= 0x5a) || (unit >= 0x61 && unit <= 0x7a);
  return /[\p{L}\p{N}]/u.test(String.fromCharCode(unit));
}

/** The tokens that `unicode61` will see, in order. Case and diacritics are left to FTS5. */
export function tokensOf(text: string): string[] {
  return foldForIndex(text).match(/[\p{L}\p{N}\p{M}\p{Co}]+/gu) ?? [];
}
