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
    letter?.parts.push({ part: "9", name: "里面的信.eml", type: "message/rfc822", sizeBytes: 9000, inline: false, here: true });
    await page.getByRole("row", { name: "Invoice 2026-1187" }).first().click();
    await page.getByRole("button", { name: "Open 里面的信.eml" }).click();
    const inside = page.getByRole("dialog", { name: "里面的信" });
    await inside.getByRole("heading", { name: "里面的信", exact: true }).waitFor();
    await inside.getByText("合同在附件里，请查收。").waitFor();
    await inside.getByText("陈经理").waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await inside.getByRole("button", { name: "Save 合同.pdf" }).click();
    await expect
      .poll(() => engine.asked.filter(({ method }) => method === "mail.saveParts"))
      .toMatchObject([{ input: { parts: ["9~2"] } }]);
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

  it.each([
    ["light", "en", "vouching"],
    ["dark", "zh-CN", "vouching-dark-zh"],
  ] as const)("says who the sender really is, in the details and in a bar (%s, %s)", async (theme, language, picture) => {
    const english = language === "en";
    open = await openWindow(undefined, { theme, language });
    const { page, engine } = open;
    // An open popover lies outside the landmarks, as popovers do.
    const findings = async () => (await axeFindings(page)).filter((one) => !one.startsWith("region:"));
    const keep = async (name: string) => {
      if (process.env["SATCHEL_PICTURES"] === "1") await page.screenshot({ path: `docs/pictures/${name}.png` });
    };
    const letter = engine.letters.find(({ subject }) => subject.includes("Invoice 2026-1187"));
    if (letter === undefined) throw new Error("the letter is not there");
    const domain = letter.from.address.slice(letter.from.address.indexOf("@") + 1);
    engine.vouching.set(letter.placementId, { kind: "signed", domain, server: "" });
    const row = page.getByRole("row", { name: "Invoice 2026-1187" }).first();
    await row.click();
    const details = page.getByRole("article").last().locator(".to");
    await details.press("Enter");
    await page.getByText(english ? `Signed by ${domain}` : `由 ${domain} 签名`).waitFor();
    await page.getByText(english ? "Checked on this computer." : "已在本机核实。").waitFor();
    expect(await findings()).toEqual([]);
    await keep(`${picture}-details`);
    await page.keyboard.press("Escape");

    engine.vouching.set(letter.placementId, { kind: "unvouched", domain, found: "nothing", server: "mx.example.net" });
    engine.tricks.set(letter.placementId, [{ kind: "unvouched", domain }]);
    engine.emit("mail.updated", { messageIds: [letter.messageId], revision: Date.now() });
    await page
      .getByText(english ? "Nobody vouches for the sender’s address" : "无人能证明发件人的地址")
      .first()
      .waitFor();
    await keep(`${picture}-bar`);
    await details.press("Enter");
    await page.getByText(english ? "Checked by your server, mx.example.net." : "由您的服务器 mx.example.net 核实。").waitFor();
    expect(await findings()).toEqual([]);
  });
});
