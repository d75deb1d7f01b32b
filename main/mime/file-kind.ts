import { isUtf8 } from "node:buffer";
import { isMessage } from "./part-bytes.ts";

/** What a file is, by its bytes: the sender's word for it counts only among things that are text anyway. */
export type FileKind =
  | { readonly kind: "image" | "audio" | "video"; readonly type: string }
  | { readonly kind: "pdf" | "message" | "text" | "other" };

const TEXT_LOOKED_AT = 64 * 1024;

/** @param said the name and type that the message gives the file */
export function fileKind(bytes: Buffer, said: { readonly name: string; readonly type: string }): FileKind {
  const media = mediaType(bytes, said.name);
  if (media !== null) return { kind: media.startsWith("image/") ? "image" : media.startsWith("audio/") ? "audio" : "video", type: media };
  // ISO 32000-2 Annex H allows a kilobyte of anything before the header.
  if (bytes.subarray(0, 1024).includes("%PDF-")) return { kind: "pdf" };
  if (isMessage(said) && /^[!-9;-~]{1,100}:/u.test(bytes.toString("latin1", 0, 120).trimStart())) return { kind: "message" };
  if (!looksLikeText(bytes)) return { kind: "other" };
  return isSvg(bytes) ? { kind: "image", type: "image/svg+xml" } : { kind: "text" };
}

/** MIME Sniffing §6.1 and 6.2, by their patterns, with AVIF and bare MP3 frames beside them. */
function mediaType(bytes: Buffer, name: string): string | null {
  const head = bytes.toString("latin1", 0, 16);
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return "image/png";
  if (head.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (head.startsWith("GIF87a") || head.startsWith("GIF89a")) return "image/gif";
  if (head.startsWith("BM") && BMP_HEADERS.has(bytes.length < 18 ? 0 : bytes.readUInt32LE(14))) return "image/bmp";
  if (head.startsWith("RIFF")) return RIFF[head.slice(8, 12)] ?? null;
  if (head.slice(4, 8) === "ftyp") return boxType(bytes);
  if (head.startsWith("\x1a\x45\xdf\xa3")) return /\.(?:weba|mka)$/iu.test(name) ? "audio/webm" : "video/webm";
  if (head.startsWith("OggS")) return bytes.subarray(0, 512).includes("theora") ? "video/ogg" : "audio/ogg";
  if (head.startsWith("fLaC")) return "audio/flac";
  if (head.startsWith("ID3")) return "audio/mpeg";
  // Eleven bits are a weak mark: a frame of MP3 or AAC must be called one as well.
  const isFrame = bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe0) === 0xe0;
  if (isFrame && /\.mp3$/iu.test(name)) return "audio/mpeg";
  return isFrame && /\.aac$/iu.test(name) ? "audio/aac" : null;
}

/** Sizes of the headers that bitmaps begin with. */
const BMP_HEADERS = new Set([12, 40, 52, 56, 64, 108, 124]);
const RIFF: Readonly<Record<string, string>> = { WEBP: "image/webp", WAVE: "audio/wav" };

/** ISO/IEC 14496-12 §4.3: what a file of boxes calls itself, and what else it is compatible with. */
function boxType(bytes: Buffer): string | null {
  const size = Math.min(bytes.readUInt32BE(0), 256, bytes.length);
  const brands = [bytes.toString("latin1", 8, 12)];
  for (let at = 16; at + 4 <= size; at += 4) brands.push(bytes.toString("latin1", at, at + 4));
  if (brands.some((brand) => brand === "avif" || brand === "avis")) return "image/avif";
  const [major = ""] = brands;
  if (/^(?:M4A|M4B|F4A)/u.test(major)) return "audio/mp4";
  // A phone's HEIC pictures are boxes too; no browser engine paints them.
  return /^(?:isom|iso\d|mp4\d|avc\d|M4V|qt {2}|dash|MSNV|3g|f4v|mmp4)/u.test(major) ? "video/mp4" : null;
}

function looksLikeText(bytes: Buffer): boolean {
  if (bytes.length === 0) return false;
  const [first, second] = bytes;
  const wide = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (wide) return true;
  const head = bytes.subarray(0, TEXT_LOOKED_AT);
  let controls = 0;
  for (const byte of head) {
    if (byte === 0) return false;
    // ESC begins the shifts of ISO-2022, form feeds stand in old texts.
    if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d && byte !== 0x0c && byte !== 0x1b) controls += 1;
  }
  return controls * 100 <= head.length && (isUtf8(head.subarray(0, -4)) || highBytesInRuns(head));
}

/** Text in an older charset has few 8-bit bytes or, in Chinese, nearly nothing else; what is compressed has half of them, in no order. */
function highBytesInRuns(head: Buffer): boolean {
  let high = 0;
  let odd = 0;
  for (const byte of head) {
    if (byte >= 0x80) high += 1;
    if (byte === 0x7f || (byte >= 0x80 && byte < 0xa1)) odd += 1;
  }
  return high === 0 || odd * 3 <= high;
}

/** Only an XML prologue and comments may stand before the element. */
function isSvg(bytes: Buffer): boolean {
  const start = bytes.toString("utf8", 0, 4096).replace(/^\ufeff/u, "");
  return /^\s*(?:<\?xml[^>]*\?>\s*|<!--[\s\S]*?-->\s*|<!DOCTYPE\s+svg[^>[]*(?:\[[^\]]*\])?\s*>\s*)*<(?:svg:)?svg[\s>]/iu.test(start);
}
