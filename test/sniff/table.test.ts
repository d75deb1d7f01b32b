import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { VECTORS } from "./vectors.ts";

test("the table of vectors in the documentation is the list that is tried", () => {
  const table = readFileSync(new URL("../../docs/reading-safety.md", import.meta.url), "utf8");
  const rows = [...table.matchAll(/^\| ([a-z0-9-]+) \| (calls|runs|nothing)\b/gmu)].map(([, name, bare]) => `${name} ${bare}`);
  expect(rows).toEqual(VECTORS.map(({ name, bare }) => `${name} ${bare}`));
  expect(new Set(VECTORS.map(({ name }) => name)).size).toBe(VECTORS.length);
});
