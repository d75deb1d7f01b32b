import type { Page } from "playwright-core";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import type { PartInfo } from "../../../shared/contract/mail.ts";
import type { RequestName } from "../../../shared/contract/table.ts";
import { Failure } from "../../../shared/failure.ts";
import { png, rgb } from "../../servers/demo/png.ts";
import { axeFindings } from "../../support/axe.ts";
import { closeBrowser, HAS_CHROMIUM, type Look, type OpenWindow, openWindow } from "../../support/fake-engine/open-window.ts";
import { WritingEngine } from "../../support/fake-engine/writing.ts";

let open: OpenWindow | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});
afterAll(closeBrowser);

async function attachments(look: Look = {}): Promise<OpenWindow> {
  open = await openWindow(undefined, look);
  const { page } = open;
  await page.getByRole("grid").first().waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("a");
  await page.getByRole("main", { name: /^(?:Attachments|附件)$/ }).waitFor();
  await page.getByRole("option").first().waitFor();
  return open;
}

/** What is painted in the corners of a mark: top left, bottom right. */
const corners = (page: Page): Promise<number[][]> =>
  page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>("canvas.made");
    const pen = canvas?.getContext("2d");
    if (!canvas || !pen) return [];
    return [pen.getImageData(4, 4, 1, 1).data, pen.getImageData(canvas.width - 5, canvas.height - 5, 1, 1).data].map((one) => [...one]);
  });

/** A JPEG of 40 × 20 pixels, red on the left and blue on the right, that says it has to be turned to the right to stand upright. */
async function turned(page: Page): Promise<Buffer> {
  const url = await page.evaluate(() => {
    const canvas = document.createElement("canvas");
    canvas.width = 40;
    canvas.height = 20;
    const pen = canvas.getContext("2d");
    for (const [colour, left] of [
      ["#f00", 0],
      ["#00f", 20],
    ] as const) {
      if (pen === null) continue;
      pen.fillStyle = colour;
      pen.fillRect(left, 0, 20, 20);
    }
    return canvas.toDataURL("image/jpeg", 1);
  });
  const plain = Buffer.from(url.slice(url.indexOf(",") + 1), "base64");
  const tiff = Buffer.from("4d4d002a00000008000101120003000000010006000000000000", "hex");
  const body = Buffer.concat([Buffer.from("Exif\0\0", "latin1"), tiff]);
  const exif = Buffer.concat([Buffer.from([0xff, 0xe1, 0, body.length + 2]), body]);
  return Buffer.concat([plain.subarray(0, 2), exif, plain.subarray(2)]);
}

const picture = (name: string): PartInfo => ({ part: "9", name, type: "image/jpeg", sizeBytes: 900, inline: false, here: true });

describe.skipIf(!HAS_CHROMIUM)("all attachments", () => {
  it("are walked with the keys, looked at with Enter, and lead to their message", async () => {
    const { page, engine } = await attachments();
    const list = page.getByRole("listbox", { name: "Attachments of all folders, newest first" });
    const count = engine.letters.flatMap(({ parts }) => parts).length;
    await expect.poll(() => list.getByRole("option").count()).toBe(count);
    expect(await axeFindings(page)).toEqual([]);
    await list.focus();
    await page.keyboard.press("ArrowDown");
    const chosen = list.getByRole("option", { selected: true });
    expect(await list.evaluate((one) => getComputedStyle(one).boxShadow)).toBe("none");
    const said = (await chosen.textContent()) ?? "";
    const detail = page.getByRole("complementary", { name: "This file" });
    const name = (await detail.getByRole("heading").textContent()) ?? "";
    expect(said.startsWith(`${name}, `)).toBe(true);
    if (process.env["SATCHEL_PICTURES"] !== undefined) await page.screenshot({ path: "docs/pictures/attachments.png" });
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await detail.getByRole("button", { name: "Show the message" }).click();
    const letter = engine.letters.find(({ parts }) => parts.some((part) => part.name === name));
    await page.getByRole("heading", { level: 1, name: (letter?.subject ?? "").replace("Re: ", "") }).waitFor();
  });

  it("are found by kind and words, and the search hands its words over", async () => {
    const { page, engine } = await attachments();
    await page.getByRole("radio", { name: "Documents" }).click();
    const documents = engine.letters.flatMap(({ parts }) => parts).filter(({ name }) => /\.(?:pdf|docx?)$/u.test(name));
    await expect.poll(() => page.getByRole("option").count()).toBe(documents.length);
    await page.getByRole("searchbox", { name: "Name, sender or subject" }).fill("no such file");
    await page.getByText("No such file").waitFor();
    await page.getByRole("radio", { name: "All" }).press("/");
    await page.getByRole("searchbox", { name: "Search all mail" }).fill("Invoice");
    await page.getByRole("button", { name: "Look among attachments" }).click();
    await page.getByRole("main", { name: "Attachments" }).waitFor();
    await expect.poll(() => page.getByRole("searchbox", { name: "Name, sender or subject" }).inputValue()).toBe("Invoice");
    await page
      .getByRole("option", { name: /Invoice/ })
      .first()
      .waitFor();
  });

  it("in Chinese and on a narrow window: a file covers the list, and back is a button", async () => {
    const { page } = await attachments({ language: "zh-CN", theme: "dark", width: 480, height: 800 });
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole("option").first().click();
    await page.getByRole("button", { name: "查看邮件" }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole("button", { name: "返回全部附件" }).click();
    await page.getByRole("option").first().waitFor();
  });
});

/** The list of files comes when the test says so, or not at all. */
class SlowFiles extends WritingEngine {
  release: (answer: "fails" | "comes") => void = () => undefined;
  override async answer(method: RequestName, input: unknown): Promise<unknown> {
    if (method === "attachments.page") {
      const answer = await new Promise((resolve) => {
        this.release = resolve;
      });
      if (answer === "fails") throw new Failure("database-corrupt");
    }
    return super.answer(method, input);
  }
}

describe.skipIf(!HAS_CHROMIUM)("attachments that do not come", () => {
  it.each([
    ["en", "light", 1280],
    ["zh-CN", "dark", 480],
  ] as const)("are waited for in their place, and what is wrong is said with a way to try again (%s)", async (language, theme, width) => {
    const engine = new SlowFiles(Date.now());
    open = await openWindow(engine, { language, theme, width, height: 800 });
    const { page } = open;
    await page.getByRole("grid").first().waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("a");
    await page.getByRole("status", { name: language === "en" ? "Reading attachments" : "正在读取附件" }).waitFor();
    await page.locator(".list-waiting > div").first().waitFor();
    expect(await axeFindings(page)).toEqual([]);
    if (process.env["SATCHEL_PICTURES"] === "1") await page.screenshot({ path: `docs/pictures/attachments-waiting-${language}.png` });
    engine.release("fails");
    await page.getByRole("heading", { name: language === "en" ? "The attachments could not be read." : "无法读取附件。" }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    if (process.env["SATCHEL_PICTURES"] === "1") await page.screenshot({ path: `docs/pictures/attachments-failed-${language}.png` });
    const asked = () => engine.asked.filter(({ method }) => method === "attachments.page").length;
    const before = asked();
    await page.getByRole("button", { name: language === "en" ? "Try again" : "重试" }).press("Enter");
    await expect
      .poll(() =>
        page
          .getByRole("option")
          .count()
          .then((count) => {
            engine.release("comes");
            return count;
          }),
      )
      .toBeGreaterThan(0);
    expect(asked()).toBeGreaterThan(before);
  });
});

describe.skipIf(!HAS_CHROMIUM)("the mark of a picture", () => {
  it("is made of the picture itself, upright as its EXIF says, and only what the engine gives for it", async () => {
    open = await openWindow();
    const { page, engine } = open;
    const letter = engine.letters.find(({ subject }) => subject.includes("Invoice 2026-1187"));
    if (letter === undefined) throw new Error("the letter is not there");
    letter.parts.splice(
      0,
      letter.parts.length,
      picture("turned.jpg"),
      { ...picture("far.jpg"), part: "10", here: false },
      { ...picture("odd.svg"), part: "11" },
    );
    engine.marks.set("turned.jpg", await turned(page));
    await page.getByRole("row", { name: "Invoice 2026-1187" }).first().click();
    await page.locator("canvas.made").waitFor();
    const [top = [], bottom = []] = await corners(page);
    expect([top[0] ?? 0, top[2] ?? 0].map((value) => value > 128)).toEqual([true, false]);
    expect([bottom[0] ?? 0, bottom[2] ?? 0].map((value) => value > 128)).toEqual([false, true]);
    expect(await page.locator("canvas.made").count()).toBe(1);
    const asked = engine.asked.filter(({ method }) => method === "preview.thumbnail").map(({ input }) => (input as { part: string }).part);
    expect(asked.sort()).toEqual(["11", "9"]);
  });

  it("stays the sign of its kind when the bytes are no picture after all", async () => {
    open = await openWindow();
    const { page, engine } = open;
    const letter = engine.letters.find(({ subject }) => subject.includes("Invoice 2026-1187"));
    letter?.parts.splice(0, letter.parts.length, picture("broken.jpg"), { ...picture("good.png"), part: "10" });
    engine.marks.set("broken.jpg", Buffer.from("nothing"));
    engine.marks.set(
      "good.png",
      png(8, 8, () => rgb(255, 0, 0)),
    );
    await page.getByRole("row", { name: "Invoice 2026-1187" }).first().click();
    await page.locator("canvas.made").waitFor();
    expect(await page.locator("canvas").count()).toBe(2);
    expect(await page.locator("canvas.made").count()).toBe(1);
  });
});
