import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PROJECT } from "../../build/project.ts";
import { ALONE } from "../../build/test-files.ts";

/** What would still be there in the next file that runs in the same process. */
const LASTING = /\bvi\.(?:mock|doMock|stubGlobal)\("|\bprocess\.chdir\(\w/u;

test("files that put something else in the place of a module or of a global have a process of their own", () => {
  const alone = new Set(ALONE.flatMap((pattern) => globSync(pattern, { cwd: PROJECT })));
  expect(alone.size).toBeGreaterThanOrEqual(ALONE.length);
  const files = globSync("test/**/*.test.{ts,tsx}", { cwd: PROJECT });
  const wrong = files.filter((file) => !alone.has(file) && LASTING.test(readFileSync(join(PROJECT, file), "utf8")));
  expect(wrong).toEqual([]);
});
