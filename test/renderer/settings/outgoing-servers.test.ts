import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import type { OutgoingServerId } from "../../../shared/ids.ts";
import { axeFindings } from "../../support/axe.ts";
import { HARBOUR } from "../../support/fake-engine/mailbox.ts";
import { closeBrowser, HAS_CHROMIUM, type Look, type OpenWindow, openWindow } from "../../support/fake-engine/open-window.ts";
import { WritingEngine } from "../../support/fake-engine/writing.ts";

let open: OpenWindow | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});
afterAll(closeBrowser);

async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env["SATCHEL_PICTURES_IN"];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await page.mouse.move(0, 0);
  await page.getByRole("region", { name: /Outgoing servers|发信服务器/u }).scrollIntoViewIfNeeded();
  await page.screenshot({ path: join(folder, `${name}.png`), animations: "disabled" });
}

const further = (...hosts: string[]) =>
  hosts.map((host, at) => ({
    id: (at + 1) as OutgoingServerId,
    settings: { host, port: 587, security: "starttls" as const, user: "lin@harbour.example" },
  }));

async function account(hosts: string[], look: Look = {}): Promise<OpenWindow> {
  const engine = new WritingEngine(Date.now());
  engine.accounts = engine.accounts.map((one) => (one.id === HARBOUR ? { ...one, furtherOutgoing: further(...hosts) } : one));
  open = await openWindow(engine, look);
  const { page } = open;
  await page.getByRole("button", { name: look.language === "zh-CN" ? "设置" : "Settings" }).click();
  const sections = page.getByRole("navigation", { name: look.language === "zh-CN" ? "设置分类" : "Sections of the settings" });
  await sections.getByRole("button", { name: look.language === "zh-CN" ? "账户" : "Accounts" }).click();
  await page.getByRole("button", { name: /(?:Edit|编辑) Harbour Studio/u }).click();
  return open;
}

describe.skipIf(!HAS_CHROMIUM)("outgoing servers", () => {
  it("are added with a password of their own, after a test of the same steps as a new account's", async () => {
    const { page, engine } = await account([]);
    const section = page.getByRole("region", { name: "Outgoing servers" });
    await section.getByText("smtp.harbour.example:465 TLS").waitFor();
    expect(await section.getByRole("switch").count()).toBe(0);
    await section.getByRole("button", { name: "Add outgoing server" }).click();
    const form = page.getByRole("form", { name: "New outgoing server" });
    await form.getByLabel("Server", { exact: true }).fill("smtp.fallback example");
    await form.getByRole("button", { name: "Save" }).click();
    await form.getByText("The password is missing.").waitFor();
    await form.getByText(/^A name such as/u).waitFor();
    await form.getByLabel("Server", { exact: true }).fill("smtp.relay.example");
    await form.getByLabel("Password").fill("secret-second");
    await form.getByRole("button", { name: "Test connection" }).click();
    const test = form.getByRole("region", { name: "Connection test" });
    await test.getByText("signed in").waitFor();
    expect(await test.getByRole("listitem").count()).toBe(6);
    const settings = { host: "smtp.relay.example", port: 465, security: "tls", user: "lin@harbour.example" };
    const credential = { kind: "password", password: "secret-second" };
    expect(engine.askedFor("accounts.testOutgoing")).toEqual([{ accountId: HARBOUR, id: null, settings, credential }]);
    await picture(page, "outgoing-servers-test");
    await form.getByLabel("Password").press("Enter");
    await section.getByText("smtp.relay.example:465 TLS").waitFor();
    expect(engine.askedFor("accounts.saveOutgoing")).toEqual([{ accountId: HARBOUR, id: null, settings, credential }]);
  });

  it("are agreed to, put in order, changed without their password, and removed", async () => {
    const { page, engine } = await account(["smtp.relay.example", "mail.backup.example"]);
    const section = page.getByRole("region", { name: "Outgoing servers" });
    const unreachable = section.getByRole("switch", { name: "Use the next one when a server cannot be reached" });
    const limits = section.getByRole("switch", { name: "Also when it takes no more for now" });
    expect([await unreachable.isChecked(), await limits.isDisabled()]).toEqual([false, true]);
    await unreachable.focus();
    await page.keyboard.press("Space");
    await expect.poll(() => limits.isDisabled()).toBe(false);
    await limits.focus();
    await page.keyboard.press("Space");
    await expect.poll(() => engine.askedFor("accounts.setFallback").map(({ fallback }) => fallback)).toEqual(["unreachable", "limits"]);
    await picture(page, "outgoing-servers");
    await section.getByRole("button", { name: "Use mail.backup.example earlier" }).click();
    await expect.poll(() => engine.askedFor("accounts.orderOutgoing")).toEqual([{ accountId: HARBOUR, ids: [2, 1] }]);
    await section.getByRole("button", { name: "Edit smtp.relay.example" }).click();
    const form = page.getByRole("form", { name: "Outgoing server smtp.relay.example" });
    await form.getByLabel("Port").fill("2525");
    await form.getByRole("button", { name: "Save" }).click();
    await section.getByText("smtp.relay.example:2525 STARTTLS").waitFor();
    expect(engine.askedFor("accounts.saveOutgoing")[0]?.credential).toBeNull();
    await section.getByRole("button", { name: "Edit smtp.relay.example" }).click();
    await form.getByRole("button", { name: "Remove server" }).click();
    await expect.poll(() => engine.askedFor("accounts.removeOutgoing")).toEqual([{ id: 1 }]);
    await expect.poll(() => section.getByText("smtp.relay.example").count()).toBe(0);
  });

  it.each(["light", "dark"] as const)("are sound to axe, the list, a form and its test, %s", async (theme) => {
    const { page } = await account(["smtp.relay.example", "mail.backup.example"], { theme });
    const section = page.getByRole("region", { name: "Outgoing servers" });
    await section.getByRole("switch", { name: "Use the next one when a server cannot be reached" }).focus();
    await page.keyboard.press("Space");
    expect(await axeFindings(page)).toEqual([]);
    await section.getByRole("button", { name: "Add outgoing server" }).click();
    const form = page.getByRole("form", { name: "New outgoing server" });
    await form.getByLabel("Server", { exact: true }).fill("smtp.third example");
    await form.getByRole("button", { name: "Save" }).click();
    await form.getByText("The password is missing.").waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await form.getByLabel("Server", { exact: true }).fill("smtp.third.example");
    await form.getByLabel("Password").fill("secret-third");
    await form.getByRole("button", { name: "Test connection" }).click();
    await form.getByRole("region", { name: "Connection test" }).getByText("signed in").waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });

  it("stand in Chinese, in the dark and in a narrow window, without anything cut off", async () => {
    const { page } = await account(["smtp.relay.example", "mail.backup.example"], { language: "zh-CN", theme: "dark" });
    await page.setViewportSize({ width: 700, height: 900 });
    const section = page.getByRole("region", { name: "发信服务器" });
    await section.getByText("连不上时改用下一个服务器").waitFor();
    expect(await section.evaluate((node) => node.scrollWidth <= node.clientWidth)).toBe(true);
    await picture(page, "outgoing-servers-dark-zh");
  });
});
