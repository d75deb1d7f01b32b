import { type Decoded, decodeText } from "./charset.ts";
import { type CharsetHints, NO_HINTS } from "./charset-hints.ts";
import { charsetName } from "./charset-label.ts";
import { unflow } from "./flowed.ts";
import type { MimePart } from "./mime-tree.ts";
import { behindBase64, decodeTransfer } from "./transfer.ts";
import { takeUuencoded, type UuencodedFile } from "./uuencoded.ts";

/** Text longer than this is cut: nobody reads it, and it would hold up everything else. Bytes before decoding. */
const LONGEST_TEXT = 16 * 1024 * 1024;

/** The words of a part, and the files that were written into them. */
export type PartText = Decoded & { readonly files: readonly UuencodedFile[] };

/** The words of a text part: transfer encoding, charset, flowed lines, NUL bytes and uuencoded files dealt with; lines end with \n. */
export function readText(bytes: Buffer, part: MimePart, hints: CharsetHints = NO_HINTS): PartText {
  const raw = bytes.subarray(part.bodyStart, Math.min(part.bodyEnd, part.bodyStart + LONGEST_TEXT));
  const plain = decodeTransfer(raw, part.encoding);
  const footer = part.encoding === "base64" ? behindBase64(raw) : raw.subarray(0, 0);
  const declared = part.type === "text/html" && charsetName(part.charset) === "" ? metaCharset(plain) : part.charset;
  const { text: words, charset } = decodeText(plain, declared, hints);
  const text = footer.length === 0 ? words : `${words}\n${decodeText(footer, declared, hints).text.trim()}`;
  const clean = text.includes("\0") ? text.replaceAll("\0", "") : text;
  const joined = clean.includes("\r") ? clean.replaceAll("\r\n", "\n") : clean;
  const lines = joined.includes("\r") ? joined.replaceAll("\r", "\n") : joined;
  if (part.type !== "text/plain") return { text: lines, charset, files: [] };
  const { text: own, files } = takeUuencoded(lines);
  if (part.parameters.get("format")?.toLowerCase() !== "flowed") return { text: own, charset, files };
  return { text: unflow(own, part.parameters.get("delsp")?.toLowerCase() === "yes"), charset, files };
}

/** What an HTML page says of itself in its first kilobytes, when its part says nothing. */
function metaCharset(bytes: Buffer): string {
  return /<meta[^>]{0,200}charset\s*=\s*["']?([\w-]+)/iu.exec(bytes.toString("latin1", 0, 4096))?.[1] ?? "";
}
