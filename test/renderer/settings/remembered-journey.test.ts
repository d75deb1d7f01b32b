import { afterAll, afterEach, describe, expect, it } from "vitest";
import { axeFindings } from "../../support/axe.ts";
import { closeBrowser, HAS_CHROMIUM, type OpenWindow, openWindow } from "../../support/fake-engine/open-window.ts";
import { WritingEngine } from "../../support/fake-engine/writing.ts";

let open: OpenWindow | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});
afterAll(closeBrowser);

const ENGLISH = { more: "More", block: "Block sender", unblock: "Unblock", goesToJunk: /^You blocked/u, blocked: /^Blocked/u };
const CHINESE = { more: "更多", block: "屏蔽发件人", unblock: "取消屏蔽", goesToJunk: /^您已屏蔽/u, blocked: /^已屏蔽/u };

async function look(page: OpenWindow["page"], name: string): Promise<void> {
  const folder = process.env["SATCHEL_LOOKS"];
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png` });
}

describe.skipIf(!HAS_CHROMIUM)("what is remembered of senders", () => {
  it.each(["en", "zh-CN"] as const)("is listed in the settings and taken back by a key (%s)", async (language) => {
    const engine = new WritingEngine(Date.now());
    engine.remembered = {
      pictures: [
        { scope: "sender", value: "news@lotus-print.example" },
        { scope: "domain", value: "qinglan-expo.example" },
      ],
      charsets: [{ address: "chen@qinglan-expo.example", charset: "gb18030" }],
      originals: ["shop@lotus-print.example"],
    };
    open = await openWindow(engine, { language, theme: language === "en" ? "light" : "dark" });
    const { page } = open;
    await page.getByRole("grid").first().waitFor();
    const says = language === "en" ? ENGLISH : CHINESE;
    await page.getByRole("row").nth(1).click();
    const card = page.getByRole("article").last();
    await card.getByRole("button", { name: says.more }).click();
    await page.getByRole("menuitem", { name: says.block, exact: true }).click();
    await card.getByRole("button", { name: says.unblock }).waitFor();
    await card.getByText(says.goesToJunk).waitFor();
    const [rule] = engine.senderRules;
    expect(rule).toMatchObject({ scope: "sender", verdict: "block" });
    expect(await axeFindings(page)).toEqual([]);
    await look(page, `blocked-${language}`);
    await card.getByRole("button", { name: says.unblock }).press("Enter");
    await card.getByText(says.goesToJunk).waitFor({ state: "detached" });
    await page.getByRole("row").nth(1).click({ button: "right" });
    await look(page, `blocked-menu-${language}`);
    await page.getByRole("menuitem", { name: says.block, exact: true }).click();
    await card.getByText(says.goesToJunk).waitFor();

    await page.keyboard.press("Control+,");
    await page
      .getByRole("button", { name: language === "en" ? "Privacy" : "隐私" })
      .first()
      .click();
    const blocked = page.getByRole("region", { name: says.blocked });
    const field = blocked.getByRole("textbox");
    await field.fill("@spam.example");
    await field.press("Enter");
    await blocked.getByText("@spam.example").waitFor();
    expect(engine.senderRules).toEqual([rule, { scope: "domain", value: "spam.example", verdict: "block" }]);
    await look(page, `blocked-settings-${language}`);
    await page.setViewportSize({ width: 480, height: 900 });
    await look(page, `blocked-settings-narrow-${language}`);
    await page.setViewportSize({ width: 1280, height: 800 });
    await blocked.getByRole("button", { name: /@spam\.example/u }).press("Enter");
    await expect.poll(() => engine.senderRules).toEqual([rule]);
    const pictures = page.getByRole("region", { name: language === "en" ? "Pictures are always shown from" : "总是显示其图片的发件人" });
    await pictures.getByText("@qinglan-expo.example").waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await pictures.getByRole("button", { name: /news@lotus-print\.example/ }).press("Enter");
    await expect.poll(() => pictures.getByRole("listitem").count()).toBe(1);
    await page.getByRole("button", { name: /chen@qinglan-expo\.example/ }).press("Enter");
    await page.getByRole("button", { name: /shop@lotus-print\.example/ }).press("Enter");
    await expect
      .poll(() => engine.remembered)
      .toEqual({ pictures: [{ scope: "domain", value: "qinglan-expo.example" }], charsets: [], originals: [] });
    expect(await axeFindings(page)).toEqual([]);
  });
});
