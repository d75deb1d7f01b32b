import { afterAll, afterEach, describe, expect, it } from "vitest";
import { axeFindings } from "../../support/axe.ts";
import { newerThanAll } from "../../support/fake-engine/mailbox.ts";
import { closeBrowser, HAS_CHROMIUM, type OpenWindow, openWindow } from "../../support/fake-engine/open-window.ts";
import { OPEN_FRAME } from "../../support/open-frame.ts";

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
    engine.why = { charset: { charset: "gb18030", by: "certain" }, conversation: "subject", notKept: null };
    const row = page.getByRole("row", { name: "Invoice 2026-1187" }).first();
    await row.click();
    const details = page.getByRole("article").last().locator(".to");
    await details.press("Enter");
    await page.getByText(english ? `Signed by ${domain}` : `由 ${domain} 签名`).waitFor();
    await page.getByText(english ? "Checked on this computer." : "已在本机核实。").waitFor();
    await page.getByText(english ? /GB18030\)\. The message does not say so/u : /GB18030\)。邮件没有注明/u).waitFor();
    await page.getByText(english ? /^By its subject and the people in it/u : /^按主题和相关的人归入/u).waitFor();
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

  it("has the next message ready before it is asked for", async () => {
    open = await openWindow();
    const { page, engine } = open;
    const row = (subject: string) => page.getByRole("row", { name: subject }).first();
    await row("Invoice 2026-1187").click();
    await page.frameLocator(OPEN_FRAME).getByText("please find the invoice attached").waitFor();
    const next = engine.letters.findLast(({ text }) => text.startsWith("Page 24"));
    if (next === undefined) throw new Error("the next letter is not there");
    const ahead = () => engine.asked.filter(({ method, input }) => method === "mail.read" && (input as { ahead?: boolean }).ahead === true);
    await expect.poll(() => ahead().some(({ input }) => (input as { placementId: number }).placementId === next.placementId)).toBe(true);
    engine.holdReading = true;
    await page.keyboard.press("j");
    await page.getByRole("article").last().getByText("Page 24 has the wrong glaze name again").waitFor();
    // Reading ahead fetches nothing, so what is not here is left alone.
    const away = engine.letters.filter(({ here }) => !here).map(({ placementId }) => placementId);
    expect(ahead().some(({ input }) => away.includes((input as { placementId: never }).placementId))).toBe(false);
  });

  it.each([
    ["light", "en", "source"],
    ["dark", "zh-CN", "source-dark-zh"],
  ] as const)("shows the sender's clock, and the source with its fields marked (%s, %s)", async (theme, language, picture) => {
    open = await openWindow(undefined, { theme, language });
    const { page, engine } = open;
    const letter = engine.letters.find(({ subject }) => subject.includes("Invoice 2026-1187"));
    if (letter === undefined) throw new Error("the letter is not there");
    const there = (await page.evaluate(() => -new Date().getTimezoneOffset())) + 9 * 60;
    engine.zones.set(letter.placementId, there);
    await page.getByRole("row", { name: "Invoice 2026-1187" }).first().click();
    await page.getByText(language === "en" ? /^their time (?:\w+ )?\d\d:37$/u : /^对方时间 (?:\S+ ?)?\d\d:37$/u).waitFor();
    await page.keyboard.press("Control+u");
    const source = page.getByRole("dialog").locator(".source");
    await source.waitFor();
    expect(await source.locator(".field-name").allTextContents()).toEqual(["From:", "Subject:"]);
    expect(await source.textContent()).toBe(`From: ${letter.from.address}\r\nSubject: …\r\n\r\n${letter.text}`);
    expect(await axeFindings(page)).toEqual([]);
    if (process.env["SATCHEL_PICTURES"] === "1") await page.screenshot({ path: `docs/pictures/${picture}.png` });
  });

  it("makes a newsletter of a fixed width as small as its frame, also when that becomes narrower", async () => {
    open = await openWindow(undefined, { width: 1440 });
    const { page, engine } = open;
    const letter = engine.letters.find(({ subject }) => subject.includes("Invoice 2026-1187"));
    if (letter === undefined) throw new Error("the letter is not there");
    letter.html =
      '<table width="1100" style="background:#eee"><tr><td style="width:1100px">Fixed <b>width</b></td></tr></table><p>words</p>';
    await page.getByRole("row", { name: "Invoice 2026-1187" }).first().click();
    const sideways = () =>
      page
        .frameLocator(OPEN_FRAME)
        .locator("body")
        .evaluate((body) => ({ over: body.scrollWidth - body.clientWidth, zoom: body.style.zoom }));
    // It gives way before its letters become smaller.
    await expect.poll(sideways).toEqual({ over: 0, zoom: "" });
    await page.setViewportSize({ width: 1320, height: 900 });
    await expect.poll(sideways).toEqual({ over: 0, zoom: "" });
  });

  it("stays open when the window becomes narrow, and the list is one step back", async () => {
    open = await openWindow();
    const { page } = open;
    const row = page.getByRole("row", { name: "Invoice 2026-1187" }).first();
    const title = page.getByRole("heading", { level: 1, name: "Invoice 2026-1187" });
    await row.click();
    await title.waitFor();
    await page.setViewportSize({ width: 600, height: 900 });
    await row.waitFor({ state: "detached" });
    await title.waitFor();
    await page.getByRole("button", { name: "Back" }).click();
    await row.waitFor();
    await title.waitFor({ state: "detached" });
    // Nothing that was opened is looked at now: the list stays.
    await page.setViewportSize({ width: 1440, height: 900 });
    await title.waitFor();
    await page.setViewportSize({ width: 600, height: 900 });
    await title.waitFor({ state: "detached" });
    await row.waitFor();
  });

  it("tells those who cannot see it that mail has come", async () => {
    open = await openWindow();
    const { page, engine } = open;
    await page.getByRole("row", { name: "Invoice 2026-1187" }).first().waitFor();
    const [any] = engine.letters;
    if (any === undefined) throw new Error("no letters");
    const fresh = { ...any, placementId: 900_001 as never, messageId: 900_001 as never, conversationId: 900_001 as never, seen: false };
    engine.letters.push({
      ...fresh,
      at: newerThanAll(engine.letters),
      subject: "窑炉明天到",
      from: { name: "陈晓雯", address: "chen@example.test" },
    });
    engine.changed();
    await page.getByRole("status").getByText("New message from 陈晓雯: 窑炉明天到").waitFor({ state: "attached" });
  });

  it.each([
    ["light", "en", 1440],
    ["dark", "zh-CN", 700],
  ] as const)(
    "shows a conversation of a hundred messages as a feed, and whom a message wanted to contact (%s, %s, %i px)",
    async (theme, language, width) => {
      open = await openWindow(undefined, { theme, language, width });
      const { page, engine } = open;
      const keep = async (name: string) => {
        if (process.env["SATCHEL_PICTURES"] === "1")
          await page.screenshot({ path: `docs/pictures/${name}${width < 1000 ? "-narrow" : ""}.png` });
      };
      const letter = engine.letters.find(({ subject }) => subject.includes("Invoice 2026-1187"));
      if (letter === undefined) throw new Error("the letter is not there");
      const { conversationId } = letter;
      const people = [
        letter.from,
        { name: "陈晓雯", address: "chen@example.test" },
        { name: "Tomás Ferreira", address: "tomas@kiln.example" },
      ];
      for (let at = 1; at < 100; at += 1) {
        const id = (700_000 + at) as never;
        const from = people[at % people.length] ?? letter.from;
        const words = { subject: letter.subject, text: `Answer ${at}: 收到，谢谢。`, html: null, parts: [], remoteHosts: [] };
        engine.letters.push({
          ...letter,
          ...words,
          from,
          placementId: id,
          messageId: id,
          conversationId,
          at: letter.at - (100 - at) * 60_000,
          seen: true,
        });
      }
      engine.changed();
      const row = page.getByRole("row", { name: "Invoice 2026-1187" }).first();
      await row.locator(".count", { hasText: "100" }).waitFor();
      await row.click();
      const feed = page.getByRole("feed");
      await expect.poll(() => feed.getByRole("article").count()).toBe(100);
      expect(await feed.getByRole("article").last().getAttribute("aria-posinset")).toBe("100");
      expect(await feed.getByRole("article").first().getAttribute("aria-setsize")).toBe("100");
      // The newest is what was opened, so it is what stands there.
      await expect.poll(async () => (await feed.getByRole("article").last().boundingBox())?.y ?? 9999).toBeLessThan(500);
      await keep("conversation-of-100");
      const ledger = page.getByRole("button", { name: language === "en" ? "List" : "列表" });
      await ledger.scrollIntoViewIfNeeded();
      await ledger.press("Enter");
      for (const host of letter.remoteHosts) await page.getByText(host).waitFor();
      expect(await axeFindings(page)).toEqual([]);
      await keep("tracker-ledger");
      // Folded ones open by the keyboard.
      await feed.getByRole("button", { name: /Answer 50:/u }).press("Enter");
      await feed.getByText("Answer 50: 收到，谢谢。").first().waitFor();
    },
  );

  it("says who the sender is in a narrow window as well", async () => {
    open = await openWindow(undefined, { width: 700, language: "zh-CN" });
    const { page, engine } = open;
    const letter = engine.letters.find(({ subject }) => subject.includes("Invoice 2026-1187"));
    if (letter === undefined) throw new Error("the letter is not there");
    const domain = "a-rather-long-name-for-a-department.of-a-company.example";
    engine.vouching.set(letter.placementId, {
      kind: "unvouched",
      domain,
      found: "altered",
      server: "mx.inbound-of-the-provider.example.net",
    });
    engine.tricks.set(letter.placementId, [
      { kind: "unvouched-altered", domain },
      { kind: "reply-elsewhere", real: "q1.bank@gmail.com" },
    ]);
    engine.zones.set(letter.placementId, 345);
    await page.getByRole("row", { name: "Invoice 2026-1187" }).first().click();
    await page.getByRole("article").last().locator(".to").press("Enter");
    const details = page.locator(".details");
    await details.waitFor();
    const within = async (selector: string) =>
      page
        .locator(selector)
        .first()
        .evaluate((element) => {
          const { left, right } = element.getBoundingClientRect();
          return left >= 0 && right <= innerWidth && element.scrollWidth <= element.clientWidth + 1;
        });
    if (process.env["SATCHEL_PICTURES"] === "1") await page.screenshot({ path: "docs/pictures/vouching-narrow.png" });
    expect(await within(".details")).toBe(true);
    await page.keyboard.press("Escape");
    expect(await within(".body-notes .banner")).toBe(true);
    if (process.env["SATCHEL_PICTURES"] === "1") await page.screenshot({ path: "docs/pictures/vouching-bar-narrow.png" });
  });
});
