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
    await page.keyboard.press("Control+,");
    await page
      .getByRole("button", { name: language === "en" ? "Privacy" : "隐私" })
      .first()
      .click();
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
