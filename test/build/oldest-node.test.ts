import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const RUN = fileURLToPath(new URL("../../build/run.mjs", import.meta.url));
const OLDEST = 20;
const OWN = 24;

/** A Node of this computer that is older than the project's own: what somebody's first `npm start` runs on. */
function olderNode(): string | null {
  const name = process.platform === "win32" ? "node.exe" : "node";
  const found = (process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, name));
  return (
    found.filter(existsSync).find((program) => {
      const major = Number(execFileSync(program, ["-p", "process.versions.node"], { encoding: "utf8" }).split(".")[0]);
      return major >= OLDEST && major < OWN;
    }) ?? null
  );
}

const older = olderNode();

describe.skipIf(older === null)("the first command on a Node that is older than the project's own", () => {
  test("is understood by it: a script that does not exist is told as that", () => {
    const { status, stderr } = spawnSync(older ?? "", [RUN, "nothing"], { encoding: "utf8" });
    expect(stderr).toBe("There is no build/nothing.ts to run.\n");
    expect(status).toBe(1);
  });

  test("goes on in the project's own Node, and its exit code comes back", () => {
    const { status, stderr } = spawnSync(older ?? "", [RUN, "start", "--windowless"], { encoding: "utf8" });
    expect(stderr).toContain("--windowless");
    expect(status).toBe(2);
  });
});
