import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { relative, resolve } from "node:path";
import { afterAll, expect } from "vitest";
import { secretsBelow } from "./files.ts";

/**
 * Set up before each test file: what it takes away of its temporary folders is searched for secrets first, and one that is found fails the
 * file. What stays is searched when the run ends (`whole-run.ts`).
 */
const found: string[] = [];
const run = tmpdir();

function look(path: fs.PathLike): void {
  const below = relative(run, resolve(String(path)));
  if (below !== "" && !below.startsWith("..")) found.push(...secretsBelow(resolve(String(path))));
}

const { rmSync } = fs;
const { rm } = fs.promises;
fs.rmSync = (path, options) => {
  look(path);
  rmSync(path, options);
};
fs.promises.rm = (path, options) => {
  look(path);
  return rm(path, options);
};
syncBuiltinESMExports();

afterAll(() => {
  fs.rmSync = rmSync;
  fs.promises.rm = rm;
  syncBuiltinESMExports();
  expect(found, "secrets in what this file's tests left").toEqual([]);
});
