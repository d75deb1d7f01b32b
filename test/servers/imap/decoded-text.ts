import { fieldValue } from "./header-fields.ts";
import { mimeTree, type Part } from "./mime-tree.ts";

/** A header value with its encoded words decoded (RFC 2047). Bytes in, Unicode out. */
export function decodeHeader(value: string): string {
  const joined = value.replace(/(=\?[^?\s]+\?[bq]\?[^?]*\?=)\s+(?==\?)/gi, "$1");
  const words = joined.split(/(=\?[^?\s]+\?[bq]\?[^?]*\?=)/i);
  return words.map((word) => decodeWord(word) ?? decodeBytes(Buffer.from(word, "latin1"), "utf-8")).join("");
}

function decodeWord(word: string): string | null {
  const [, charset, encoding, text] = /^=\?([^?*\s]+)(?:\*[^?]*)?\?([bq])\?([^?]*)\?=$/i.exec(word) ?? [];
  if (charset === undefined || encoding === undefined || text === undefined) return null;
  const bytes = encoding.toLowerCase() === "b" ? Buffer.from(text, "base64") : quotedPrintable(text.replaceAll("_", " "));
  return decodeBytes(bytes, charset);
}

/** All text of a message that a person would read, for SEARCH BODY. */
export function readableText(raw: Buffer): string {
  return textOf(raw, mimeTree(raw)).join("\n");
}

function textOf(raw: Buffer, part: Part): string[] {
  if (part.type === "multipart") return part.children.flatMap((child) => textOf(raw, child));
  if (part.message !== null) {
    return [...part.message.fields.map((field) => `${field.name}: ${decodeHeader(field.value)}`), ...textOf(raw, part.message)];
  }
  if (part.type !== "text") return [];
  const charset = part.parameters.find(([name]) => name === "charset")?.[1] ?? "utf-8";
  return [decodeBytes(decodedBody(raw, part), charset)];
}

function decodedBody(raw: Buffer, part: Part): Buffer {
  const body = raw.subarray(...part.body);
  const encoding = fieldValue(part.fields, "content-transfer-encoding")?.toLowerCase();
  if (encoding === "base64") return Buffer.from(body.toString("latin1"), "base64");
  if (encoding === "quoted-printable") return quotedPrintable(body.toString("latin1").replace(/=[ \t]*\r?\n/g, ""));
  return body;
}

function quotedPrintable(text: string): Buffer {
  const decoded = text.replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(decoded, "latin1");
}

function decodeBytes(bytes: Buffer, charset: string): string {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch (error) {
    // An unknown charset: a search can still find the ASCII in it.
    if (error instanceof RangeError) return bytes.toString("latin1");
    throw error;
  }
}
