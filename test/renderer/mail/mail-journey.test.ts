import type { Page } from "playwright-core";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { Failure } from "../../../shared/failure.ts";
import { axeFindings } from "../../support/axe.ts";
import { closeBrowser, HAS_CHROMIUM, type Look, type OpenWindow, openWindow } from "../../support/fake-engine/open-window.ts";
import { WritingEngine } from "../../support/fake-engine/writing.ts";
import { OPEN_FRAME } from "../../support/open-frame.ts";

let open: OpenWindow | undefined;

async function inbox(look: Look = {}): Promise<OpenWindow & { row(text: string): ReturnType<Page["locator"]> }> {
  open = await openWindow(undefined, look);
  const { page } = open;
  await page.getByRole("row").first().waitFor();
  return { ...open, row: (text) => page.getByRole("row", { name: text }) };
}

afterEach(async () => {
  await open?.close();
  open = undefined;
});
afterAll(closeBrowser);

describe.skipIf(!HAS_CHROMIUM)("reading mail in the window", () => {
  it("opens the conversation with its newest message unfolded and its HTML in a frame without scripts", async () => {
    const { page, row } = await inbox();
    await row("Osaka shipment").click();
    const frame = page.locator(OPEN_FRAME);
    await frame.waitFor();
    expect(await frame.getAttribute("sandbox")).toBe("allow-same-origin");
    await page.frameLocator(OPEN_FRAME).getByText("Sato-san confirmed the 28th").waitFor();
    expect(await page.getByRole("article").count()).toBe(3);
    expect(await page.frameLocator(OPEN_FRAME).getByText("sealed except number 7").isVisible()).toBe(false);
    await page.getByRole("button", { name: "Earlier text" }).click();
    await page.frameLocator(OPEN_FRAME).getByText("sealed except number 7").waitFor();
  });

  it("has the tools of the row under the pointer within that row, also beside a scroll bar that takes room", async () => {
    const { page, row } = await inbox();
    await page.locator(".list-scroll").evaluate((list) => {
      // As wide as the bars of Windows; a browser without a screen has none.
      list.style.borderInlineEnd = "15px solid";
    });
    await row("Weekend reading").hover();
    const star = await page.locator(".hover-tools .tool").last().boundingBox();
    const under = await row("Weekend reading").boundingBox();
    if (star === null || under === null) return expect.fail("not shown");
    expect(star.x + star.width).toBeLessThanOrEqual(under.x + under.width);
  });

  it("asks before it follows a link whose words name another site", async () => {
    const { page, row, engine } = await inbox();
    await row("Invoice 2026-1187").click();
    await page.frameLocator(OPEN_FRAME).getByText("www.lotus-print.example").click();
    await page.getByRole("alertdialog").getByText("https://evil.example/login").waitFor();
    expect(engine.asked.some(({ method }) => method === "health.openLink")).toBe(false);
    await page.getByRole("button", { name: "Stay here" }).click();
    await page.frameLocator(OPEN_FRAME).getByText("Pay now").click();
    await expect
      .poll(() => engine.asked.filter(({ method }) => method === "health.openLink"))
      .toEqual([{ method: "health.openLink", input: { url: "https://lotus-print.example/pay" } }]);
  });

  it("says that a message is not here yet, and shows it when it has come", async () => {
    const { page, row } = await inbox();
    await row("Weekend reading").click();
    await page.getByRole("heading", { name: "This message is not here yet" }).waitFor();
    await page.getByRole("button", { name: "Try now" }).click();
    await page.getByRole("article").getByText("Four studios, one river").waitFor();
  });
});

describe.skipIf(!HAS_CHROMIUM)("a start that takes its time", () => {
  it.each([1440, 700])(
    "says in one line that the store is being looked over, and is over when the mail is there (%i px)",
    async (width) => {
      const engine = new WritingEngine(Date.now());
      const { promise, resolve } = Promise.withResolvers<void>();
      engine.opened = promise;
      open = await openWindow(engine, { width });
      const { page } = open;
      await page.getByText("Satchel is looking over its store.").waitFor();
      if (process.env["SATCHEL_PICTURES"] === "1" && width === 700) await page.screenshot({ path: "docs/pictures/slow-start-narrow.png" });
      expect(await axeFindings(page)).toEqual([]);
      resolve();
      await page.getByRole("row").first().waitFor();
      await page.getByText("Satchel is looking over its store.").waitFor({ state: "detached" });
    },
  );
});

describe.skipIf(!HAS_CHROMIUM)("filing mail in the window", () => {
  it("does nothing to mail that an open dialog covers", async () => {
    const { page, row } = await inbox();
    await row("Osaka shipment").click();
    await page.keyboard.press("Control+u");
    const source = page.getByRole("dialog");
    await source.waitFor();
    for (const key of ["e", "#", "s", "r"]) await page.keyboard.press(key);
    await page.keyboard.press("Escape");
    await source.waitFor({ state: "detached" });
    expect(await row("Osaka shipment").count()).toBe(1);
    // Being read is what opening it did.
    const done = open?.engine.asked.filter(({ method, input }) => method === "mail.act" && !JSON.stringify(input).includes('"seen"'));
    expect(done).toEqual([]);
  });

  it("archives by key, selects the next one, and takes it back", async () => {
    const { page, row } = await inbox();
    await row("Osaka shipment").click();
    await page.keyboard.press("e");
    await row("Osaka shipment").waitFor({ state: "detached" });
    expect(await row("十一月展会").getAttribute("aria-selected")).toBe("true");
    await page.getByText("3 messages archived").waitFor();
    await page.keyboard.press("Control+z");
    await row("Osaka shipment").waitFor();
  });

  it("puts a refused message back and gives the server's words", async () => {
    const { page, row, engine } = await inbox();
    await row("Kiln 3").click();
    engine.refuseNextAct = new Failure("no-permission", { serverWords: "NO [NOPERM] no right to delete here" });
    await page.keyboard.press("Delete");
    await page.getByText("“Kiln 3 is back up” was not deleted").waitFor();
    await page.getByText("no right to delete here").waitFor();
    await row("Kiln 3").waitFor();
  });

  it("does nothing on a key that is part of a word in the search field", async () => {
    const { page, engine } = await inbox();
    await page.keyboard.press("/");
    await page.getByRole("searchbox").fill("");
    await page.getByRole("searchbox").pressSequentially("freeze");
    expect(await page.getByRole("searchbox").inputValue()).toBe("freeze");
    expect(engine.asked.some(({ method }) => method === "mail.act" || method === "compose.start")).toBe(false);
  });
});

describe.skipIf(!HAS_CHROMIUM)("a list of a hundred thousand rows", () => {
  it("never shows a row without its data while it scrolls, and reaches both ends", async () => {
    const { page } = await inbox();
    await page.getByRole("button", { name: "Contracts" }).click();
    await page.getByRole("row", { name: "Contract number 0" }).first().waitFor();
    const seen = await page.evaluate(async () => {
      const list = document.querySelector('[role="grid"]');
      if (list === null) return null;
      let placeholders = 0;
      for (let step = 0; step < 120; step += 1) {
        list.scrollTop += 900;
        await new Promise((resolve) => requestAnimationFrame(resolve));
        if (document.querySelector("[data-placeholder]") !== null) placeholders += 1;
      }
      list.scrollTop = list.scrollHeight;
      return { placeholders, elements: document.querySelectorAll('[role="row"]').length };
    });
    expect(seen?.placeholders).toBe(0);
    expect(seen?.elements).toBeLessThan(40);
    await page.getByRole("row", { name: "Contract number 99999" }).waitFor();
  });

  it("keeps the row under the eye where it is when new mail comes above it", async () => {
    const { page, engine } = await inbox();
    await page.getByRole("grid").evaluate((list) => {
      list.scrollTop = 900;
    });
    const shown = page.getByRole("row", { name: "Notes from the studio, number 38" });
    const before = await shown.boundingBox();
    const [first] = engine.letters;
    if (first === undefined) throw new Error("the mailbox is empty");
    engine.letters.push({
      ...first,
      placementId: 900 as never,
      messageId: 900 as never,
      conversationId: 900 as never,
      subject: "Just in",
      at: engine.now + 1000,
    });
    engine.changed();
    await expect.poll(() => page.getByRole("grid").getAttribute("aria-rowcount")).toBe("37");
    expect(Math.abs(((await shown.boundingBox())?.y ?? 0) - (before?.y ?? 999))).toBeLessThan(1);
  });
});

describe.skipIf(!HAS_CHROMIUM)("the window for everyone", () => {
  const looks: Look[] = [
    { language: "en", theme: "light" },
    { language: "zh-CN", theme: "dark" },
  ];
  it.each(looks)(
    "has nothing for axe to find with a conversation open, keys on show and the readiness open ($language, $theme)",
    async (look) => {
      const { page, row } = await inbox(look);
      await row("Osaka shipment").click();
      await page.locator(OPEN_FRAME).waitFor();
      expect(await axeFindings(page)).toEqual([]);
      await page.keyboard.press("?");
      await page.getByRole("dialog").waitFor();
      expect(await axeFindings(page)).toEqual([]);
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
      await page.keyboard.press("/");
      await page.getByRole("searchbox").fill("发票");
      await page.getByRole("row").first().waitFor();
      expect(await axeFindings(page)).toEqual([]);
    },
  );

  it("walks between list and message in a narrow window", async () => {
    const { page, row } = await inbox({ width: 384, height: 744 });
    await row("十一月展会").click();
    await page.getByRole("heading", { name: "十一月展会物流安排及报价确认" }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole("button", { name: "Back" }).click();
    await page.getByRole("button", { name: "Show the sidebar" }).click();
    await page.getByRole("button", { name: /^Archive/u }).click();
    await page.getByRole("heading", { name: "Nothing left here" }).waitFor();
    for (const [key, title] of [
      ["o", "Outbox"],
      ["d", "Drafts"],
      ["a", "Attachments"],
      ["j", "Journal"],
      ["n", "Safety net"],
      ["h", "Health"],
    ] as const) {
      await page.keyboard.press("g");
      await page.keyboard.press(key);
      await page.getByRole("main").getByRole("heading", { level: 1, name: title }).waitFor();
      await page.getByRole("button", { name: "Show the sidebar" }).click();
      await page.getByRole("navigation", { name: "Folders" }).locator("button:focus").waitFor();
      await page.keyboard.press("Escape");
      await page
        .locator("button:focus")
        .and(page.getByRole("button", { name: "Show the sidebar" }))
        .waitFor();
    }
    await page.keyboard.press("?");
    const close = await page.getByRole("dialog").getByRole("button", { name: "Close" }).boundingBox();
    expect((close?.x ?? 384) + (close?.width ?? 0)).toBeLessThan(384);
  });
});
