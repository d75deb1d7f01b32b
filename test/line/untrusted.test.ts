import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PROJECT } from "../../build/project.ts";

test("one place only shakes hands without trust", () => {
  const doing = globSync("main/**/*.ts", { cwd: PROJECT }).filter((file) =>
    /rejectUnauthorized:(?!\s*true\b)/u.test(readFileSync(join(PROJECT, file), "utf8")),
  );
  expect(doing).toEqual([join("main", "line", "untrusted.ts")]);
});
