import type { Page } from "playwright-core";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { closeBrowser, HAS_CHROMIUM, type Look, type OpenWindow, openWindow } from "../../support/fake-engine/open-window.ts";

let open: OpenWindow | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});
afterAll(closeBrowser);

async function window(look: Look = {}): Promise<OpenWindow> {
  open = await openWindow(undefined, look);
  await open.page.getByRole("row").first().waitFor();
  return open;
}

/** One that stays until it is closed. */
async function tell({ engine, page }: OpenWindow): Promise<void> {
  const failure = { kind: "refused", code: "refused-by-server", params: {}, serverWords: "554 5.7.1 No" } as const;
  engine.notices = [{ id: 1, at: engine.now, code: "message-held", params: { subject: "Letter", item: 1 }, failure }];
  engine.emit("health.noticed", { id: 1 });
  await page.locator(".toast").waitFor();
}

/** Names of what the toast lies on. */
function covered(page: Page, selector: string): Promise<string[]> {
  return page.evaluate((all) => {
    const toast = document.querySelector(".toast")?.getBoundingClientRect();
    if (toast === undefined) return ["no toast"];
    return [...document.querySelectorAll<HTMLElement>(all)]
      .filter((one) => one.closest(".toast") === null)
      .filter((one) => {
        const at = one.getBoundingClientRect();
        return at.width > 0 && at.left < toast.right && at.right > toast.left && at.top < toast.bottom && at.bottom > toast.top;
      })
      .map((one) => one.innerText);
  }, selector);
}

describe.skipIf(!HAS_CHROMIUM)("a toast", () => {
  it.each([1440, 1000])("covers neither the status line nor a button of the settings (%i px)", async (width) => {
    const shown = await window({ width });
    const { page } = shown;
    await page.keyboard.press("Control+,");
    for (const section of ["Appearance", "Reading", "Privacy"]) {
      await page.getByRole("navigation", { name: "Sections" }).getByRole("button", { name: section }).click();
      await tell(shown);
      await expect.poll(() => covered(page, ".status, .settings-side button, .settings-side nav"), { timeout: 5_000 }).toEqual([]);
    }
    await expect.poll(() => covered(page, "button")).toEqual([]);
  });

  it("stands above the status line in a narrow window, on the sections and in the drawer", async () => {
    const shown = await window({ width: 480 });
    const { page } = shown;
    await page.keyboard.press("Control+,");
    await page.locator(".settings-side").waitFor();
    await tell(shown);
    await expect.poll(() => covered(page, ".status")).toEqual([]);
    await page.getByRole("button", { name: "Back to mail" }).click();
    await page.getByRole("button", { name: "Show the sidebar" }).click();
    await page.locator(".drawer .status").waitFor();
    await expect.poll(() => covered(page, ".status")).toEqual([]);
  });

  it("leaves the answers below a message free", async () => {
    const shown = await window({ width: 480 });
    const { page } = shown;
    await page.getByRole("row", { name: "Osaka shipment" }).click();
    await page.getByRole("button", { name: "Reply all" }).first().waitFor();
    await tell(shown);
    await expect.poll(() => covered(page, "button")).toEqual([]);
  });
});

describe.skipIf(!HAS_CHROMIUM)("the ring of the keyboard", () => {
  it("goes to the list with the first key that walks it", async () => {
    const { page } = await window();
    const folder = page.getByRole("button", { name: /^All inboxes/u });
    await folder.click();
    await page.getByRole("row").first().waitFor();
    await page.keyboard.press("j");
    await page.locator('.msg[aria-selected="true"]').waitFor();
    expect(await folder.evaluate((one) => getComputedStyle(one).boxShadow)).toBe("none");
    const ringed = page.locator(".msg.cursor");
    expect(await ringed.evaluate((one) => getComputedStyle(one).boxShadow)).not.toBe("none");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("role"))).toBe("grid");
    await page.keyboard.press("Enter");
    await page.keyboard.press("k");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("role"))).toBe("grid");
  });
});
