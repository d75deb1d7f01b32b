import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { axeFindings } from "../../support/axe.ts";
import { closeBrowser, HAS_CHROMIUM, type Look, type OpenWindow, openWindow } from "../../support/fake-engine/open-window.ts";
import { WritingEngine } from "../../support/fake-engine/writing.ts";

const PICTURES = fileURLToPath(new URL("../../../docs/pictures/", import.meta.url));

let open: OpenWindow | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});
afterAll(closeBrowser);

async function picture(name: string): Promise<void> {
  if (process.env["SATCHEL_PICTURES"] === undefined || open === undefined) return;
  mkdirSync(PICTURES, { recursive: true });
  await open.page.screenshot({ path: join(PICTURES, `${name}.png`) });
}

const LOOKS: readonly Look[] = [
  { language: "en", theme: "light" },
  { language: "zh-CN", theme: "dark", width: 700 },
];

describe.skipIf(!HAS_CHROMIUM)("the lock", () => {
  it.each(LOOKS)("shows nothing but itself until the PIN fits ($language, $theme)", async (look) => {
    const say = (en: string, zh: string): string => (look.language === "en" ? en : zh);
    const engine = new WritingEngine(Date.now());
    engine.lock = { on: true, locked: true, afterMinutes: 5, waitUntil: null, bySystem: "none" };
    open = await openWindow(engine, look);
    const { page } = open;
    await page.getByRole("heading", { name: say("Satchel is locked", "Satchel 已锁定") }).waitFor();
    expect(await page.getByRole("grid").count()).toBe(0);
    expect(await axeFindings(page)).toEqual([]);
    await page.getByLabel("PIN").fill("secret-pelican-8");
    await page.keyboard.press("Enter");
    await page.getByText(say("This PIN does not fit. Try again.", "PIN 不对，请再试一次。")).waitFor();
    await picture(`lock-${look.language === "en" ? "en" : "zh-dark-narrow"}`);
    await page.getByLabel("PIN").fill("secret-pelican-9");
    await page.keyboard.press("Enter");
    await page.getByRole("grid").first().waitFor();
  });

  it("takes the mail out of an open window, by its key too", async () => {
    const engine = new WritingEngine(Date.now());
    engine.lock = { on: true, locked: false, afterMinutes: 5, waitUntil: null, bySystem: "none" };
    open = await openWindow(engine);
    const { page } = open;
    await page.getByRole("row").first().waitFor();
    await page.keyboard.press("Control+Shift+L");
    await page.getByRole("heading", { name: "Satchel is locked" }).waitFor();
    await expect.poll(() => page.getByRole("row").count()).toBe(0);
    expect(engine.asked.some(({ method }) => method === "lock.now")).toBe(true);
  });

  it("is set with a PIN typed twice, and taken away after giving it once more", async () => {
    open = await openWindow();
    const { page, engine } = open;
    await page.getByRole("button", { name: "Settings" }).first().click();
    await page.getByRole("navigation", { name: "Sections" }).getByRole("button", { name: "Privacy and security" }).click();
    await page.getByRole("button", { name: "Set a PIN…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("PIN").fill("secret-pelican-9");
    await dialog.getByLabel("The same once more").fill("secret-pelican-0");
    await dialog.getByRole("button", { name: "Set PIN" }).click();
    await dialog.getByText("These two are not the same.").waitFor();
    await dialog.getByLabel("The same once more").fill("secret-pelican-9");
    const { promise, resolve } = Promise.withResolvers<void>();
    engine.opened = promise;
    await dialog.getByRole("button", { name: "Set PIN" }).click();
    // It stays until the PIN holds.
    await dialog.getByRole("button", { name: "Setting it …" }).waitFor();
    expect(engine.lock.on).toBe(false);
    resolve();
    await dialog.waitFor({ state: "detached" });
    expect(engine.lock.on).toBe(true);
    await page.getByRole("button", { name: "Turn off" }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole("button", { name: "Turn off" }).scrollIntoViewIfNeeded();
    await picture("lock-settings");
    await page.getByRole("button", { name: "Turn off" }).click();
    await page.getByRole("dialog", { name: "Your PIN, once more" }).getByLabel("PIN").fill("secret-pelican-9");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Set a PIN…" }).waitFor();
    expect(engine.lock.on).toBe(false);
  });

  it("asks for the old PIN over the new one, which stays there until the old one fits", async () => {
    const engine = new WritingEngine(Date.now());
    engine.lock = { on: true, locked: false, afterMinutes: 5, waitUntil: null, bySystem: "none" };
    open = await openWindow(engine);
    const { page } = open;
    await page.getByRole("button", { name: "Settings" }).first().click();
    await page.getByRole("navigation", { name: "Sections" }).getByRole("button", { name: "Privacy and security" }).click();
    await page.getByRole("button", { name: "Change PIN…" }).click();
    const fresh = page.getByRole("dialog", { name: "A PIN for Satchel" });
    await fresh.getByLabel("PIN").fill("secret-heron-4");
    await fresh.getByLabel("The same once more").fill("secret-heron-4");
    await page.keyboard.press("Enter");
    const old = page.getByRole("dialog", { name: "Your PIN, once more" });
    await old.getByLabel("PIN").waitFor();
    await page.keyboard.press("Escape");
    await old.waitFor({ state: "detached" });
    await fresh.getByRole("button", { name: "Set PIN" }).click();
    await old.getByLabel("PIN").fill("secret-pelican-9");
    await page.keyboard.press("Enter");
    await old.waitFor({ state: "detached" });
    await fresh.waitFor({ state: "detached" });
  });

  it("is opened by a finger where the system knows it, and says so where it does not", async () => {
    const engine = new WritingEngine(Date.now());
    engine.lock = { on: true, locked: true, afterMinutes: 5, waitUntil: null, bySystem: "on" };
    open = await openWindow(engine);
    const { page } = open;
    await page.getByRole("button", { name: "Touch ID" }).click();
    await page.getByText("The system did not confirm that it is you. Give your PIN.").waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await picture("lock-touch-id");
    engine.finger = true;
    await page.getByRole("button", { name: "Touch ID" }).click();
    await page.getByRole("grid").first().waitFor();
  });

  it("asks for the PIN before a message leaves as a file", async () => {
    const engine = new WritingEngine(Date.now());
    engine.lock = { on: true, locked: false, afterMinutes: null, waitUntil: null, bySystem: "none" };
    open = await openWindow(engine);
    const { page } = open;
    await page.getByRole("row", { name: "Invoice 2026-1187" }).first().click();
    await page
      .getByText(/their time/u)
      .or(page.getByRole("article"))
      .first()
      .waitFor();
    await page.keyboard.press("Control+u");
    await page.getByRole("button", { name: "Save as a file" }).click();
    const question = page.getByRole("dialog", { name: "Your PIN, once more" });
    await question.getByLabel("PIN").fill("secret-pelican-9");
    const saving = page.waitForEvent("download");
    await page.keyboard.press("Enter");
    await saving;
    expect(engine.asked.filter(({ method }) => method === "mail.export")).toHaveLength(2);
  });
});
