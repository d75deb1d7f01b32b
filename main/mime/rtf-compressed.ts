/** MS-OXRTFCP §2.1.2.1: what the dictionary holds before the first byte. */
const DICTIONARY = Buffer.from(
  "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx",
  "latin1",
);
const SIZE = 4096;
const COMPRESSED = 0x75465a4c;
const UNCOMPRESSED = 0x414c454d;
const LONGEST = 32 * 1024 * 1024;

/** The RTF of PidTagRtfCompressed; empty when it is none. What is cut off is given as far as it goes. */
export function decompressRtf(bytes: Buffer): Buffer {
  if (bytes.length < 16) return Buffer.alloc(0);
  const kind = bytes.readUInt32LE(8);
  const rawSize = Math.min(bytes.readUInt32LE(4), LONGEST);
  if (kind === UNCOMPRESSED) return bytes.subarray(16, 16 + rawSize);
  if (kind !== COMPRESSED) return Buffer.alloc(0);
  // Two bytes give seventeen at most, so that a lie about the size costs no more than that.
  const out = Buffer.allocUnsafe(Math.min(rawSize, bytes.length * 9));
  const dictionary = Buffer.alloc(SIZE);
  DICTIONARY.copy(dictionary);
  let write = DICTIONARY.length;
  let length = 0;
  const put = (byte: number) => {
    if (length < out.length) out[length++] = byte;
    dictionary[write] = byte;
    write = (write + 1) % SIZE;
  };
  let position = 16;
  while (position < bytes.length && length < out.length) {
    const control = bytes[position++] ?? 0;
    for (let bit = 0; bit < 8 && position < bytes.length; bit++) {
      if ((control & (1 << bit)) === 0) {
        put(bytes[position++] ?? 0);
        continue;
      }
      const reference = ((bytes[position] ?? 0) << 8) | (bytes[position + 1] ?? 0);
      position += 2;
      const offset = reference >> 4;
      // A reference to where the next byte would be written ends it.
      if (offset === write) return out.subarray(0, length);
      for (let i = 0; i < (reference & 15) + 2; i++) put(dictionary[(offset + i) % SIZE] ?? 0);
    }
  }
  return out.subarray(0, length);
}
