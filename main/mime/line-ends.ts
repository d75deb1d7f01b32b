/** Old Mac line ends (CR alone) become LF, so that nothing else has to know them. */
export function withLineFeeds(bytes: Buffer): Buffer {
  if (bytes.includes(0x0a) || !bytes.includes(0x0d)) return bytes;
  return Buffer.from(bytes.map((byte) => (byte === 0x0d ? 0x0a : byte)));
}
