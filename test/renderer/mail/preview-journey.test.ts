import { afterAll, afterEach, describe, expect, it } from "vitest";
import type { PartInfo } from "../../../shared/contract/mail.ts";
import { axeFindings } from "../../support/axe.ts";
import { closeBrowser, HAS_CHROMIUM, type Look, type OpenWindow, openWindow } from "../../support/fake-engine/open-window.ts";

let open: OpenWindow | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});
afterAll(closeBrowser);

const file = (part: string, name: string, type = "application/octet-stream"): PartInfo => ({
  part,
  name,
  type,
  sizeBytes: 4200,
  inline: false,
  here: true,
});

/** The window with a message that has these attachments, open. */
async function withAttachments(parts: readonly PartInfo[], look: Look = {}): Promise<OpenWindow> {
  const opened = await openWindow(undefined, look);
  const letter = opened.engine.letters.find(({ subject }) => subject.includes("Invoice 2026-1187"));
  if (letter === undefined) throw new Error("the letter is not there");
  letter.parts.splice(0, letter.parts.length, ...parts);
  opened.engine.looks.set("notes.txt", {
    preview: { kind: "text", text: "Kiln 3\n<b>not bold</b>", charset: "utf-8", truncated: true, lang: "en" },
    danger: null,
  });
  opened.engine.looks.set("报价.csv", {
    preview: { kind: "text", text: '项目,金额\n运输,"9,800.00"\n', charset: "gb18030", truncated: false, lang: "zh-CN" },
    danger: null,
  });
  opened.engine.looks.set("papers.zip", {
    preview: { kind: "none", why: "unknown" },
    danger: { kind: "archive", file: "papers.zip", inside: "发票.pdf.exe" },
  });
  await opened.page.getByRole("row", { name: "Invoice 2026-1187" }).first().click();
  return opened;
}

describe.skipIf(!HAS_CHROMIUM)("looking at what is attached", () => {
  it("opens by the keyboard, goes on and back by the arrows, and leaves the message below alone", async () => {
    open = await withAttachments([file("2", "notes.txt"), file("3", "报价.csv"), file("4", "papers.zip")]);
    const { page, engine } = open;
    await page.getByRole("button", { name: "Open notes.txt" }).press("Enter");
    const notes = page.getByRole("dialog", { name: "notes.txt" });
    await notes.getByText("<b>not bold</b>").waitFor();
    await notes.getByText("This is the beginning.").waitFor();
    await notes.getByText("1 of 3").waitFor();
    expect(await axeFindings(page)).toEqual([]);

    await page.keyboard.press("ArrowRight");
    const table = page.getByRole("dialog", { name: "报价.csv" });
    await table.getByRole("columnheader", { name: "金额" }).waitFor();
    await table.getByRole("cell", { name: "9,800.00" }).waitFor();
    await table.getByRole("button", { name: "Save 报价.csv" }).click();
    await expect.poll(() => engine.asked.filter(({ method }) => method === "mail.saveParts")).toMatchObject([{ input: { parts: ["3"] } }]);

    await table.getByRole("button", { name: "Next attachment" }).press("Enter");
    const archive = page.getByRole("dialog", { name: "papers.zip" });
    await archive.getByText("“papers.zip” has a program in it: 发票.pdf.exe.").waitFor();
    await archive.getByText("There is no preview for this file").waitFor();
    expect(await axeFindings(page)).toEqual([]);
    // "e" would archive the message, "#" delete it.
    await page.keyboard.press("e");
    await page.keyboard.press("#");
    await archive.waitFor();
    await page.keyboard.press("ArrowRight");
    await notes.waitFor();
    await page.keyboard.press("ArrowLeft");
    await archive.waitFor();
    await page.keyboard.press("Escape");
    await archive.waitFor({ state: "detached" });
    expect(engine.asked.filter(({ method }) => method === "mail.act")).toEqual([]);
  });

  it("goes into a message that is attached, and into what is attached to that, and back", async () => {
    open = await withAttachments([file("2", "里面的信.eml", "message/rfc822")]);
    const { page } = open;
    await page.getByRole("button", { name: "Open 里面的信.eml" }).click();
    const letter = page.getByRole("dialog", { name: "里面的信" });
    await letter.getByRole("button", { name: "Open 合同.pdf" }).click();
    const contract = page.getByRole("dialog", { name: "合同.pdf" });
    await contract.getByText("There is no preview for this file").waitFor();
    await contract.getByRole("button", { name: "Back to 里面的信.eml" }).click();
    await letter.getByText("合同在附件里，请查收。").waitFor();
    await page.keyboard.press("Escape");
    await letter.waitFor({ state: "detached" });
  });

  it("is dragged out by the pointer, under its own name", async () => {
    open = await withAttachments([file("2", "报告: 三.pdf", "application/pdf")]);
    const { page } = open;
    await page.evaluate(() => {
      document.addEventListener("dragstart", ({ dataTransfer }) => {
        document.body.dataset["dragged"] = dataTransfer?.getData("DownloadURL") ?? "";
      });
    });
    const chip = page.getByRole("button", { name: "Open 报告: 三.pdf" });
    const asked = () => open?.engine.asked.filter(({ method }) => method === "mail.partUrl").length;
    await chip.hover();
    await expect.poll(asked).toBe(1);
    await page.mouse.down();
    await page.mouse.move(700, 700, { steps: 5 });
    await page.mouse.up();
    const dragged = await page.evaluate(() => document.body.dataset["dragged"]);
    expect(dragged).toMatch(/^application\/pdf:报告_ 三\.pdf:http:\/\/127\.0\.0\.1:\d+\/part\//u);
  });

  it("says what it cannot show, in the dark, in Chinese, in a narrow window", async () => {
    open = await withAttachments([file("2", "papers.zip")], { theme: "dark", language: "zh-CN", width: 700 });
    const { page } = open;
    await page.getByRole("button", { name: "打开 papers.zip" }).click();
    await page.getByRole("dialog").getByText("这个文件无法预览").waitFor();
    expect(await axeFindings(page)).toEqual([]);
    if (process.env["SATCHEL_PICTURES"] === "1") await page.screenshot({ path: "docs/pictures/preview-narrow-dark-zh.png" });
  });
});
