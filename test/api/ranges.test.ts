import fc from "fast-check";
import { expect, test } from "vitest";
import { rangeAnswer } from "../../main/api/ranges.ts";

const BODY = Buffer.from("0123456789");
const ask = (range: string | null) => {
  const { status, headers, body } = rangeAnswer(BODY, {}, range);
  return [status, Buffer.from(body).toString(), headers["content-range"]];
};

test.each([
  [null, 200, "0123456789", undefined],
  ["bytes=0-", 206, "0123456789", "bytes 0-9/10"],
  ["bytes=2-4", 206, "234", "bytes 2-4/10"],
  ["bytes=8-99", 206, "89", "bytes 8-9/10"],
  ["bytes=-3", 206, "789", "bytes 7-9/10"],
  ["bytes=-99", 206, "0123456789", "bytes 0-9/10"],
  ["bytes=10-", 416, "", "bytes */10"],
  ["bytes=-0", 416, "", "bytes */10"],
  ["bytes=4-2", 200, "0123456789", undefined],
  ["bytes=0-1,4-5", 200, "0123456789", undefined],
  ["bytes=-", 200, "0123456789", undefined],
  ["lines=1-2", 200, "0123456789", undefined],
])("the range %j is answered with %i", (range, status, body, contentRange) => {
  expect(ask(range)).toEqual([status, body, contentRange]);
});

test("a stretch is what the whole has there, whatever is asked", () => {
  fc.assert(
    fc.property(fc.nat(12), fc.nat(12), (from, to) => {
      const [status, body] = ask(`bytes=${from}-${to}`);
      if (status === 206) expect(body).toBe("0123456789".slice(from, to + 1));
    }),
  );
});
