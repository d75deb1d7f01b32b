import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { Failure } from "../../../shared/failure.ts";
import { axeFindings } from "../../support/axe.ts";
import { BulkEngine } from "../../support/fake-engine/bulk.ts";
import { closeBrowser, HAS_CHROMIUM, type Look, type OpenWindow, openWindow } from "../../support/fake-engine/open-window.ts";

let open: OpenWindow | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});
afterAll(closeBrowser);

const TABLE = ["Name,Address", "Ana,ana@atelier.example", "陈晨,chen@atelier.example", "Nobody,none", "Bo,bo@atelier.example"].join("\n");

async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env["SATCHEL_PICTURES_IN"];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(folder, `${name}.png`), animations: "disabled" });
}

/** From a new message to what is looked over before anything is sent. */
async function prepared(look: Look = {}): Promise<{ page: Page; engine: BulkEngine }> {
  const engine = new BulkEngine(Date.now());
  open = await openWindow(engine, look);
  const { page } = open;
  const zh = look.language === "zh-CN";
  await page
    .getByRole("button", { name: zh ? "写邮件" : "New message" })
    .first()
    .click();
  await page.getByRole("textbox", { name: zh ? "主题" : "Subject" }).fill("Your kiln, {{Name}}");
  await page.getByRole("button", { name: zh ? "其他发送方式" : "More ways to send" }).click();
  await page.getByRole("menuitem", { name: zh ? "逐一单独发送…" : "Send to each one separately…" }).click();
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: zh ? "选择表格（CSV）…" : "Choose a table (CSV)…" }).click();
  await (await chooser).setFiles({ name: "guests.csv", mimeType: "text/csv", buffer: Buffer.from(TABLE) });
  await page.getByRole("heading", { name: "Your kiln, Ana" }).waitFor();
  return { page, engine };
}

const options = (engine: BulkEngine) => engine.askedFor("bulk.change").map((one) => one.options);

describe.skipIf(!HAS_CHROMIUM)("one message to each of many", () => {
  it("is looked over row by row, told how to go, and started", async () => {
    const { page, engine } = await prepared();
    await page.getByText("1 row without a good address is left out.").waitFor();
    await page.getByText("3 of 4 rows").waitFor();
    await page.getByRole("button", { name: "The next one" }).click();
    await page.getByRole("heading", { name: "Your kiln, 陈晨" }).waitFor();
    await page.getByRole("switch", { name: "Offer “unsubscribe”" }).focus();
    await page.keyboard.press("Space");
    await page.getByRole("radiogroup", { name: "Copies in Sent" }).getByText("Of the first").click();
    await expect.poll(() => options(engine)).toEqual([{ unsubscribe: true }, { copies: "one" }]);
    await page.getByRole("button", { name: "Send to 3 people" }).click();
    await page.getByText("Going out", { exact: true }).waitFor();
    expect(engine.askedFor("bulk.start")).toEqual([{ bulkId: 1, revision: 1 }]);
  });

  it("begins later: at a moment that is chosen, told everywhere, and taken back with one press", async () => {
    const { page, engine } = await prepared();
    const when = page.getByRole("radiogroup", { name: "Begins" });
    await when.getByText("Later").click();
    const input = page.getByLabel("When it begins");
    await input.waitFor();
    await input.fill("2001-01-01T08:00");
    await page.getByText("That moment is past: it begins at once.").waitFor();
    await input.fill("2099-01-01T08:00");
    await page.getByText("Choose a moment within a year.").waitFor();
    const tomorrow = new Date(Date.now() + 24 * 3_600_000);
    const day = `${tomorrow.getFullYear()}-${String(tomorrow.getMonth() + 1).padStart(2, "0")}-${String(tomorrow.getDate()).padStart(2, "0")}`;
    await input.fill(`${day}T08:30`);
    const at = new Date(`${day}T08:30`).getTime();
    await expect.poll(() => options(engine).at(-1)).toEqual({ startAt: at });
    expect(options(engine).some((one) => (one?.startAt ?? 0) > Date.now() + 366 * 86_400_000)).toBe(false);
    await page.getByText(/08:30, .*This computer has to be on/u).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await picture(page, "bulk-later");
    await page.getByRole("button", { name: "Send to 3 people later" }).click();
    await page.getByText(/It begins .*08:30\./u).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await picture(page, "bulk-later-waits");
    await page.getByRole("button", { name: "Back to the outbox" }).click();
    await page
      .getByRole("article", { name: "Your kiln, …, Later" })
      .getByText(/begins .*08:30/u)
      .waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await picture(page, "bulk-later-card");
    // What a user wants of one that waits comes first, here and in its report; Pause is beside it there.
    const card = page.getByRole("article", { name: "Your kiln, …, Later" });
    expect(await card.getByRole("button", { name: "Begin now" }).count()).toBe(1);
    expect(await card.getByRole("button", { name: "Pause" }).count()).toBe(0);
    await page.getByRole("button", { name: "Open the report: Your kiln, …" }).click();
    await page.getByRole("button", { name: "Pause" }).waitFor();
    await page.getByRole("button", { name: "Begin now" }).click();
    await page.getByText("Going out", { exact: true }).waitFor();
    expect(engine.askedFor("bulk.now")).toEqual([{ bulkId: 1 }]);
  });

  it("says why it stands still, what was refused, and of whom nobody knows; each can be decided", async () => {
    const { page, engine } = await prepared();
    await page.getByRole("button", { name: "Send to 3 people" }).click();
    await page.getByText("Going out", { exact: true }).waitFor();
    const [ana, chen, nobody, bo] = engine.rows;
    if (!ana || !chen || !nobody || !bo) throw new Error("no rows");
    const failure = new Failure("recipient-refused", { params: { address: chen.address }, serverWords: "550 5.1.1 User unknown" }).data();
    engine.rows = [{ ...ana, state: "accepted", at: engine.now }, { ...chen, state: "held", failure }, nobody, { ...bo, state: "unknown" }];
    const counts = { waiting: 0, onTheWay: 0, accepted: 1, held: 1, unknown: 1, cancelled: 0, leftOut: 1 };
    engine.become({ state: "paused", failure: new Failure("send-late").data(), counts });
    await page.getByText("550 5.1.1 User unknown").waitFor();
    await page
      .getByRole("alert")
      .getByText(/more than two hours ago/u)
      .waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole("listitem").filter({ hasText: "bo@atelier.example" }).getByRole("button", { name: "They have it" }).click();
    await page.getByRole("listitem").filter({ hasText: "陈晨" }).getByRole("button", { name: "Try again" }).click();
    await page.getByRole("button", { name: "Go on" }).click();
    await expect.poll(() => engine.askedFor("bulk.pause")).toEqual([{ bulkId: 1, paused: false }]);
    expect(engine.askedFor("bulk.resolve")).toEqual([{ bulkId: 1, position: 3, decision: "arrived" }]);
    expect(engine.askedFor("bulk.retry")).toEqual([{ bulkId: 1, position: 1 }]);
  });

  it("stands in Chinese, in the dark and in a narrow window, without anything cut off", async () => {
    const { page } = await prepared({ language: "zh-CN", theme: "dark" });
    await page.setViewportSize({ width: 700, height: 1000 });
    await page.getByRole("radiogroup", { name: "开始时间" }).getByText("定时").click();
    await page.getByLabel("什么时候开始").waitFor();
    const cut = await page.locator(".bulk-card").evaluateAll((cards) => cards.filter((card) => card.scrollWidth > card.clientWidth).length);
    expect(cut).toBe(0);
    expect(await axeFindings(page)).toEqual([]);
    await picture(page, "bulk-later-dark-zh");
    await page.getByRole("button", { name: "定时发给 3 人" }).click();
    await page.getByText(/开始发送。/u).waitFor();
    await picture(page, "bulk-later-waits-dark-zh");
  });
});
