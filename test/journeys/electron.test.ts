import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { _electron, type ElectronApplication, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { installedElectron } from "../../build/electron-binary.ts";
import { PROJECT } from "../../build/project.ts";
import { openRow, write } from "../support/browser-deeds.ts";

// Asked for by name, because it needs a display (xvfb-run) and a system on which Electron's sandbox works.
const asked = process.env["SATCHEL_JOURNEYS"] === "electron";
const program = installedElectron();
const built = existsSync(join(PROJECT, "out/main/electron.js"));

describe.skipIf(!asked || program === null || !built)("in the real Electron, with the demo mailbox", { timeout: 180_000 }, () => {
  let profile: string;
  let app: ElectronApplication;
  let page: Page;
  beforeAll(async () => {
    profile = mkdtempSync(join(tmpdir(), "satchel-electron-"));
    ({ app, page } = await open(profile, ["--demo"]));
  }, 180_000);
  afterAll(async () => {
    await app?.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  });

  test("the window is sandboxed: no Node in it, nothing of the bridge but the line, and no way elsewhere", async () => {
    expect(await page.evaluate(() => [typeof Reflect.get(globalThis, "require"), typeof Reflect.get(globalThis, "process")])).toEqual([
      "undefined",
      "undefined",
    ]);
    const before = page.url();
    await page.evaluate(() => window.open("https://example.test/"));
    await page.evaluate(() => {
      location.href = "https://example.test/";
    });
    await page.getByRole("grid").first().waitFor();
    expect(page.url()).toBe(before);
    expect(app.windows()).toHaveLength(1);
  });

  test("letters are listed, and one opens with its text", async () => {
    const row = page.getByRole("grid").getByRole("row").first();
    await row.waitFor();
    await row.click();
    await page.getByRole("feed", { name: "Conversation" }).getByRole("article").first().waitFor();
  });

  test("what is written is sent through the demo's own servers and listed in Sent", async () => {
    await page.getByRole("button", { name: /New message/u }).click();
    await write(page, { to: "someone@example.test", subject: "From the real window", text: "Written in Electron." });
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await page.getByRole("navigation", { name: "Folders" }).getByRole("button", { name: /^Sent/u }).last().click();
    await (await openRow(page, "From the real window")).getByText("Written in Electron.").waitFor();
  });

  test("a second start with the same profile ends by itself", async () => {
    const second = await _electron.launch({ executablePath: program ?? "", args: [PROJECT, "--profile", profile] }).catch(() => null);
    await second?.waitForEvent("close");
    expect(app.windows()).toHaveLength(1);
  });
});

async function open(profile: string, args: readonly string[]): Promise<{ app: ElectronApplication; page: Page }> {
  const app = await _electron.launch({
    executablePath: program ?? "",
    args: [PROJECT, "--profile", profile, "--lang", "en", ...args],
  });
  return { app, page: await app.firstWindow() };
}
