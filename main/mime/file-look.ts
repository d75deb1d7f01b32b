import { decodeText } from "./charset.ts";
import type { CharsetHints } from "./charset-hints.ts";
import { fileKind } from "./file-kind.ts";
import { imageSize } from "./image-size.ts";
import { guessLanguage } from "./language.ts";
import type { PartBytes } from "./part-bytes.ts";

/** How an attachment can be looked at. `type` is what its bytes are, whatever it was sent as. */
export type FileLook =
  /** `small`: it may be decoded without being asked for. */
  | { readonly kind: "image"; readonly type: string; readonly small: boolean }
  | { readonly kind: "audio" | "video"; readonly type: string }
  | { readonly kind: "pdf" }
  | { readonly kind: "message" }
  | { readonly kind: "text"; readonly text: string; readonly charset: string; readonly truncated: boolean; readonly lang: string }
  | { readonly kind: "none"; readonly why: "empty" | "unknown" | "too-large" };

/** A picture is decoded to four bytes a pixel: 400 MB at the most. */
const MOST_PIXELS = 100_000_000;
/** What a camera makes. */
const SMALL_PIXELS = 50_000_000;
/** A drawing is a program for the painter: a long one may keep it busy for as long as it likes. */
const MOST_SVG = 2 * 1024 * 1024;
/** Bytes of a text that are shown. */
const MOST_TEXT = 1024 * 1024;
/** Larger files are for programs of their own. */
const MOST_BYTES = 256 * 1024 * 1024;

export function lookAtFile({ bytes, type, name, charset }: PartBytes, hints: CharsetHints): FileLook {
  if (bytes.length === 0) return { kind: "none", why: "empty" };
  if (bytes.length > MOST_BYTES) return { kind: "none", why: "too-large" };
  const found = fileKind(bytes, { name, type });
  switch (found.kind) {
    case "image":
      return imageLook(found.type, bytes);
    case "audio":
    case "video":
      return { kind: found.kind, type: found.type };
    case "pdf":
      return { kind: "pdf" };
    case "message":
      return { kind: "message" };
    case "text":
      return textOf(bytes, charset, hints);
    case "other":
      return { kind: "none", why: "unknown" };
  }
}

function imageLook(type: string, bytes: Buffer): FileLook {
  const tooLarge: FileLook = { kind: "none", why: "too-large" };
  if (type === "image/svg+xml") return bytes.length <= MOST_SVG ? { kind: "image", type, small: false } : tooLarge;
  const size = imageSize(type, bytes);
  // A picture that does not say how large it is may be of any size.
  if (size === null || size.width * size.height > MOST_PIXELS) return tooLarge;
  return { kind: "image", type, small: size.width * size.height <= SMALL_PIXELS };
}

function textOf(bytes: Buffer, label: string, hints: CharsetHints): FileLook {
  const truncated = bytes.length > MOST_TEXT;
  // Cut at a line's end: half a character would spoil the guess at the charset.
  const end = truncated ? bytes.lastIndexOf(0x0a, MOST_TEXT) + 1 || MOST_TEXT : bytes.length;
  const { text, charset } = decodeText(bytes.subarray(0, end), label, hints);
  const lines = text.replaceAll("\0", "").replace(/\r\n?/gu, "\n");
  return { kind: "text", text: lines, charset, truncated, lang: guessLanguage(lines.slice(0, 3000), charset) };
}
