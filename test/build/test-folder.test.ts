import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { makeTestFolder } from "../../build/test-folder.ts";
import { canMount } from "../support/small-disk.ts";

/** The folder of a run that was killed, beside which another begins. */
function afterKilledRun(): { parent: string; left: string } {
  const parent = mkdtempSync(join(tmpdir(), "satchel-runs-"));
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }));
  vi.stubEnv("SATCHEL_TESTS_IN", parent);
  onTestFinished(() => void vi.unstubAllEnvs());
  const left = join(parent, `st-${spawnSync("true").pid}-x`);
  mkdirSync(join(left, "disk"), { recursive: true });
  writeFileSync(join(left, "store"), "");
  return { parent, left };
}

test("what a killed run left goes when the next one begins, what a living one has stays", () => {
  const { parent, left } = afterKilledRun();
  const living = join(parent, `st-${process.pid}-y`);
  mkdirSync(living);
  const folder = makeTestFolder();
  expect([existsSync(folder), existsSync(left), existsSync(living)]).toEqual([true, false, true]);
});

test.skipIf(!canMount())("a disk that a killed run left mounted keeps no other run from beginning", () => {
  const { left } = afterKilledRun();
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", join(left, "disk")]);
  makeTestFolder();
  expect(existsSync(left)).toBe(false);
});
