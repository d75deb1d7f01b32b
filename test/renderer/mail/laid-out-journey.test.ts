import type { Locator, Page } from "playwright-core";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { axeFindings } from "../../support/axe.ts";
import { newerThanAll } from "../../support/fake-engine/mailbox.ts";
import { closeBrowser, HAS_CHROMIUM, type OpenWindow, openWindow } from "../../support/fake-engine/open-window.ts";
import { WritingEngine } from "../../support/fake-engine/writing.ts";
import { OPEN_FRAME } from "../../support/open-frame.ts";

let open: OpenWindow | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});
afterAll(closeBrowser);

const ABOVE = "The invoice, once more";

/** A window whose first row is an unread message in HTML, and whose second is open. */
async function besideInvoice(change: (engine: WritingEngine) => void = () => undefined): Promise<OpenWindow & { laidOut: Locator }> {
  const engine = new WritingEngine(Date.now());
  const invoice = engine.letters.find(({ subject }) => subject.includes("Invoice 2026-1187"));
  if (invoice === undefined) throw new Error("the letter is not there");
  const ids = { placementId: 91_001 as never, messageId: 91_001 as never, conversationId: 91_001 as never };
  const from = { name: "Kiln & Sons", address: "bills@kiln.example" };
  engine.letters.push({
    ...invoice,
    ...ids,
    from,
    at: newerThanAll(engine.letters),
    seen: false,
    subject: ABOVE,
    parts: [...invoice.parts],
  });
  change(engine);
  open = await openWindow(engine);
  const { page } = open;
  await page.getByRole("row").nth(1).click();
  await page.getByRole("article").first().waitFor();
  return { ...open, laidOut: page.locator(".laid-out") };
}

/** Of what is laid out, the page for the message above. */
const frameAbove = (page: Page) => page.locator('.laid-out iframe[src*="91001"]');

async function styled(page: Page): Promise<void> {
  await frameAbove(page).waitFor({ state: "attached" });
  await expect
    .poll(() => frameAbove(page).evaluate((frame: HTMLIFrameElement) => frame.contentDocument?.adoptedStyleSheets.length ?? 0))
    .toBe(1);
}

describe.skipIf(!HAS_CHROMIUM)("a message that is laid out before it is opened", () => {
  it("is in no tree but the page's own, and only uncovered when it is opened", async () => {
    const { page, engine, laidOut } = await besideInvoice();
    await styled(page);
    expect(await laidOut.count()).toBeLessThanOrEqual(3);
    const open = await page.locator(".reader-scroll[data-pane-focus]").boundingBox();
    for (const pane of await laidOut.all()) {
      expect(await pane.isVisible()).toBe(false);
      expect(await pane.evaluate((one) => one.getBoundingClientRect().toJSON())).toMatchObject(open ?? {});
    }
    expect(await page.getByRole("heading", { name: ABOVE }).count()).toBe(0);
    // No key leads there, not even into its frame.
    const reached = await page.evaluate(() => {
      const all = [...document.querySelectorAll<HTMLElement>(".laid-out, .laid-out *")];
      for (const one of all) one.focus();
      return all.filter((one) => one.contains(document.activeElement)).length;
    });
    expect(reached).toBe(0);
    expect(await axeFindings(page)).toEqual([]);
    const acts = () => engine.asked.filter(({ method }) => method === "mail.act");
    const reads = () =>
      engine.asked.filter(({ method, input }) => method === "mail.read" && (input as { placementId: number }).placementId === 91_001);
    expect(JSON.stringify(acts())).not.toContain("91001");
    expect(reads().every(({ input }) => (input as { ahead?: boolean }).ahead === true)).toBe(true);

    await frameAbove(page).evaluate((frame: HTMLIFrameElement) => frame.contentDocument?.documentElement.setAttribute("title", "the same"));
    await page.keyboard.press("k");
    await page.getByRole("heading", { level: 1, name: ABOVE }).waitFor();
    expect(await page.frameLocator(OPEN_FRAME).locator(":root").getAttribute("title")).toBe("the same");
    await page.frameLocator(OPEN_FRAME).getByText("please find the invoice attached").waitFor();
    await expect.poll(() => JSON.stringify(acts())).toContain("91001");
    await expect.poll(() => reads().some(({ input }) => (input as { ahead?: boolean }).ahead !== true)).toBe(true);
    expect(await axeFindings(page)).toEqual([]);
  });

  it("is laid out anew for another width, size or theme, and gone when it is deleted or changes", async () => {
    const { page, engine, laidOut } = await besideInvoice();
    await styled(page);
    const above = laidOut.and(page.locator(":has(iframe[src*='91001'])"));
    const mark = () => above.evaluate((one) => one.setAttribute("title", "old"));
    const anew = async (change: () => Promise<unknown>): Promise<void> => {
      await mark();
      await change();
      await expect.poll(() => page.locator(".laid-out[title=old]").count()).toBe(0);
      await styled(page);
    };
    await anew(() => page.setViewportSize({ width: 1200, height: 900 }));
    await anew(() => page.keyboard.press("Control+="));
    await anew(() => page.emulateMedia({ colorScheme: "dark" }));
    await anew(async () => engine.emit("mail.updated", { messageIds: [91_001 as never], revision: 9_000 }));
    engine.letters = engine.letters.filter(({ placementId }) => Number(placementId) !== 91_001);
    engine.changed();
    await frameAbove(page).waitFor({ state: "detached" });
  });

  it("is not, where its sender's pictures are shown: nothing is asked for before it is opened", async () => {
    const { page, engine, laidOut } = await besideInvoice((fake) => {
      fake.remembered = { ...fake.remembered, pictures: [{ scope: "sender", value: "bills@kiln.example" }] };
    });
    const read = () =>
      engine.asked.some(({ method, input }) => method === "mail.read" && (input as { placementId: number }).placementId === 91_001);
    await expect.poll(read).toBe(true);
    // The one below was laid out behind it.
    await laidOut.first().waitFor({ state: "attached" });
    expect(await frameAbove(page).count()).toBe(0);
    await page.keyboard.press("k");
    await page.frameLocator(OPEN_FRAME).getByText("please find the invoice attached").waitFor();
  });

  it("is shown as soon as it has come when it is pressed while it is being read, and thrown away when it is left", async () => {
    const { page, engine, laidOut } = await besideInvoice();
    await styled(page);
    const title = page.locator(".reader-scroll[data-pane-focus] h1");
    const before = await title.innerText();
    const titles = () => laidOut.locator("h1").allTextContents();
    const had = await titles();
    let answer = (): void => undefined;
    engine.opened = new Promise((resolve) => (answer = () => resolve()));
    const row = page.getByRole("row").nth(5);
    const id = Number((await row.getAttribute("id"))?.replace("row-", ""));
    const asked = () =>
      engine.asked.filter(
        ({ method, input }) => method === "mail.conversation" && (input as { conversationId: number }).conversationId === id,
      ).length;
    await row.hover();
    await expect.poll(asked).toBe(1);
    await row.click();
    await title.waitFor({ state: "detached" });
    // It was asked for already.
    expect(asked()).toBe(1);
    answer();
    await title.waitFor();
    const shown = await title.innerText();
    expect(shown).not.toBe(before);
    // Its neighbours are laid out after it would have been.
    await expect.poll(async () => (await titles()).some((one) => !had.includes(one))).toBe(true);
    await title.evaluate((one) => one.setAttribute("title", "was open"));
    await page.keyboard.press("j");
    await page.locator("h1[title='was open']").waitFor({ state: "detached" });
  });

  it("is gone when the window is locked, and nothing is laid out in one pane", async () => {
    const { page, engine, laidOut } = await besideInvoice();
    await styled(page);
    await page.setViewportSize({ width: 600, height: 900 });
    await expect.poll(() => laidOut.count()).toBe(0);
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.getByRole("row").nth(1).click();
    await styled(page);
    engine.lock = { ...engine.lock, on: true, locked: true };
    engine.emit("lock.changed", { revision: 9_000 });
    await page.getByRole("textbox", { name: "PIN" }).waitFor();
    expect(await page.locator("iframe, .card").count()).toBe(0);
    expect(await page.content()).not.toContain(ABOVE);
  });
});
