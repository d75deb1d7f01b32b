import fc from "fast-check";
import { expect, test } from "vitest";
import { FULL_BUCKET, pieceBytes, takeBytes, type UploadBucket } from "../../main/plan/upload-bucket.ts";

const START = 1_700_000_000_000;

test("without a limit everything leaves at once, and nothing is counted", () => {
  expect(takeBytes(FULL_BUCKET, 50_000_000, null, START)).toEqual({ kind: "go", bucket: FULL_BUCKET });
  expect(pieceBytes(null, 65_536)).toBe(65_536);
});

test("a piece is a quarter of a second, and never larger than what was asked for", () => {
  expect(pieceBytes(50_000, 65_536)).toBe(12_500);
  expect(pieceBytes(1_000_000, 65_536)).toBe(65_536);
});

test("a clock that was set back lets nothing pass, and keeps nobody waiting for the time between", () => {
  const bucket: UploadBucket = { tokens: 0, at: START + 3_600_000 };
  expect(takeBytes(bucket, 10_000, 50_000, START)).toEqual({ kind: "wait", waitMs: 200 });
});

test("over any stretch no more leaves than the limit, one bucket and one piece, and what waits goes as soon as it may", () => {
  const ask = fc.record({ bytes: fc.integer({ min: 1, max: 65_536 }), pauseMs: fc.integer({ min: 0, max: 3000 }) });
  fc.assert(
    fc.property(fc.constantFrom(50_000, 200_000, 1_000_000), fc.array(ask, { minLength: 1, maxLength: 60 }), (limit, asks) => {
      let bucket = FULL_BUCKET;
      let now = START;
      const left: { at: number; bytes: number }[] = [];
      for (const { bytes, pauseMs } of asks) {
        now += pauseMs;
        for (;;) {
          const taken = takeBytes(bucket, bytes, limit, now);
          if (taken.kind === "go") {
            bucket = taken.bucket;
            break;
          }
          expect(taken.waitMs).toBeGreaterThan(0);
          // A moment earlier it would have had to wait as well: nobody waits longer than needed.
          expect(takeBytes(bucket, bytes, limit, now + taken.waitMs - 1).kind).toBe("wait");
          now += taken.waitMs;
        }
        left.push({ at: now, bytes });
      }
      for (const [first, { at }] of left.entries()) {
        let sum = 0;
        for (const one of left.slice(first)) {
          sum += one.bytes;
          expect(sum).toBeLessThanOrEqual((limit * (one.at - at)) / 1000 + limit / 4 + 65_536 + 1);
        }
      }
    }),
  );
});
