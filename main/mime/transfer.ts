const BASE64 = new Int8Array(256).fill(-1);
for (let i = 0; i < 64; i++) BASE64["ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".charCodeAt(i)] = i;

/**
 * Takes off the Content-Transfer-Encoding (RFC 2045 §6). An unknown encoding counts as none. Tolerant: what is no base64
 * digit is skipped, a broken =XX stays as it stands, words that only claim to be base64 are words. Identity encodings return the same memory.
 */
export function decodeTransfer(bytes: Buffer, encoding: string): Buffer {
  if (encoding === "base64") return regularBase64(bytes) ?? (looksLikeBase64(bytes) ? decodeBase64(bytes) : bytes);
  if (encoding === "quoted-printable") return decodeQuotedPrintable(bytes);
  if (encoding === "x-uuencode" || encoding === "uuencode" || encoding === "x-uue") return decodeUuencode(bytes);
  return bytes;
}

/** Nothing but lines of digits with their padding at the end. */
const REGULAR = /^[A-Za-z0-9+/\r\n]*(?:={1,2}[\r\n]*)?$/u;
/** Beyond this the text that the platform's decoder wants would be too much memory beside the result. */
const MOST_REGULAR = 1024 * 1024;

/** As mailers write it, which the platform decodes in a tenth of the time; null for all else. */
function regularBase64(bytes: Buffer): Buffer | null {
  if (bytes.length > MOST_REGULAR) return null;
  const text = bytes.toString("latin1");
  const digits = digitsInEvenLines(bytes);
  // A single digit more or less would make no difference.
  if (digits >= 0 && digits % 4 !== 1 && !text.includes("-") && !text.includes("_")) {
    const decoded = Buffer.from(text, "base64");
    // The platform leaves out what is no digit: as many bytes as all of them make, so all of them are.
    if (decoded.length === Math.floor((digits * 3) / 4)) return decoded;
  }
  return REGULAR.test(text) ? Buffer.from(text, "base64") : null;
}

const LF = 0x0a;
const CR = 0x0d;
const PADDING = 0x3d;

/** How many digits there are where lines are of one length and nothing else stands in them but padding at the end; -1 where lines differ. */
function digitsInEvenLines(bytes: Buffer): number {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === LF || bytes[end - 1] === CR)) end--;
  for (let padding = 0; padding < 2 && bytes[end - 1] === PADDING; padding++) end--;
  const first = bytes.indexOf(LF);
  if (first < 0 || first >= end) return end;
  const breakBytes = first > 0 && bytes[first - 1] === CR ? 2 : 1;
  const lineBytes = first + 1;
  let breaks = 0;
  for (let at = first; at < end; at += lineBytes) {
    if (bytes[at] !== LF || (breakBytes === 2 && bytes[at - 1] !== CR)) return -1;
    breaks++;
  }
  return end - breaks * breakBytes;
}

/** Running text has a blank every six letters, and full stops; base64 has neither. The first kilobytes tell. */
function looksLikeBase64(bytes: Buffer): boolean {
  const end = Math.min(bytes.length, 4096);
  let digits = 0;
  let others = 0;
  let blanks = 0;
  for (let i = 0; i < end; i++) {
    const byte = bytes[i] ?? 0;
    if ((BASE64[byte] ?? -1) >= 0) digits++;
    else if (byte === 0x20 || byte === 0x09) blanks += (BASE64[bytes[i + 1] ?? 0] ?? -1) >= 0 ? 1 : 0;
    else if (byte === 0x3d) {
      // What follows the end of base64 says nothing of it.
      if (base64Ends(bytes, i)) break;
    } else if (byte !== 0x0a && byte !== 0x0d) others++;
  }
  return others * 20 <= digits && blanks * 12 <= digits;
}

/**
 * Whether the padding at `position` is the last of it. Mailers that encode in pieces begin another piece right behind it or on the next
 * line; what mailing lists and gateways append is no base64.
 */
function base64Ends(bytes: Buffer, position: number): boolean {
  let i = position;
  while (bytes[i] === 0x3d) i++;
  if (bytes[i] === 0x20 || bytes[i] === 0x09) return true;
  while (i < bytes.length && (bytes[i] ?? 0) <= 0x20) i++;
  if (i >= bytes.length) return true;
  for (let end = Math.min(bytes.length, i + 80); i < end && bytes[i] !== 0x0a && bytes[i] !== 0x0d; i++)
    if ((BASE64[bytes[i] ?? 0] ?? -1) < 0 && bytes[i] !== 0x3d) return true;
  return false;
}

/** What stands behind the end of base64 on lines of its own: the footer of a mailing list. Empty for everything else. */
export function behindBase64(bytes: Buffer): Buffer {
  for (let i = bytes.indexOf("="); i >= 0; i = bytes.indexOf("=", i + 1)) {
    if (bytes[i + 1] === 0x3d || !base64Ends(bytes, i)) continue;
    const rest = bytes.subarray(i + 1);
    return (rest[0] === 0x0a || rest[0] === 0x0d) && rest.some((byte) => byte > 0x20) && looksLikeBase64(bytes) ? rest : EMPTY;
  }
  return EMPTY;
}

const EMPTY = Buffer.alloc(0);

/** Straight from bytes to bytes: a 50 MB attachment costs its own size and nothing else. */
export function decodeBase64(bytes: Buffer): Buffer {
  const out = Buffer.allocUnsafeSlow(Math.floor((bytes.length * 3) / 4) + 3);
  let length = 0;
  let held = 0;
  let count = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    const digit = BASE64[byte] ?? -1;
    if (digit < 0) {
      if (byte !== 0x3d || count === 0) continue;
      if (count === 2) out[length++] = held >> 4;
      if (count === 3) {
        out[length++] = held >> 10;
        out[length++] = (held >> 2) & 255;
      }
      count = 0;
      held = 0;
      if (base64Ends(bytes, i)) break;
      continue;
    }
    held = (held << 6) | digit;
    if (++count < 4) continue;
    out[length++] = held >> 16;
    out[length++] = (held >> 8) & 255;
    out[length++] = held & 255;
    held = 0;
    count = 0;
  }
  if (count === 2) out[length++] = held >> 4;
  if (count === 3) {
    out[length++] = held >> 10;
    out[length++] = (held >> 2) & 255;
  }
  return out.subarray(0, length);
}

function hex(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  if (byte >= 0x41 && byte <= 0x46) return byte - 0x37;
  return byte >= 0x61 && byte <= 0x66 ? byte - 0x57 : -1;
}

/** RFC 2045 §6.7: soft breaks joined, white space before a line's end dropped. */
export function decodeQuotedPrintable(bytes: Buffer): Buffer {
  const out = Buffer.allocUnsafeSlow(bytes.length);
  let length = 0;
  let solid = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === 0x3d) {
      const high = hex(bytes[i + 1]);
      const low = hex(bytes[i + 2]);
      if (high >= 0 && low >= 0) {
        out[length++] = high * 16 + low;
        solid = length;
        i += 2;
        continue;
      }
      let next = i + 1;
      while (bytes[next] === 0x20 || bytes[next] === 0x09) next++;
      if (bytes[next] === 0x0d && bytes[next + 1] === 0x0a) next++;
      if (next >= bytes.length || bytes[next] === 0x0a || bytes[next] === 0x0d) {
        i = next;
        solid = length;
        continue;
      }
    }
    if (byte === 0x0a || (byte === 0x0d && bytes[i + 1] === 0x0a)) length = solid;
    out[length++] = byte;
    if (byte !== 0x20 && byte !== 0x09) solid = length;
  }
  return out.subarray(0, length);
}

/** The classic `begin 644 name` … `end`; lines that are no uuencoding are skipped. */
export function decodeUuencode(bytes: Buffer): Buffer {
  const out = Buffer.allocUnsafeSlow(bytes.length);
  let length = 0;
  let begun = false;
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(0x0a, start);
    let end = newline < 0 ? bytes.length : newline;
    const next = end + 1;
    if (bytes[end - 1] === 0x0d) end--;
    if (!begun) begun = /^begin [0-7]{3,4} /u.test(bytes.toString("latin1", start, Math.min(end, start + 20)));
    else if (end - start === 3 && bytes.toString("latin1", start, end) === "end") break;
    else {
      // The first character says how many bytes the line holds; what is missing at its end are blanks, which are zeros.
      const until = length + (end > start ? ((bytes[start] ?? 32) - 32) & 63 : 0);
      const digit = (at: number) => (at < end ? ((bytes[at] ?? 32) - 32) & 63 : 0);
      for (let at = start + 1; length < until && at < end; at += 4) {
        const word = (digit(at) << 18) | (digit(at + 1) << 12) | (digit(at + 2) << 6) | digit(at + 3);
        for (const shift of [16, 8, 0]) if (length < until) out[length++] = (word >> shift) & 255;
      }
    }
    start = next;
  }
  return out.subarray(0, length);
}
