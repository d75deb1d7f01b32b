import { expect, test } from "vitest";
import { sha256, sha256InSlices } from "../../main/store/blobs.ts";

const MB = 1024 * 1024;

test.each([0, 1, 4 * MB, 4 * MB + 1, 13 * MB])("the hash of a message of %i bytes is the same in slices", async (size) => {
  const bytes = Buffer.alloc(size, "a line of mail\r\n");
  expect(await sha256InSlices(bytes)).toBe(sha256(bytes));
});

test("while a large message is hashed the thread listens again and again", async () => {
  let turns = 0;
  const count = (): void => {
    turns += 1;
    next = setImmediate(count);
  };
  let next = setImmediate(count);
  await sha256InSlices(Buffer.alloc(40 * MB));
  clearImmediate(next);
  expect(turns).toBeGreaterThanOrEqual(9);
});
