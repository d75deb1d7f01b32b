import { isAscii } from "node:buffer";
import { decodeText } from "./charset.ts";
import { type CharsetHints, NO_HINTS } from "./charset-hints.ts";

const WORD = /=\?([^?\s]{1,75})\?([bq])\?(.*?)\?=/giu;

/**
 * RFC 2047 text: neighbouring words of one charset are joined as bytes before they are decoded, since senders cut
 * characters in two. Words that cannot be read stay as they are.
 */
export function decodeEncodedWords(text: string, hints: CharsetHints = NO_HINTS): string {
  if (!text.includes("=?")) return text;
  let out = "";
  let last = 0;
  let charset = "";
  let pieces: Buffer[] = [];
  const flush = () => {
    if (pieces.length > 0) out += decodeText(pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces), charset, hints).text;
    pieces = [];
  };
  for (const match of text.matchAll(WORD)) {
    const [whole, label = "", method = "", payload = ""] = match;
    const between = text.slice(last, match.index);
    // RFC 2047 §6.2: blanks between two words belong to neither.
    if (pieces.length === 0 || between.trim() !== "") {
      flush();
      out += between;
    }
    const declared = (label.split("*")[0] ?? "").toLowerCase();
    if (declared !== charset) flush();
    charset = declared;
    pieces.push(method === "b" || method === "B" ? Buffer.from(payload, "base64") : decodeQ(payload));
    last = match.index + whole.length;
  }
  flush();
  return out + text.slice(last);
}

function decodeQ(payload: string): Buffer {
  const plain = payload
    .replaceAll("_", " ")
    .replace(/=([0-9a-f]{2})/giu, (_whole, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
  // Characters that stand there undecoded have been read as text already; give them back their bytes.
  return /[\u0100-\u{10ffff}]/u.test(plain) ? Buffer.from(payload.replaceAll("_", " "), "utf8") : Buffer.from(plain, "latin1");
}

/** As `unfold`, for a value between two places of a message. */
export function unfoldAt(bytes: Buffer, start: number, end: number, charset: string, hints: CharsetHints = NO_HINTS): string {
  let first = start;
  let last = end;
  while (first < last && bytes[first] === SPACE) first++;
  while (last > first && bytes[last - 1] === SPACE) last--;
  // Most values are one line of printable ASCII.
  if (last - first > SHORT) return unfold(bytes.subarray(start, end), charset, hints);
  for (let i = first; i < last; i++) {
    const byte = bytes[i] ?? 0;
    if (byte < SPACE || byte > 0x7e) return unfold(bytes.subarray(start, end), charset, hints);
  }
  return bytes.toString("latin1", first, last);
}

const SPACE = 0x20;
/** Longer values are looked through faster by the platform. */
const SHORT = 256;

/**
 * A raw header value as one line of Unicode with its encoded words still in place: unfolded, and raw 8-bit bytes read by
 * `charset` (what the body declares) or by what they look like.
 */
export function unfold(bytes: Buffer, charset: string, hints: CharsetHints = NO_HINTS): string {
  const text =
    isAscii(bytes) && !bytes.includes(0x1b)
      ? bytes.toString("latin1")
      : decodeText(bytes, isAscii(bytes) ? "" : charset === "" ? "utf-8" : charset, hints).text;
  return text.includes("\n") || text.includes("\r") ? text.replace(/[ \t]*[\r\n]+[ \t]*/gu, " ").trim() : text.trim();
}
