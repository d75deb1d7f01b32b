import { readFileSync } from "node:fs";
import { crc32, deflateSync } from "node:zlib";
import type { Page } from "playwright-core";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { LIGHT_THEME, wrapDocument } from "../../../main/mime/frame.ts";
import { guessLanguage } from "../../../main/mime/language.ts";
import { parseForReading } from "../../../main/mime/parse-for-reading.ts";
import { sanitizeHtml } from "../../../main/mime/sanitize.ts";
import { corporaDir, mailFiles } from "../../mime/support/corpora.ts";
import { NEWSLETTERS } from "../../mime/support/newsletters.ts";
import { WIDE_LETTERS } from "../../mime/support/wide-letters.ts";
import { axeFindings } from "../../support/axe.ts";
import { closeBrowser, HAS_CHROMIUM, type Look, type OpenWindow, openWindow } from "../../support/fake-engine/open-window.ts";
import { WritingEngine } from "../../support/fake-engine/writing.ts";
import { OPEN_FRAME } from "../../support/open-frame.ts";

const ROW = "Invoice 2026-1187";
/** All HTML of the public mail with SATCHEL_EVERY_MESSAGE=1, else what is widest of it. */
const EVERY = process.env["SATCHEL_EVERY_MESSAGE"] === "1";

let open: OpenWindow | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});
afterAll(closeBrowser);

/** What the engine would serve for this HTML. */
function served(html: string): { html: string; lang: string } {
  const lang = guessLanguage(html.replace(/<style[\s\S]*?<\/style>|<[^>]*>/gu, " "), "");
  const cleaned = sanitizeHtml(html, {
    cidUrl: () => null,
    remoteUrl: () => null,
    quoteLabel: "Earlier text",
    bothSchemes: true,
    standIns: true,
  });
  return { html: wrapDocument(cleaned.html, { lang, ownColours: cleaned.ownColours, theme: LIGHT_THEME }), lang };
}

async function opened(letter: { html?: string; text?: string; subject?: string }, look: Look = {}): Promise<OpenWindow> {
  const engine = new WritingEngine(Date.now());
  const found = theLetter(engine);
  if (letter.html === undefined) Object.assign(found, { html: null, text: letter.text ?? "", lang: guessLanguage(letter.text ?? "", "") });
  else Object.assign(found, served(letter.html));
  if (letter.subject !== undefined) found.subject = letter.subject;
  open = await openWindow(engine, look);
  const { page } = open;
  await page.getByRole("row", { name: found.subject }).first().click();
  await page.getByRole("article").last().waitFor();
  return open;
}

function theLetter(engine: WritingEngine): WritingEngine["letters"][number] {
  const found = engine.letters.find(({ subject }) => subject.includes(ROW));
  if (found === undefined) throw new Error("the letter is not there");
  return found;
}

/** Eight by eight: the left half grey, the right half of that alpha. */
function transparentPng(alpha: number, grey: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const head = Buffer.from([0, 0, 0, 8, 0, 0, 0, 8, 8, 6, 0, 0, 0]);
  const row = [0, ...Array.from({ length: 8 }, (_, x) => [grey, grey, grey, x < 4 ? 255 : alpha]).flat()];
  const rows = Buffer.from(Array.from({ length: 8 }, () => row).flat());
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", head), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
}

const keep = async (page: Page, name: string): Promise<void> => {
  if (process.env["SATCHEL_PICTURES"] === "1") await page.screenshot({ path: `docs/pictures/${name}.png` });
};

const inFrame = (page: Page) => page.frameLocator(OPEN_FRAME).locator("body");
const [shop, chinese] = NEWSLETTERS;

describe.skipIf(!HAS_CHROMIUM)("coloured mail in the window", () => {
  it("is dark in the dark, and the original one key away, from then on for its sender", async () => {
    const { page, engine } = await opened({ html: shop?.html ?? "" }, { theme: "dark" });
    // A family that is not here is asked for again with every size, so the page names none; Windows is the one that has this one.
    if (process.platform !== "win32") expect(await page.evaluate(() => getComputedStyle(document.body).fontFamily)).not.toContain("YaHei");
    const ground = () =>
      inFrame(page)
        .locator(".wrap")
        .evaluate((wrap) => getComputedStyle(wrap).backgroundColor);
    await expect.poll(ground).toBe("rgb(37, 38, 37)");
    await page.mouse.move(1, 1);
    await keep(page, "newsletter-dark");
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press("Shift+O");
    await expect.poll(ground).toBe("rgb(255, 255, 255)");
    await keep(page, "newsletter-original");
    await expect.poll(() => engine.remembered.originals).toEqual([theLetter(engine).from.address]);
    await page.getByText(/is shown in its own colours from now on/u).waitFor();
    await page.reload();
    await page.getByRole("row", { name: ROW }).first().click();
    await expect.poll(ground).toBe("rgb(255, 255, 255)");
    await page.keyboard.press("Shift+O");
    await expect.poll(ground).toBe("rgb(37, 38, 37)");
    await expect.poll(() => engine.remembered.originals).toEqual([]);
  });

  it("puts paper behind a logo in dark lines, and behind no other picture", async () => {
    const picture = (name: string, alpha: number, grey: number): string =>
      `<img alt="${name}" width="40" height="40" src="data:image/png;base64,${transparentPng(alpha, grey).toString("base64")}">`;
    const { page } = await opened({ html: picture("ink", 0, 10) + picture("snow", 0, 250) + picture("night", 255, 10) }, { theme: "dark" });
    const behind = (name: string) =>
      inFrame(page)
        .getByAltText(name)
        .evaluate((image) => getComputedStyle(image).backgroundColor);
    await expect.poll(() => behind("ink")).toBe("rgb(241, 240, 237)");
    expect([await behind("snow"), await behind("night")]).toEqual(["rgba(0, 0, 0, 0)", "rgba(0, 0, 0, 0)"]);
    await page.keyboard.press("Shift+O");
    await expect.poll(() => behind("ink")).toBe("rgba(0, 0, 0, 0)");
  });

  it("is as the sender made it in the light", async () => {
    const { page } = await opened({ html: shop?.html ?? "" });
    await expect
      .poll(() =>
        inFrame(page)
          .locator(".wrap")
          .evaluate((wrap) => getComputedStyle(wrap).backgroundColor),
      )
      .toBe("rgb(255, 255, 255)");
    await keep(page, "newsletter-light");
  });

  it.each([
    ["dark", 1440],
    ["light", 1440],
    ["dark", 700],
  ] as const)("of China has its own faces and colours (%s, %i px)", async (theme, width) => {
    const { page } = await opened({ html: chinese?.html ?? "", subject: "十一月会员日：会员价开启" }, { theme, language: "zh-CN", width });
    expect(
      await inFrame(page)
        .getByText("十一月会员日")
        .evaluate((cell) => [
          getComputedStyle(cell).backgroundColor,
          document.documentElement.lang,
          getComputedStyle(document.body).lineBreak,
        ]),
    ).toEqual(["rgb(200, 16, 46)", "zh-CN", "strict"]);
    await keep(page, `newsletter-${theme}-zh${width < 1000 ? "-narrow" : ""}`);
    expect(await axeFindings(page)).toEqual([]);
  });
});

describe.skipIf(!HAS_CHROMIUM)("pictures that are not shown", () => {
  const picture = (name: string, width: number, height: number, alt: string): string =>
    `<img src="https://kiln.example/${name}.jpg" width="${width}" height="${height}" alt="${alt}" style="display:block">`;
  const letter = `<body bgcolor="#f4f4f4"><table width="600" align="center" bgcolor="#ffffff" cellpadding="0" cellspacing="0">
    <tr><td align="center" style="padding:20px"><a href="https://kiln.example/">${picture("logo", 180, 60, "Kiln &amp; Co")}</a></td></tr>
    <tr><td width="600" height="420" style="font-size:0;line-height:0">${picture("hero", 600, 420, "Autumn sale: stoneware in four glazes until Sunday")}</td></tr>
    <tr><td style="padding:24px"><h2>What is new</h2><p>Three kilns, one weekend.</p>${picture("kiln", 552, 414, "")}<p>The lid comes off on Sunday at nine.</p></td></tr>
    <tr><td bgcolor="#333333" align="center" style="padding:16px">${picture("follow", 24, 24, "Follow us")}${picture("pixel", 1, 1, "opened")}</td></tr></table></body>`;

  it.each([
    ["light", 1440],
    ["dark", 1440],
    ["dark", 480],
  ] as const)("have their words in their place and leave no blank (%s, %i px)", async (theme, width) => {
    const { page } = await opened({ html: letter }, { theme, width });
    const body = inFrame(page);
    const sign = body.getByText("Autumn sale: stoneware");
    await sign.waitFor();
    const heights = await body.evaluate((all) => ({
      signs: [...all.querySelectorAll<HTMLElement>(".satchel-picture")].map((one) => one.innerText),
      highest: Math.max(...[...all.querySelectorAll("img, .satchel-picture")].map((one) => one.getBoundingClientRect().height)),
      cell: all.querySelector("td[width]")?.getBoundingClientRect().height ?? 0,
    }));
    expect(heights.signs).toEqual(["Kiln & Co", "Autumn sale: stoneware in four glazes until Sunday", "", "Follow us"]);
    expect(heights.highest).toBeLessThan(60);
    expect(heights.cell).toBeLessThan(60);
    await page.mouse.move(1, 1);
    await keep(page, `pictures-not-shown-${theme}${width < 1000 ? "-narrow" : ""}`);
    expect(await axeFindings(page)).toEqual([]);
  });
});

describe.skipIf(!HAS_CHROMIUM)("the layout of a message", () => {
  it("is its sender's: cells stand as their attributes say, spacers are as low as they were, and what is narrowed keeps its proportions", async () => {
    const picture = `data:image/png;base64,${transparentPng(255, 90).toString("base64")}`;
    const { page } = await opened({
      html: `<table width="400" cellspacing="12"><tr><td align="center" id="cell"><b>middle</b></td></tr><tr align="right"><td id="row"><b>right</b></td></tr></table>
        <img id="spacer" src="${picture}" width="300" height="1"><div style="width:200px"><img id="narrowed" src="${picture}" width="400" height="400"></div>`,
    });
    const body = inFrame(page);
    await body.getByText("middle").waitFor();
    const height = (id: string) => body.locator(`#${id}`).evaluate((one) => one.getBoundingClientRect().height);
    await expect.poll(() => height("narrowed")).toBe(200);
    expect(await height("spacer")).toBe(1);
    const align = (id: string) => body.locator(`#${id}`).evaluate((one) => getComputedStyle(one).textAlign);
    expect([await align("cell"), await align("row")]).toEqual(["-webkit-center", "-webkit-right"]);
    expect(await body.locator("table").evaluate((one) => getComputedStyle(one).borderCollapse)).toBe("separate");
  });
});

describe.skipIf(!HAS_CHROMIUM)("the size of a message", () => {
  it("is changed by keys and in its menu, for text and HTML alike, and remembered", async () => {
    const { page, engine } = await opened({ html: "<p>Some words of a letter.</p>" });
    const height = () =>
      inFrame(page)
        .locator("p")
        .evaluate((words) => words.getBoundingClientRect().height);
    await expect.poll(height).toBeGreaterThan(10);
    const before = await height();
    for (let presses = 0; presses < 3; presses += 1) await page.keyboard.press("Control+=");
    await expect.poll(() => engine.settings.messageZoom).toBe(150);
    await expect.poll(async () => Math.round(((await height()) / before) * 10)).toBe(15);
    await page.getByRole("article").last().getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: /^Size · 150/u }).press("Enter");
    await page.getByRole("menuitem", { name: "Smaller" }).press("Enter");
    await expect.poll(() => engine.settings.messageZoom).toBe(125);
    await page.keyboard.press("Control+0");
    await expect.poll(() => engine.settings.messageZoom).toBe(100);
    await expect.poll(height).toBe(before);
  });
});

describe.skipIf(!HAS_CHROMIUM)("plain text in the window", () => {
  const LEVELS =
    "好的，周四见。\n\nOn Friday Mira wrote:\n> The shelves hold.\n>\n> On Thursday Lin wrote:\n>> Do they?\n>>> 重 12 kg\n> M.\n\nAnd the table:\n\nitem      sum\nshelf     312\n箱        38";

  it("shows what was quoted how often, without the signs, and even columns on demand", async () => {
    const { page, engine } = await opened({ text: LEVELS });
    const card = page.getByRole("article").last();
    await card.getByText("Do they?").waitFor();
    expect(await card.locator("blockquote blockquote blockquote").innerText()).toBe("重 12 kg");
    expect(await card.innerText()).not.toMatch(/^>/mu);
    await card.getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: "Even columns" }).press("Enter");
    await expect.poll(() => engine.settings.plainTextMonospace).toBe(true);
    await expect.poll(() => card.getByText("shelf").evaluate((words) => getComputedStyle(words).fontFamily)).toContain("Mono");
    await page.mouse.move(1, 1);
    await keep(page, "plain-text-even-columns");
    expect(await axeFindings(page)).toEqual([]);
  });

  it("stands from the right where it is written so, quotations and the row in the list too", async () => {
    const { page } = await opened({
      subject: "שלום: PDF מצורף (2026)",
      text: "שלום לין,\n\nהקובץ PDF מצורף. נתראה ביום חמישי.\n\n> האם התנור מוכן?\n\nכן.",
    });
    const card = page.getByRole("article").last();
    const quote = card.locator("blockquote");
    expect(await quote.evaluate((one) => [getComputedStyle(one).direction, getComputedStyle(one).borderRightWidth])).toEqual([
      "rtl",
      "2px",
    ]);
    expect(await card.getByText("נתראה").evaluate((one) => getComputedStyle(one).direction)).toBe("rtl");
    const subject = page.getByRole("row", { name: "שלום" }).locator(".subj");
    expect(await subject.evaluate((one) => [getComputedStyle(one).direction, getComputedStyle(one).textAlign])).toEqual(["rtl", "left"]);
    await keep(page, "right-to-left");
  });
});

const HIDDEN = { name: "all hidden", html: '<div style="display:none">Preview words.<div>The letter.</div></div>' };

describe.skipIf(!HAS_CHROMIUM)("wide mail in a narrow window", { timeout: EVERY ? 600_000 : 120_000 }, () => {
  it("fits without scrolling sideways, newsletters of 600 to 1200 px and what is widest of the public mail", async () => {
    const letters = [...WIDE_LETTERS, ...NEWSLETTERS, HIDDEN, ...publicMail()];
    const { page, engine } = await opened({ html: "<p>first</p>" }, { width: 420, height: 860 });
    const any = theLetter(engine);
    const sideways: string[] = [];
    for (const [at, { name, html }] of letters.entries()) {
      const id = 950_000 + at;
      const one = { placementId: id as never, messageId: id as never, conversationId: id as never, at: engine.now + 1000 + at };
      engine.letters.push({ ...any, ...one, ...served(html), subject: `Wide ${at} ${name}` });
      engine.changed();
      await page.getByRole("button", { name: "Back" }).click();
      await page.getByRole("grid").evaluate((list) => {
        list.scrollTop = 0;
      });
      await page
        .getByRole("row", { name: `Wide ${at} ` })
        .first()
        .click();
      const frame = page.locator(OPEN_FRAME);
      // One of which all is hidden has no height.
      await frame.waitFor({ state: "attached" });
      // The window fits it when it gives it its style.
      await expect.poll(() => inFrame(page).evaluate((body) => body.ownerDocument.adoptedStyleSheets.length)).toBe(1);
      if (html === HIDDEN.html) await page.getByText("Its sender hid every word").waitFor();
      const { over, zoom } = await inFrame(page).evaluate((body) => ({ over: body.scrollWidth - body.clientWidth, zoom: body.style.zoom }));
      if (over > 0) sideways.push(`${name}: ${over} px, at ${zoom}`);
      if (at === 0) await keep(page, "newsletter-fitted-narrow");
    }
    expect(sideways).toEqual([]);
  });

  it("breaks no word of a table that fits when it is somewhat smaller, but one that nothing else would fit", async () => {
    const cells = (tag: string, words: readonly string[]) => `<tr>${words.map((word) => `<${tag}>${word}</${tag}>`).join("")}</tr>`;
    const table = `<table>${cells("th", ["Crate", "Inside", "Measurements", "Weighing", "Destination"])}${cells("td", ["5", "Vases", "1,180", "48 kg", "Kobe"])}</table>`;
    const { page, engine } = await opened({ html: table }, { width: 360, height: 720 });
    await inFrame(page).locator("th").first().waitFor();
    const lines = () =>
      inFrame(page)
        .locator("th")
        .evaluateAll((heads) =>
          heads.map((head) => {
            const words = document.createRange();
            words.selectNodeContents(head);
            return words.getClientRects().length;
          }),
        );
    await expect.poll(lines).toEqual([1, 1, 1, 1, 1]);
    Object.assign(theLetter(engine), served(`<table><tr><td>${"a".repeat(400)}</td><td>words</td></tr></table>`));
    await page.getByRole("button", { name: "Back" }).click();
    await page.getByRole("row", { name: ROW }).first().click();
    const long = inFrame(page).locator("td").first();
    await expect.poll(() => long.evaluate((cell) => cell.clientHeight > 80 && cell.ownerDocument.body.style.zoom === "")).toBe(true);
  });

  it("leaves the sender's name room beside the times where the window is narrow", async () => {
    const { page } = await opened({ html: "<p>words</p>" }, { width: 720, height: 720 });
    const name = page.getByRole("article").last().locator(".card-head .name");
    for (const width of [720, 360, 1000]) {
      await page.setViewportSize({ width, height: 720 });
      await expect.poll(() => name.evaluate((one) => Math.min(one.scrollWidth, 110) <= one.clientWidth)).toBe(true);
    }
  });
});

function publicMail(): { name: string; html: string }[] {
  const found = mailFiles(corporaDir()).flatMap((file) => {
    const { html } = parseForReading(readFileSync(file));
    if (html === null || html.length > 300_000) return [];
    const widest = Math.max(0, ...[...html.matchAll(/width\s*[=:]\s*["']?(\d{3,4})/giu)].map(([, px]) => Number(px)));
    return [{ name: file.slice(-40), html, widest }];
  });
  return EVERY ? found : found.sort((one, other) => other.widest - one.widest).slice(0, 6);
}
