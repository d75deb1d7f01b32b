/** Bytes that are to leave over a line. Pieces are asked for in order, so that a large message need never be in memory whole. */
export type ByteSource = {
  readonly sizeBytes: number;
  /** @param into memory that may be used for it, at least as long: who gives the same each time leaves nothing to be collected */
  read(offset: number, length: number, into?: Buffer): Promise<Uint8Array>;
};

/** What is in memory already. */
export function sourceOf(bytes: Uint8Array): ByteSource {
  return { sizeBytes: bytes.length, read: async (offset, length) => bytes.subarray(offset, offset + length) };
}

/** `head`, and `rest` after it. */
export function sourceAfter(head: Uint8Array, rest: ByteSource): ByteSource {
  return {
    sizeBytes: head.length + rest.sizeBytes,
    async read(offset, length, into) {
      if (offset >= head.length) return await rest.read(offset - head.length, length, into);
      const first = head.subarray(offset, offset + length);
      if (first.length === length || rest.sizeBytes === 0) return first;
      return Buffer.concat([first, await rest.read(0, Math.min(length - first.length, rest.sizeBytes))]);
    },
  };
}

/** All of it, for those who cannot do with less. */
export async function wholeOf(source: ByteSource): Promise<Uint8Array> {
  return await source.read(0, source.sizeBytes);
}

/** All of it, in pieces of this length, in one piece of memory: each must be done with before the next is asked for. */
export async function* piecesOf(source: ByteSource, pieceBytes: number): AsyncGenerator<Uint8Array> {
  const memory = Buffer.allocUnsafe(Math.min(pieceBytes, source.sizeBytes));
  for (let at = 0; at < source.sizeBytes; at += pieceBytes)
    yield await source.read(at, Math.min(pieceBytes, source.sizeBytes - at), memory);
}
