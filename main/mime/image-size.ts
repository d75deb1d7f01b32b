export type Pixels = { readonly width: number; readonly height: number };

/** How far into a file its dimensions are looked for: cameras put previews and profiles before them. */
const LOOKED_AT = 1024 * 1024;

/** The dimensions that a picture says it has, before anything is decoded; null when it does not say or its beginning is not there. */
export function imageSize(type: string, bytes: Buffer): Pixels | null {
  const size = SIZES[type]?.(bytes) ?? null;
  return size === null || size.width === 0 || size.height === 0 ? null : size;
}

const SIZES: Readonly<Record<string, (bytes: Buffer) => Pixels | null>> = {
  // PNG §11.2.2: IHDR is the first chunk.
  "image/png": (bytes) => (bytes.length < 24 ? null : { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }),
  "image/gif": (bytes) => (bytes.length < 10 ? null : { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) }),
  "image/bmp": bmpSize,
  "image/jpeg": jpegSize,
  "image/webp": webpSize,
  "image/avif": avifSize,
};

function bmpSize(bytes: Buffer): Pixels | null {
  if (bytes.length < 26) return null;
  // The oldest header has 12 bytes and counts in 16 bits; a height below zero is a picture from the top down.
  if (bytes.readUInt32LE(14) === 12) return { width: bytes.readUInt16LE(18), height: bytes.readUInt16LE(20) };
  return { width: Math.abs(bytes.readInt32LE(18)), height: Math.abs(bytes.readInt32LE(22)) };
}

/** ITU T.81 §B.2.2: the frame header, whichever kind of coding it announces. */
function jpegSize(bytes: Buffer): Pixels | null {
  let at = 2;
  while (at + 9 <= Math.min(bytes.length, LOOKED_AT)) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return { width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) };
    if (marker === 0xd9 || marker === 0xda) return null;
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return null;
}

/** RFC 9649 §2.5 to 2.7. */
function webpSize(bytes: Buffer): Pixels | null {
  if (bytes.length < 30) return null;
  const kind = bytes.toString("latin1", 12, 16);
  if (kind === "VP8X") return { width: 1 + bytes.readUIntLE(24, 3), height: 1 + bytes.readUIntLE(27, 3) };
  if (kind === "VP8 ") return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
  if (kind !== "VP8L") return null;
  const bits = bytes.readUInt32LE(21);
  return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
}

/** ISO/IEC 23008-12 §6.5.3: the largest of the image spatial extents; a picture made of tiles names the whole as well. */
function avifSize(bytes: Buffer): Pixels | null {
  let largest: Pixels | null = null;
  const end = Math.min(bytes.length, LOOKED_AT) - 16;
  for (let at = bytes.indexOf("ispe"); at >= 0 && at <= end; at = bytes.indexOf("ispe", at + 4)) {
    const size = { width: bytes.readUInt32BE(at + 8), height: bytes.readUInt32BE(at + 12) };
    if (largest === null || size.width * size.height > largest.width * largest.height) largest = size;
  }
  return largest;
}
