import { type Decoded, decodeText } from "./charset.ts";
import { charsetName } from "./charset-label.ts";
import { unflow } from "./flowed.ts";
import type { MimePart } from "./mime-tree.ts";
import { decodeTransfer } from "./transfer.ts";

/** Text longer than this is cut: nobody reads it, and it would hold up everything else. Bytes before decoding. */
const LONGEST_TEXT = 16 * 1024 * 1024;

/** The words of a text part: transfer encoding, charset, flowed lines and NUL bytes dealt with; lines end with \n. */
export function readText(bytes: Buffer, part: MimePart): Decoded {
  const raw = bytes.subarray(part.bodyStart, Math.min(part.bodyEnd, part.bodyStart + LONGEST_TEXT));
  const plain = decodeTransfer(raw, part.encoding);
  const declared = part.type === "text/html" && charsetName(part.charset) === "" ? metaCharset(plain) : part.charset;
  const { text, charset } = decodeText(plain, declared);
  const clean = text.includes("\0") ? text.replaceAll("\0", "") : text;
  const lines = clean.includes("\r") ? clean.replace(/\r\n?/gu, "\n") : clean;
  if (part.type !== "text/plain" || part.parameters.get("format")?.toLowerCase() !== "flowed") return { text: lines, charset };
  return { text: unflow(lines, part.parameters.get("delsp")?.toLowerCase() === "yes"), charset };
}

/** What an HTML page says of itself in its first kilobytes, when its part says nothing. */
function metaCharset(bytes: Buffer): string {
  return /<meta[^>]{0,200}charset\s*=\s*["']?([\w-]+)/iu.exec(bytes.toString("latin1", 0, 4096))?.[1] ?? "";
}
