import { afterAll, afterEach, describe, expect, it } from "vitest";
import { closeBrowser, HAS_CHROMIUM, type Look, type OpenWindow, openWindow } from "../../support/fake-engine/open-window.ts";
import { outboxItem } from "../../support/fake-engine/outbox-items.ts";
import { WritingEngine } from "../../support/fake-engine/writing.ts";

let open: OpenWindow | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});
afterAll(closeBrowser);

async function outbox(engine = new WritingEngine(Date.now()), look: Look = {}): Promise<OpenWindow> {
  open = await openWindow(engine, look);
  await open.page.getByRole("button", { name: /^(?:Outbox|发件箱)/ }).click();
  await open.page.getByRole("main", { name: /^(?:Outbox|发件箱)$/ }).waitFor();
  return open;
}

describe.skipIf(!HAS_CHROMIUM)("the outbox page", () => {
  it("sends a message that may have arrived again only after naming the risk", async () => {
    const { page, engine } = await outbox();
    const card = page.getByRole("article", { name: /Signed contract.*May have been delivered/ });
    await card.getByText(/Looked for it in Sent 6 times/).waitFor();
    await card.getByRole("button", { name: "Send it again…" }).click();
    await page.getByText("It may have arrived already. Then Accounts, Lotus Print would have it twice.").waitFor();
    await page.getByRole("button", { name: "Don’t send" }).click();
    expect(engine.askedFor("outbox.resolve")).toEqual([]);
    await card.getByRole("button", { name: "Send it again…" }).click();
    await page.getByRole("button", { name: "Send it again", exact: true }).click();
    await expect.poll(() => engine.askedFor("outbox.resolve")).toEqual([{ outboxId: 2, decision: "send-again" }]);
  });

  it("gives the server’s words apart from ours and says who has it already", async () => {
    const { page } = await outbox();
    const card = page.getByRole("article", { name: /Studio visit/ });
    await card.getByText("The other 3 have it.").waitFor();
    expect(await card.getByRole("note", { name: "The server’s words" }).textContent()).toContain("550 5.1.2");
  });

  it("follows an upload and what comes after it", async () => {
    const { page, engine } = await outbox();
    const card = page.getByRole("article", { name: /Catalogue proofs/ });
    expect(await card.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("63.9");
    engine.items = engine.items.map((item) =>
      item.id === 3 ? { ...item, state: "filed", acceptedAt: engine.now, filedAt: engine.now } : item,
    );
    engine.tell("outbox.changed");
    await page
      .getByRole("region", { name: /^Sent today/ })
      .getByRole("article", { name: /Catalogue proofs.*Accepted/ })
      .waitFor();
  });

  it("says calmly that the last piece may have gone when it is too late to stop", async () => {
    const { page, engine } = await outbox();
    engine.items = engine.items.map((item) => (item.id === 3 ? { ...item, state: "finishing" } : item));
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText("The last piece may have gone already").waitFor();
  });

  it("pauses, says so, and goes on", async () => {
    const { page, engine } = await outbox();
    await page.getByRole("button", { name: "Pause sending" }).click();
    await page.getByText("Sending is paused.").waitFor();
    await expect.poll(() => engine.paused).toBe(true);
    await page.getByRole("button", { name: "Send again" }).click();
    await expect.poll(() => engine.paused).toBe(false);
  });

  it("takes a queued one back into a composer", async () => {
    const { page } = await outbox();
    await page
      .getByRole("article", { name: /搬入日時/ })
      .getByRole("button", { name: "Edit", exact: true })
      .click();
    await page
      .getByRole("region", { name: "Messages being written" })
      .getByRole("article", { name: /搬入日時/ })
      .waitFor();
  });

  it("tells offline apart from an empty outbox", async () => {
    const engine = new WritingEngine(Date.now());
    engine.items = [outboxItem(1, engine.now, { subject: "Waiting" })];
    engine.health = { ...engine.health, workOffline: true };
    const { page } = await outbox(engine);
    await page.getByText("goes first when online").waitFor();
    engine.items = [];
    engine.tell("outbox.changed");
    await page.getByText("Nothing waits here").waitFor();
  });
});
