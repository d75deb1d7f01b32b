import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { closeBrowser, HAS_BROWSER, Program } from "../support/browser.ts";
import { HostProcess } from "../support/host-process.ts";

describe.skipIf(!HAS_BROWSER)("a profile in trouble", { timeout: 120_000 }, () => {
  let profile = "";
  beforeEach(() => {
    profile = mkdtempSync(join(tmpdir(), "satchel-journey-"));
  });
  afterEach(() => rmSync(profile, { recursive: true, force: true, maxRetries: 5 }));
  afterAll(closeBrowser);

  test("a second start leads to the window of the first, and starts no engine of its own", async () => {
    const program = await Program.start({ profile });
    try {
      const first = await program.line.request("health.hello", {});
      const second = await HostProcess.start({ profile });
      const line = await second.connect();
      expect((await line.request("health.hello", {})).engineRun).toBe(first.engineRun);
      line.close();
      await second.stop();
    } finally {
      await program.stop();
    }
  });

  test("a store that is damaged says so in the window", async () => {
    writeFileSync(join(profile, "satchel.db"), "not a database ".repeat(1000));
    const program = await Program.start({ profile });
    try {
      await program.page
        .getByText(/The store on this computer is damaged/u)
        .first()
        .waitFor();
    } finally {
      await program.stop();
    }
  });
});
