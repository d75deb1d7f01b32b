import type { Page } from "playwright-core";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { axeFindings } from "../../support/axe.ts";
import { closeBrowser, HAS_CHROMIUM, type Look, type OpenWindow, openWindow } from "../../support/fake-engine/open-window.ts";
import { twoThingsNeeded } from "../../support/fake-engine/test-runs.ts";
import { WritingEngine } from "../../support/fake-engine/writing.ts";

let open: OpenWindow | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});
afterAll(closeBrowser);

// Colours are the theme's and names the language's: two looks show all of both.
const LOOKS: readonly Look[] = [
  { language: "en", theme: "light" },
  { language: "zh-CN", theme: "dark" },
];

describe.skipIf(!HAS_CHROMIUM).each(LOOKS)("axe finds nothing ($language, $theme)", (look) => {
  const say = (en: string, zh: string): string => (look.language === "en" ? en : zh);

  it("in the first run and the wizard", async () => {
    const engine = new WritingEngine(Date.now(), false);
    engine.testFor = twoThingsNeeded;
    open = await openWindow(engine, look);
    const { page } = open;
    const address = page.getByLabel(say("Mail address", "邮箱地址"));
    await address.waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await address.fill("user1@qq.com");
    await page.keyboard.press("Enter");
    const code = page.getByLabel(say("Authorization code · user1@qq.com", "授权码 · user1@qq.com"));
    await code.fill("Password2026");
    await code.blur();
    expect(await axeFindings(page)).toEqual([]);
    await code.fill("secretsesamecode");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: say("Use 587", "改用 587") }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole("button", { name: say("Enter servers by hand…", "手动填写服务器…") }).click();
    await page.getByRole("group", { name: say("Incoming, IMAP", "收信（IMAP）") }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });

  it("where it is said what is kept offline, and in getting ready for a trip", async () => {
    open = await openWindow(new WritingEngine(Date.now()), look);
    const { page } = open;
    await page.locator("button.status").click();
    await page.getByRole("button", { name: say("Choose…", "选择…") }).click();
    const trip = page.getByRole("dialog", { name: say("Get ready for a trip", "为出行做准备") });
    await trip
      .getByText(say("86.0 MB, about 2 min", "86.0 MB，约 2 分钟"))
      .or(trip.getByText(say("86 MB, about 2 min", "86 MB，约 2 分钟")))
      .waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: say("Settings", "设置") }).click();
    await page.getByRole("button", { name: say("Offline and storage", "离线与存储") }).click();
    await page.getByRole("button", { name: say("Show the folders of Harbour Studio", "显示「Harbour Studio」的文件夹") }).click();
    await page.getByRole("button", { name: say("Keep Inbox offline…", "「收件箱」的离线保留…") }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole("button", { name: say("Keep Inbox offline…", "「收件箱」的离线保留…") }).click();
    await page
      .getByRole("dialog")
      .getByRole("button", { name: say("Done", "完成") })
      .waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });

  it("where the vault is made and opened, and where names are given", async () => {
    const engine = new WritingEngine(Date.now(), false);
    engine.vault = { kind: "none", locked: false, place: "", warning: "none" };
    open = await openWindow(engine, look);
    const { page } = open;
    await page.getByLabel(say("Mail address", "邮箱地址")).fill("user1@example.test");
    await page.keyboard.press("Enter");
    const make = page.getByRole("button", { name: say("Make the vault", "建立密码库") });
    await make.click();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByText(say("Use a key file", "用密钥文件")).click();
    expect(await axeFindings(page)).toEqual([]);
    await make.click();
    await page.getByLabel(say("Password · user1@example.test", "密码 · user1@example.test")).fill("secret-of-one");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: say("Continue", "继续"), exact: true }).click();
    await page.getByLabel(say("Name of the account", "账户名称")).fill("");
    await page.keyboard.press("Enter");
    expect(await axeFindings(page)).toEqual([]);
    await open.close();
    const locked = new WritingEngine(Date.now());
    locked.vault = { kind: "passphrase", locked: true, place: "vault.json", warning: "none" };
    open = await openWindow(locked, look);
    await open.page.getByRole("dialog").getByLabel(say("Passphrase", "口令")).fill("wrong");
    await open.page.keyboard.press("Enter");
    await open.page.getByText(say("This is not the passphrase.", "口令不对。")).waitFor();
    expect(await axeFindings(open.page)).toEqual([]);
  });

  it("where a page cannot be drawn: it says so, the sidebar stays, and the next page is a new beginning", async () => {
    const engine = new WritingEngine(Date.now());
    engine.items = [null as never];
    open = await openWindow(engine, look);
    const { page } = open;
    await page.getByRole("button", { name: new RegExp(`^${say("Outbox", "发件箱")}`, "u") }).click();
    await page.getByRole("alert").getByRole("button").waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole("button", { name: new RegExp(`^${say("Drafts", "草稿")}`, "u") }).click();
    await page.getByRole("main", { name: say("Drafts", "草稿") }).waitFor();
    expect(await page.getByRole("alert").count()).toBe(0);
  });

  it("in the outbox and its question", async () => {
    open = await openWindow(undefined, look);
    const { page } = open;
    await page.getByRole("button", { name: new RegExp(`^${say("Outbox", "发件箱")}`, "u") }).click();
    const again = page.getByRole("button", { name: say("Send it again…", "重新发送…") });
    await again.waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await again.click();
    await page.getByRole("alertdialog").waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });

  it("in a composer with everything in it, as a panel and at full size, and in Drafts", async () => {
    open = await openWindow(undefined, look);
    const { page } = open;
    await page
      .getByRole("button", { name: say("New message", "写邮件") })
      .first()
      .click();
    const composer = page.getByRole("region", { name: say("Messages being written", "正在写的邮件") }).getByRole("article");
    await composer.getByRole("combobox", { name: say("To", "收件人") }).waitFor();
    await page.keyboard.type("user1@example.test,nobody,");
    await composer
      .locator(".composer-foot input[type=file]")
      .setInputFiles({ name: "list.pdf", mimeType: "application/pdf", buffer: Buffer.alloc(900) });
    await page.keyboard.press("Control+Enter");
    await composer.getByRole("combobox").first().fill("xiao");
    await page.getByRole("option").first().waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await composer.getByRole("button", { name: say("Full size", "全尺寸") }).click();
    expect(await axeFindings(page)).toEqual([]);
    await composer.getByRole("button", { name: say("Minimise", "最小化") }).click();
    await page.getByRole("button", { name: new RegExp(`^${say("Drafts", "草稿")}`, "u") }).click();
    await page.getByRole("main", { name: say("Drafts", "草稿") }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });

  it("in every section of the settings", async () => {
    open = await openWindow(undefined, look);
    const { page } = open;
    await page.getByRole("button", { name: say("Settings", "设置") }).click();
    const sections = page.getByRole("navigation", { name: say("Sections of the settings", "设置分类") }).getByRole("button");
    for (let at = 0; at < (await sections.count()); at += 1) {
      await sections.nth(at).click();
      expect(await axeFindings(page)).toEqual([]);
    }
    await sections.first().click();
    await openFirstAccount(page, say);
    expect(await axeFindings(page)).toEqual([]);
  });
});

async function openFirstAccount(page: Page, say: (en: string, zh: string) => string): Promise<void> {
  await page.getByRole("button", { name: say("Edit Harbour Studio", "编辑 Harbour Studio") }).click();
  await page.getByRole("button", { name: say("Edit lin@harbour.example", "编辑 lin@harbour.example") }).click();
}
