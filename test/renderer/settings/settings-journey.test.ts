import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { axeFindings } from "../../support/axe.ts";
import { closeBrowser, HAS_CHROMIUM, type Look, type OpenWindow, openWindow } from "../../support/fake-engine/open-window.ts";
import { WritingEngine } from "../../support/fake-engine/writing.ts";

let open: OpenWindow | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});
afterAll(closeBrowser);

async function settings(section: string, engine = new WritingEngine(Date.now()), look: Look = {}): Promise<OpenWindow> {
  open = await openWindow(engine, look);
  await open.page.getByRole("button", { name: "Settings" }).click();
  await open.page.getByRole("navigation", { name: "Sections of the settings" }).getByRole("button", { name: section }).click();
  return open;
}

describe.skipIf(!HAS_CHROMIUM)("settings", () => {
  it("apply at once and are kept by the engine", async () => {
    const { page, engine } = await settings("Appearance and language");
    await page.getByRole("radio", { name: "Dark" }).check({ force: true });
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset["theme"])).toBe("dark");
    await page.getByRole("radio", { name: "Compact" }).click();
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset["density"])).toBe("compact");
    await expect.poll(() => [engine.settings.theme, engine.settings.density]).toEqual(["dark", "compact"]);
  });

  it("are left by Escape, except where something may be half filled in", async () => {
    const { page } = await settings("Reading");
    const sections = page.getByRole("navigation", { name: "Sections of the settings" });
    await page.keyboard.press("Escape");
    await sections.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Settings" }).click();
    await page.getByRole("button", { name: "Edit" }).first().click();
    await page.getByRole("button", { name: "All accounts" }).focus();
    await page.keyboard.press("Escape");
    expect(await page.getByRole("button", { name: "All accounts" }).isVisible()).toBe(true);
  });

  it("ask the browser for notifications in the click, and tell of new mail by it once it agrees", async () => {
    const { page, engine } = await settings("Reading");
    await page.getByText("The browser has not been asked yet", { exact: false }).waitFor();
    await page.context().grantPermissions(["notifications"]);
    await page.getByRole("button", { name: "Ask it now" }).click();
    await page.getByText("The browser has not been asked yet", { exact: false }).waitFor({ state: "detached" });
    await page.evaluate(() => {
      document.hasFocus = () => false;
      const Real = Notification;
      // What the browser was given: nothing else tells what it shows.
      window.Notification = class extends Real {
        constructor(title: string, options?: NotificationOptions) {
          super(title, options);
          document.documentElement.dataset["told"] = this.title;
        }
      };
    });
    engine.emit("tell.arrived", { id: 1, placementIds: [], count: 7 });
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset["told"])).toBe("7 new messages");
    expect(await page.title()).toMatch(/^\(\d+\) Satchel$/u);
  });

  it("stand still where an organisation has set them, and say who has", async () => {
    const engine = new WritingEngine(Date.now());
    engine.policy = {
      organisation: "Harbour Studio",
      locked: ["density", "theme"],
      proxy: null,
      onlyDomains: ["harbour.example"],
      address: "",
      personName: "",
      signIn: false,
      place: "/etc/satchel/policy.json",
      problem: null,
    };
    const { page } = await settings("Appearance and language", engine);
    await page.getByText("Harbour Studio manages some settings of this Satchel").waitFor();
    await page.getByText("Only accounts of harbour.example can be added.", { exact: false }).waitFor();
    expect(await page.getByText("Set by Harbour Studio").count()).toBe(2);
    expect(await page.getByRole("radio", { name: "Compact" }).isDisabled()).toBe(true);
    expect(await page.getByRole("radio", { name: "Dark" }).isDisabled()).toBe(true);
    expect(await page.getByRole("button", { name: "Larger" }).isDisabled()).toBe(false);
    expect(await axeFindings(page)).toEqual([]);
    const folder = process.env["SATCHEL_PICTURES_IN"];
    if (folder !== undefined) await page.screenshot({ path: join(folder, "policy-settings.png"), animations: "disabled" });
  });

  it("say that a policy is out of force, and why", async () => {
    const engine = new WritingEngine(Date.now());
    const place = "/etc/satchel/policy.json";
    const none = { organisation: "", locked: [], proxy: null, onlyDomains: null, address: "", personName: "", signIn: false };
    engine.policy = { ...none, place, problem: 'Unrecognized key: "setings"' };
    const { page } = await settings("Appearance and language", engine);
    await page.getByText("A policy for this computer cannot be read").waitFor();
    await page.getByText('Unrecognized key: "setings"', { exact: false }).waitFor();
    expect(await page.getByRole("radio", { name: "Compact" }).isDisabled()).toBe(false);
  });

  it("scroll inside the window, however long a section is", async () => {
    const { page } = await settings("Shortcuts");
    await page.setViewportSize({ width: 1000, height: 500 });
    await page.mouse.move(600, 300);
    await page.mouse.wheel(0, 20_000);
    const last = page.getByRole("button", { name: /Change the key of Work offline/ });
    await expect.poll(async () => (await last.boundingBox())?.y ?? Number.POSITIVE_INFINITY).toBeLessThan(500);
    const title = await page.getByRole("heading", { level: 1, name: "Shortcuts" }).boundingBox();
    expect(title?.y).toBeGreaterThanOrEqual(0);
  });

  it("give a key away only when the user says so", async () => {
    const { page, engine } = await settings("Shortcuts");
    const archive = page.getByRole("button", { name: /Change the key of Archive/ });
    await archive.click();
    await page.keyboard.press("j");
    await page.getByText("J is taken by “Next message”.").waitFor();
    expect(engine.settings.shortcuts).toEqual({});
    await page.getByRole("button", { name: "Take it from there" }).click();
    await expect.poll(() => engine.settings.shortcuts).toEqual({ archive: "j", next: "" });
    await page.getByRole("button", { name: "Change the key of Next message, now none" }).waitFor();
    await page.keyboard.press("?");
    const sheet = page.getByRole("dialog");
    expect(await sheet.locator(".keys-line", { hasText: "Next message" }).innerText()).toMatch(/none$/u);
    expect(await sheet.locator(".keys-line", { hasText: "Archive" }).first().innerText()).toMatch(/J$/u);
    await page.keyboard.press("Escape");
    await sheet.waitFor({ state: "detached" });
    await archive.click();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "All back to standard" }).click();
    await expect.poll(() => engine.settings.shortcuts).toEqual({});
  });

  it("remove an account only after saying what goes", async () => {
    const { page, engine } = await settings("Accounts");
    await page.getByRole("button", { name: "Edit Harbour Studio" }).click();
    await page.getByRole("button", { name: "Remove account…" }).click();
    await page
      .getByText(/On the server nothing changes\.$/)
      .last()
      .waitFor();
    await page.getByRole("button", { name: "Keep", exact: true }).click();
    expect(engine.askedFor("accounts.remove")).toEqual([]);
    await page.getByRole("button", { name: "Remove account…" }).click();
    await page.getByRole("button", { name: "Remove account", exact: true }).click();
    await expect.poll(() => engine.askedFor("accounts.remove")).toEqual([{ accountId: 1 }]);
  });

  it("change a signature, and a changed password is tested before it is kept", async () => {
    const { page, engine } = await settings("Accounts");
    await page.getByRole("button", { name: "Edit Harbour Studio" }).click();
    await page.getByRole("button", { name: "Edit lin@harbour.example" }).click();
    await page.getByLabel("Signature").fill("Lin Wei\nHarbour Studio");
    await page.getByRole("button", { name: "Save" }).click();
    await expect.poll(() => engine.askedFor("accounts.saveIdentity")[0]?.signature).toBe("Lin Wei\nHarbour Studio");
    await page.getByRole("button", { name: "Enter again…" }).click();
    await page.getByLabel(/Password ·/).fill("secret-new");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Both sides work" }).waitFor();
    expect(engine.askedFor("accounts.setCredential")).toEqual([]);
    await page.getByRole("button", { name: "Continue" }).click();
    await expect
      .poll(() => engine.askedFor("accounts.setCredential"))
      .toEqual([{ accountId: 1, credential: { kind: "password", password: "secret-new" } }]);
  });

  it("are found by their words", async () => {
    const { page } = await settings("Accounts");
    await page.getByRole("searchbox", { name: "Search settings" }).fill("take back");
    await page.getByRole("button", { name: /Take back after Send/ }).click();
    await page.getByRole("main", { name: "Writing" }).waitFor();
  });

  it("show how much can be read offline and rebuild the index", async () => {
    const { page, engine } = await settings("Offline and storage");
    await page.getByText("40,400 of 41,206 messages are on this computer.").waitFor();
    await page.getByRole("button", { name: "Rebuild" }).click();
    await expect.poll(() => engine.askedFor("health.rebuildIndex").length).toBe(1);
  });
});
