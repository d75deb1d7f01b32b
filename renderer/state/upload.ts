/** Bytes in one piece on the way to the engine: a whole number of base64 groups, under the contract's 512 KiB. */
export const PIECE_BYTES = 384 * 1024;

/** Most providers take messages up to 25 MB after encoding. */
export const USUAL_LIMIT_BYTES = 25_000_000;

/** Size on the wire: base64 in lines of 76 characters with CRLF (RFC 2045 §6.8), and a part's header. */
export function encodedBytes(sizeBytes: number): number {
  const groups = Math.ceil(sizeBytes / 3) * 4;
  return groups + Math.ceil(groups / 76) * 2 + 300;
}

/** Base64 of `bytes`. In slices: a spread of hundreds of thousands of arguments overflows the stack. */
export function base64(bytes: Uint8Array): string {
  let binary = "";
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
}

/** The pieces of a file in order. Reads one at a time, so that a file of a gigabyte costs one piece of memory. */
export async function* piecesOf(file: Blob): AsyncGenerator<{ offset: number; base64: string; endsAt: number }> {
  for (let offset = 0; offset < file.size; offset += PIECE_BYTES) {
    const bytes = new Uint8Array(await file.slice(offset, offset + PIECE_BYTES).arrayBuffer());
    yield { offset, base64: base64(bytes), endsAt: offset + bytes.length };
  }
}
