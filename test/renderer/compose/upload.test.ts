import { expect, it } from "vitest";
import { base64, encodedBytes, PIECE_BYTES, piecesOf } from "../../../renderer/state/upload.ts";

it("a file travels in whole base64 groups, in order, and comes out byte for byte", async () => {
  const bytes = Uint8Array.from({ length: PIECE_BYTES * 2 + 5 }, (_, at) => (at * 31) % 251);
  const seen: { offset: number; endsAt: number }[] = [];
  const parts: Buffer[] = [];
  for await (const piece of piecesOf(new Blob([bytes]))) {
    seen.push({ offset: piece.offset, endsAt: piece.endsAt });
    parts.push(Buffer.from(piece.base64, "base64"));
  }
  expect(seen).toEqual([
    { offset: 0, endsAt: PIECE_BYTES },
    { offset: PIECE_BYTES, endsAt: PIECE_BYTES * 2 },
    { offset: PIECE_BYTES * 2, endsAt: PIECE_BYTES * 2 + 5 },
  ]);
  expect(Buffer.concat(parts).equals(Buffer.from(bytes))).toBe(true);
});

it("an empty file has no pieces", async () => {
  const pieces = [];
  for await (const piece of piecesOf(new Blob([]))) pieces.push(piece);
  expect(pieces).toEqual([]);
});

it("the size after encoding is that of base64 in lines of 76 characters", () => {
  const sizeBytes = 100_000;
  const wire = (
    Buffer.alloc(sizeBytes)
      .toString("base64")
      .match(/.{1,76}/gu) ?? []
  )
    .map((line) => `${line}\r\n`)
    .join("");
  expect(encodedBytes(sizeBytes)).toBe(wire.length + 300);
  expect(base64(new Uint8Array([1, 2, 3]))).toBe("AQID");
});
