import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const WINDOW = fileURLToPath(new URL("../../../renderer/", import.meta.url));

const textOf = (pattern: string): string =>
  globSync(pattern, { cwd: WINDOW })
    .map((file) => readFileSync(`${WINDOW}${file}`, "utf8"))
    .join("\n");

test("every value that a style asks for by name is defined somewhere: a name that is not is nothing, and says so nowhere", () => {
  const styles = textOf("**/*.css");
  const names = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, name = ""]) => name);
  const defined = new Set([...names(styles, /(--[a-z0-9-]+)\s*:/gu), ...names(textOf("**/*.{ts,tsx}"), /(--[a-z0-9-]+)/gu)]);
  const used = new Set(names(styles, /var\((--[a-z0-9-]+)\)/gu));
  expect([...used].filter((name) => !defined.has(name))).toEqual([]);
  expect(used.size).toBeGreaterThan(50);
});
