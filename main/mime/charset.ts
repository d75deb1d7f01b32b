import { isAscii, isUtf8 } from "node:buffer";
import { isCyrillic, plausible, recognise } from "./charset-detect.ts";
import { type CharsetHints, NO_HINTS } from "./charset-hints.ts";
import { charsetName } from "./charset-label.ts";
import { decodeUtf7 } from "./utf7.ts";

const decoders = new Map<string, TextDecoder>();

function decoder(name: string): TextDecoder {
  const found = decoders.get(name);
  if (found) return found;
  const made = new TextDecoder(name);
  decoders.set(name, made);
  return made;
}

export type Decoded = { readonly text: string /** What it was decoded from; "utf-8" for ASCII. */; readonly charset: string };

/**
 * Bytes of a body or header as text, whatever the label says.
 *
 * What the user chose holds, except against bytes that can be nothing but UTF-8. Else a declared charset is believed unless the bytes
 * prove it wrong: 8-bit text that is valid UTF-8 is UTF-8, text that has characters its charset lacks, or makes no words in it, is
 * asked what it looks like. Never throws.
 */
export function decodeText(bytes: Buffer, label: string, hints: CharsetHints = NO_HINTS): Decoded {
  const name = charsetName(label);
  if (isAscii(bytes) && !stateful(name)) {
    // ISO-2022-JP and HZ hide in 7 bits, so an ESC or ~{ is worth a look even without a label.
    if (!stateful(hints.chosen) && (name !== "" || !(bytes.includes(0x1b) || bytes.includes("~{"))))
      return { text: withoutBom(bytes.toString("latin1")), charset: "utf-8" };
  }
  if (hints.chosen !== "" && !(isUtf8(bytes) && multibyteRuns(bytes)) && !stateful(name)) return decodeAs(bytes, hints.chosen);
  return decodeAs(bytes, verified(bytes, name, hints));
}

function stateful(name: string): boolean {
  return name === "utf-7" || name === "hz" || name.startsWith("iso-2022-") || name.startsWith("utf-16") || name.startsWith("utf-32");
}

/** The charset the bytes are really in, given the one that was declared ("" = none). */
function verified(bytes: Buffer, name: string, hints: CharsetHints): string {
  if (name === "" || name === "utf-8") return isUtf8(bytes) && name === "utf-8" ? name : detectIfNeeded(bytes, name, hints);
  if (stateful(name)) return name;
  if (isUtf8(bytes) && (multibyteRuns(bytes) || name === "windows-1252")) return "utf-8";
  if (name === "windows-1252" || name === "us-ascii") {
    // The user's languages have no say against a label, but a sender who is known to lie has.
    const { charset: seen, sure } = recognise(bytes, { likely: [], history: "" });
    const doubtful = isCyrillic(seen);
    const charset = doubtful ? (isCyrillic(hints.history ?? "") ? (hints.history ?? name) : name) : seen;
    if (doubtful || charset !== name) hints.heard?.(charset, sure && !doubtful);
    return charset;
  }
  return plausible(bytes, name, hints.likely) ? name : recognised(bytes, hints);
}

/** What the bytes look like, and whoever listens hears of it. */
function recognised(bytes: Buffer, { likely, history = "", heard }: CharsetHints): string {
  const { charset, sure } = recognise(bytes, { likely, history });
  if (!isAscii(bytes) && charset !== "utf-8") heard?.(charset, sure);
  return charset;
}

function detectIfNeeded(bytes: Buffer, name: string, hints: CharsetHints): string {
  // Mostly valid UTF-8 with a few broken bytes (cut by a gateway) is still UTF-8, the more so when it was declared.
  return !isUtf8(bytes) && brokenShare(bytes) < (name === "utf-8" ? 0.2 : 0.1) ? "utf-8" : recognised(bytes, hints);
}

function brokenShare(bytes: Buffer): number {
  const text = bytes.subarray(0, 16_384).toString("utf8");
  let broken = 0;
  let foreign = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x80) foreign++;
    if (code === 0xfffd) broken++;
  }
  return foreign === 0 ? 1 : broken / foreign;
}

/** Valid UTF-8 with a sequence of three or more bytes is not an accident of another charset. */
function multibyteRuns(bytes: Buffer): boolean {
  const limit = Math.min(bytes.length, 65_536);
  for (let i = 0; i < limit; i++) if ((bytes[i] ?? 0) >= 0xe0) return true;
  return false;
}

function decodeAs(bytes: Buffer, charset: string): Decoded {
  switch (charset) {
    case "utf-8":
      return { text: withoutBom(bytes.toString("utf8")), charset };
    case "utf-7":
      return { text: decodeUtf7(bytes.toString("latin1")), charset };
    case "hz":
      return { text: decodeHz(bytes.toString("latin1")), charset: "gb18030" };
    case "iso-2022-kr":
      return { text: decodeShifted(bytes, "euc-kr"), charset: "euc-kr" };
    case "iso-2022-cn":
      return { text: decodeShifted(bytes, "gb18030"), charset: "gb18030" };
    case "utf-32":
    case "utf-32le":
    case "utf-32be":
      return { text: decodeUtf32(bytes, charset), charset };
    default:
      return { text: withoutBom(decoder(charset).decode(bytes)), charset };
  }
}

function withoutBom(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** RFC 1843: GB2312 in 7 bits between ~{ and ~}. */
function decodeHz(text: string): string {
  return text.replace(/~\{([^~\n]*)(?:~\}|$)|~~|~\n/gmu, (whole, run: string | undefined) => {
    if (run === undefined) return whole === "~~" ? "~" : "";
    const bytes = Buffer.from(run, "latin1").map((byte) => byte | 0x80);
    return decoder("gb18030").decode(bytes);
  });
}

const ESC = 0x1b;
const SHIFT_OUT = 0x0e;
const SHIFT_IN = 0x0f;
const LF = 0x0a;

/** RFC 1557, RFC 1922: from SO to SI, or to the line's end, the 94×94 set that was announced once by ESC $ ) and a letter, in 7 bits. */
function decodeShifted(bytes: Buffer, set: string): string {
  const out = Buffer.alloc(bytes.length);
  let length = 0;
  let shifted = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === ESC && bytes[i + 1] === 0x24) i += 3;
    else if (byte === SHIFT_OUT || byte === SHIFT_IN) shifted = byte === SHIFT_OUT;
    else {
      if (byte === LF) shifted = false;
      out[length++] = shifted && byte > 0x20 ? byte | 0x80 : byte;
    }
  }
  return decoder(set).decode(out.subarray(0, length));
}

function decodeUtf32(bytes: Buffer, charset: string): string {
  const big = charset === "utf-32be" || (charset === "utf-32" && bytes[0] === 0 && bytes[1] === 0);
  let text = "";
  for (let i = 0; i + 4 <= bytes.length; i += 4) {
    const code = big ? bytes.readUInt32BE(i) : bytes.readUInt32LE(i);
    text += code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : "\ufffd";
  }
  return withoutBom(text);
}
