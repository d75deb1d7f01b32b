import { afterAll, afterEach, describe, expect, it } from "vitest";
import { axeFindings, closeBrowser, HAS_CHROMIUM, type OpenWindow, openWindow } from "../../support/fake-engine/open-window.ts";

let open: OpenWindow | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});
afterAll(closeBrowser);

describe.skipIf(!HAS_CHROMIUM)("reading a message another way", () => {
  it("reads it in another charset by the keyboard, says so for the sender, and takes it back", async () => {
    open = await openWindow();
    const { page, engine } = open;
    await page.getByRole("row", { name: "Invoice 2026-1187" }).first().click();
    const card = page.getByRole("article").last();
    await card.getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: "Read as…" }).press("Enter");
    const chinese = page.getByRole("menuitem", { name: "Simplified Chinese (GB18030)" });
    await chinese.waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await chinese.press("Enter");
    const note = page.getByText("Read as Simplified Chinese (GB18030).").first();
    await note.waitFor();
    expect(engine.asked.filter(({ method }) => method === "mail.readAs")).toMatchObject([{ input: { charset: "gb18030" } }]);
    await page.getByRole("button", { name: "As it says" }).first().click();
    await note.waitFor({ state: "detached" });
  });

  it("opens a message that is attached as a message, with its own attachments", async () => {
    open = await openWindow();
    const { page, engine } = open;
    const letter = engine.letters.find(({ subject }) => subject.includes("Invoice 2026-1187"));
    letter?.parts.push({ part: "2", name: "里面的信.eml", type: "message/rfc822", sizeBytes: 9000, inline: false, here: true });
    await page.getByRole("row", { name: "Invoice 2026-1187" }).first().click();
    await page.getByRole("button", { name: "Open 里面的信.eml" }).click();
    const inside = page.getByRole("dialog", { name: "里面的信" });
    await inside.getByText("合同在附件里，请查收。").waitFor();
    await inside.getByText("陈经理").waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await inside.getByRole("button", { name: "Save 合同.pdf" }).click();
    await expect
      .poll(() => engine.asked.filter(({ method }) => method === "mail.saveParts"))
      .toMatchObject([{ input: { parts: ["2~2"] } }]);
    await page.keyboard.press("Escape");
    await inside.waitFor({ state: "detached" });
  });

  it("names the tricks of a message in one bar, the worst in bold", async () => {
    open = await openWindow();
    const { page, engine } = open;
    const letter = engine.letters.find(({ subject }) => subject.includes("Invoice 2026-1187"));
    if (letter === undefined) throw new Error("the letter is not there");
    engine.tricks.set(letter.placementId, [
      { kind: "disguised", file: "发票.pdf.exe" },
      { kind: "name-is-address", shown: "service@bank.example", real: "q1@evil.test" },
    ]);
    await page.getByRole("row", { name: "Invoice 2026-1187" }).first().click();
    await page.getByText("“发票.pdf.exe” passes itself off as a document. It is a program.").waitFor();
    await page.getByRole("listitem").getByText("The sender’s name shows service@bank.example, but the address is q1@evil.test.").waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });
});
