const BASE64 = new Int8Array(256).fill(-1);
for (let i = 0; i < 64; i++) BASE64["ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".charCodeAt(i)] = i;

/**
 * Takes off the Content-Transfer-Encoding (RFC 2045 §6). An unknown encoding counts as none. Tolerant: what is no base64
 * digit is skipped, a broken =XX stays as it stands. Identity encodings return the same memory.
 */
export function decodeTransfer(bytes: Buffer, encoding: string): Buffer {
  if (encoding === "base64") return decodeBase64(bytes);
  if (encoding === "quoted-printable") return decodeQuotedPrintable(bytes);
  if (encoding === "x-uuencode" || encoding === "uuencode" || encoding === "x-uue") return decodeUuencode(bytes);
  return bytes;
}

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
      // Padding ends one run; mailers that encode in pieces begin another right after it.
      if (count === 2) out[length++] = held >> 4;
      if (count === 3) {
        out[length++] = held >> 10;
        out[length++] = (held >> 2) & 255;
      }
      count = 0;
      held = 0;
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
  const out: number[] = [];
  let begun = false;
  for (const line of bytes.toString("latin1").split(/\r?\n/u)) {
    if (!begun) {
      begun = /^begin [0-7]{3,4} /u.test(line);
      continue;
    }
    if (line === "end") break;
    const want = (line.charCodeAt(0) - 32) & 63 || 0;
    const from = out.length;
    for (let i = 1; i + 1 < line.length + 3 && out.length - from < want; i += 4) {
      const four = [0, 1, 2, 3].map((k) => (i + k < line.length ? (line.charCodeAt(i + k) - 32) & 63 : 0));
      const word = ((four[0] ?? 0) << 18) | ((four[1] ?? 0) << 12) | ((four[2] ?? 0) << 6) | (four[3] ?? 0);
      for (const shift of [16, 8, 0]) if (out.length - from < want) out.push((word >> shift) & 255);
    }
  }
  return Buffer.from(out);
}
