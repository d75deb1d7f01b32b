import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { lockProfile } from "../../main/host/profile-lock.ts";

let profile = "";
beforeEach(() => {
  profile = mkdtempSync(join(tmpdir(), "satchel-lock-"));
});
afterEach(() => rmSync(profile, { recursive: true, force: true }));

describe("a profile", () => {
  test("belongs to one instance; the second is told where the first can be seen", async () => {
    let asked = 0;
    const first = await lockProfile(profile, () => {
      asked += 1;
      return "http://127.0.0.1:1/";
    });
    const second = await lockProfile(profile, () => null);
    expect(second).toEqual({ held: false, first: { pid: process.pid, address: "http://127.0.0.1:1/" } });
    expect(asked).toBe(1);
    if (first.held) first.release();
  });

  test("is free again when its instance ends", async () => {
    const first = await lockProfile(profile, () => null);
    expect(first.held).toBe(true);
    if (first.held) first.release();
    const next = await lockProfile(profile, () => null);
    expect(next.held).toBe(true);
    if (next.held) next.release();
  });

  test("is free at once after its instance was killed", async () => {
    const lock = new URL("../../main/host/profile-lock.ts", import.meta.url).href;
    const script = `import(${JSON.stringify(lock)}).then(async ({ lockProfile }) => {
      const lock = await lockProfile(${JSON.stringify(profile)}, () => null);
      console.log(lock.held ? "held" : "taken");
      setInterval(() => {}, 1000);
    })`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    expect(line.toString().trim()).toBe("held");
    expect((await lockProfile(profile, () => null)).held).toBe(false);
    child.kill("SIGKILL");
    await once(child, "exit");
    const next = await lockProfile(profile, () => null);
    expect(next.held).toBe(true);
    if (next.held) next.release();
  });

  test("of several instances started in one moment, one gets it", async () => {
    const locks = await Promise.all(Array.from({ length: 8 }, () => lockProfile(profile, () => null)));
    expect(locks.filter((lock) => lock.held)).toHaveLength(1);
    for (const lock of locks) if (lock.held) lock.release();
  });
});
