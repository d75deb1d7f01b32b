/** What may leave at once, in bytes, as of `at` (ms UTC). Below nothing after more than that left in one piece. */
export type UploadBucket = { readonly tokens: number; readonly at: number };
export const FULL_BUCKET: UploadBucket = { tokens: Number.POSITIVE_INFINITY, at: 0 };

/** A quarter of a second may leave at once: no more than the line itself has in hand, and small enough for several to take turns. */
const PARTS_A_SECOND = 4;
const LEAST_BYTES = 1024;

function capacity(bytesASecond: number): number {
  return Math.max(LEAST_BYTES, Math.floor(bytesASecond / PARTS_A_SECOND));
}

/** The piece to ask for at a time, of `most` bytes without a limit. */
export function pieceBytes(bytesASecond: number | null, most: number): number {
  return bytesASecond === null ? most : Math.min(most, capacity(bytesASecond));
}

/**
 * Lets a piece go, or says how long it has to wait. A piece that is larger than the bucket goes when that is full, and the next ones make up for
 * it: the limit holds over any stretch of time, but for one piece and what the bucket holds.
 */
export function takeBytes(
  bucket: UploadBucket,
  bytes: number,
  bytesASecond: number | null,
  now: number,
): { readonly kind: "go"; readonly bucket: UploadBucket } | { readonly kind: "wait"; readonly waitMs: number } {
  if (bytesASecond === null) return { kind: "go", bucket };
  const most = capacity(bytesASecond);
  // A clock that was set back fills nothing; it is counted from there.
  const tokens = Math.min(most, bucket.tokens + (Math.max(0, now - bucket.at) * bytesASecond) / 1000);
  const needed = Math.min(bytes, most);
  // A thousandth of a byte is lost in the arithmetic.
  if (tokens >= needed - 0.001) return { kind: "go", bucket: { tokens: tokens - bytes, at: now } };
  return { kind: "wait", waitMs: Math.ceil(((needed - tokens) * 1000) / bytesASecond) };
}
