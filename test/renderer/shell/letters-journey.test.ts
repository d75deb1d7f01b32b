import { afterAll, describe, expect, it } from "vitest";
import { closeBrowser, HAS_CHROMIUM, openWindow } from "../../support/fake-engine/open-window.ts";

afterAll(closeBrowser);

const NAMES = ["Ana Petrović", "Łukasz Wiśniewski", "Jiří Dvořák", "Ștefan Ionuţ", "Δημήτρης Ώρα", "Їжак Ґанок", "Nguyễn Thị Hồng"];

describe.skipIf(!HAS_CHROMIUM)("names beyond plain Latin", () => {
  // A letter put together of two, where a face lacks it, is two glyphs, and its accent stands beside it.
  it.each(NAMES)("%s is drawn with one glyph for each letter", async (name) => {
    const open = await openWindow();
    try {
      const { page } = open;
      await page.getByRole("row").first().waitFor();
      for (const weight of [400, 700]) {
        await page.evaluate(
          ([text, bold]) => {
            document.querySelector("#letters")?.remove();
            const place = document.createElement("p");
            place.id = "letters";
            place.style.fontWeight = String(bold);
            place.textContent = text ?? "";
            document.body.append(place);
          },
          [name, String(weight)] as const,
        );
        const tools = await page.context().newCDPSession(page);
        await tools.send("DOM.enable");
        await tools.send("CSS.enable");
        const { root } = await tools.send("DOM.getDocument");
        const { nodeId } = await tools.send("DOM.querySelector", { nodeId: root.nodeId, selector: "#letters" });
        // Nothing is drawn yet where the page has not been laid out since.
        const glyphs = async (): Promise<number> => {
          const { fonts } = await tools.send("CSS.getPlatformFontsForNode", { nodeId });
          return fonts.reduce((sum, { glyphCount }) => sum + glyphCount, 0);
        };
        await expect.poll(glyphs, { message: `${name}, ${weight}` }).toBe([...name].length);
      }
    } finally {
      await open.close();
    }
  });
});
