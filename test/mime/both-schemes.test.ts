import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inBothSchemes, joinDeclarations, splitDeclarations } from "../../main/mime/dark/declarations.ts";
import { Variables } from "../../main/mime/dark/variables.ts";
import { LIGHT_THEME, wrapDocument } from "../../main/mime/frame.ts";
import { parseForReading } from "../../main/mime/parse-for-reading.ts";
import { sanitizeHtml } from "../../main/mime/sanitize.ts";
import { HAS_BROWSER } from "../support/browser.ts";
import { keptBrowser, leaveBrowser } from "../support/kept-browser.ts";
import { corporaDir, mailFiles } from "./support/corpora.ts";
import { NEWSLETTERS } from "./support/newsletters.ts";

const NOTHING = { cidUrl: () => null, remoteUrl: () => null, quoteLabel: "Quoted text" };
const both = (html: string) => sanitizeHtml(html, { ...NOTHING, bothSchemes: true });
const DARK_THEME = { ...LIGHT_THEME, dark: true, text: "#ebeae6", muted: "#b4b4ad", ground: "#252625", line: "#323331", link: "#6fcbbd" };

describe("what is written", () => {
  test("has each colour of styles, sheets and attributes for both schemes, and keeps the sender's own words for the light", () => {
    const { html, ownColours } = both(
      `<style>.a{color:#333} @media (max-width:600px){.a{border:1px solid #ddd}}</style><p class="a" style="background:#FFF">x</p><table bgcolor="#EEEEEE"><tr><td>y</td></tr></table>`,
    );
    expect(ownColours).toBe(false);
    expect(html).toMatch(/\.a\{color:light-dark\(#333,#[0-9a-f]{6}\)\}/u);
    expect(html).toMatch(/@media \(max-width:600px\)\{\.a\{border:1px solid light-dark\(#ddd,#[0-9a-f]{6}\)\}\}/u);
    expect(html).toContain('style="background:light-dark(#FFF,#252625)"');
    expect(html).toMatch(/@layer satchel\{\[bgcolor="#EEEEEE"\]\{background-color:light-dark\(#eeeeee,#[0-9a-f]{6}\)\}/u);
  });

  test("is the same when it is done again", () => {
    for (const { html } of NEWSLETTERS) {
      for (const [, style = ""] of both(html).html.matchAll(/ style="([^"]*)"/gu)) {
        const again = joinDeclarations(inBothSchemes(splitDeclarations(style), new Variables()).declarations);
        expect(again).toBe(joinDeclarations(splitDeclarations(style)));
      }
    }
  });

  test("has the sender's rules for the dark hold when the reader's scheme is dark, as they stand", () => {
    const { html } = both(
      "<style>.a{color:#111} @media (prefers-color-scheme: dark){.a{color:#abcdef!important}} @media screen and (max-width:600px) and (prefers-color-scheme:dark){.a{color:#fedcba}} @media (prefers-color-scheme: light){.b{color:#222}}</style><p class='a'>x</p>",
    );
    expect(html).toContain("@container style(--satchel-dark:1){.a{color:#abcdef!important}}");
    expect(html).toMatch(/@media screen and \(max-width:600px\)\s?\{@container style\(--satchel-dark:1\)\{\.a\{color:#fedcba\}\}\}/u);
    expect(html).toMatch(/@container style\(--satchel-dark:0\)\{\.b\{/u);
    expect(html).not.toContain("prefers-color-scheme");
  });

  test.each([
    '<meta name="color-scheme" content="light only"><p style="color:#123">x</p>',
    "<style>:root{color-scheme:only light}</style><p>x</p>",
  ])("is left on paper where the sender asks for it: %s", (html) => {
    expect(both(html).ownColours).toBe(true);
    expect(both('<meta name="color-scheme" content="light dark"><p>x</p>').ownColours).toBe(false);
  });

  test("keeps the names that the sender gave to colours, in their own letters, and knows what they come to", () => {
    const { html } = both(
      "<style>:root{--myInk:#333;--size:12px} .a{color:var(--myInk);font-size:var(--size);border:var(--size) solid var(--myInk)}</style><p class='a' style='--Ground:#fff;background:var(--Ground)'>x</p>",
    );
    expect(html).toMatch(
      /\.a\{font-size:var\(--size\);color:light-dark\(var\(--myInk\),#[0-9a-f]{6}\)|\.a\{color:light-dark\(var\(--myInk\),#[0-9a-f]{6}\)/u,
    );
    expect(html).toMatch(/border:var\(--size\) solid light-dark\(var\(--myInk\),#[0-9a-f]{6}\)/u);
    expect(html).toContain("--Ground:#fff;background:light-dark(var(--Ground),#252625)");
  });

  test("takes what the sender says of the root in the dark for the body, which a query about a style can ask", () => {
    const { html } = both("<style>@media (prefers-color-scheme: dark){:root{--page:#111}.b{color:#eee}}</style><p>x</p>");
    expect(html).toContain("@container style(--satchel-dark:1){body{--page:#111}.b{color:#eee}}");
  });

  test("comes to an end where selectors are made to take for ever", () => {
    const selector = `.no ${"div ".repeat(10)}b`;
    const siblings = `.no ${"~ i ".repeat(10)}`;
    const deep = `${"<div>".repeat(300)}<b>deep</b>${"</div>".repeat(300)}`;
    const { html } = both(`<style>${selector},${siblings}{color:#333}</style>${deep}${"<i>x</i>".repeat(400)}`);
    expect(html).toContain("color:light-dark(#333");
  });

  test("of a message that is sent on is as it was", () => {
    expect(sanitizeHtml('<p style="color:#123456">x</p>', NOTHING).html).toBe(
      '<div class="satchel-mail"><p style="color:#123456">x</p></div>',
    );
  });

  test("closes nothing and names nobody, whatever an attribute says", () => {
    const { html, remoteHosts } = both(
      `<table bgcolor='"]{}*{background:url(https://a.test/x)}'><tr><td bgcolor="</style><img src=x onerror=alert(1)>">x</td></tr></table><font color='\\"}'>y</font>`,
    );
    const sheet = /<style>(.*?)<\/style>/u.exec(html)?.[1] ?? "";
    expect(sheet).not.toMatch(/\{\s*background:url/u);
    expect(sheet).not.toContain("onerror");
    expect(remoteHosts).toEqual([]);
  });
});

type Words = { text: string; light: number; dark: number };

/** Runs in the page: the contrast of every text to what lies under it. */
function contrasts(): { text: string; ratio: number }[] {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (css: string): [number, number, number, number] => {
    if (canvas === null) return [0, 0, 0, 0];
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = css;
    canvas.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0, alpha = 0] = canvas.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const known = new Map<string, [number, number, number, number]>();
  const read = (css: string): [number, number, number, number] => {
    const found = known.get(css) ?? rgba(css);
    known.set(css, found);
    return found;
  };
  const over = (top: readonly number[], below: readonly number[]): number[] =>
    [0, 1, 2].map((at) => (top[at] ?? 0) * (top[3] ?? 1) + (below[at] ?? 0) * (1 - (top[3] ?? 1)));
  const ground = (element: Element): number[] => {
    const own = read(getComputedStyle(element).backgroundColor);
    if (own[3] === 1 || element.parentElement === null) return over(own, [255, 255, 255]);
    return over(own, ground(element.parentElement));
  };
  const luminance = (rgb: readonly number[]): number => {
    const [red = 0, green = 0, blue = 0] = rgb.map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const found: { text: string; ratio: number }[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    if (element === null || element.localName === "style" || !/\S/u.test(node.nodeValue ?? "")) continue;
    const below = ground(element);
    const [a, b] = [luminance(over(read(getComputedStyle(element).color), below)), luminance(below)];
    found.push({ text: (node.nodeValue ?? "").trim().slice(0, 60), ratio: (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) });
  }
  return found;
}

describe.skipIf(!HAS_BROWSER)("in a browser", () => {
  let page: Page;
  beforeAll(async () => {
    page = await (await keptBrowser()).newPage({ viewport: { width: 900, height: 700 } });
  });
  afterAll(leaveBrowser);

  async function look(html: string): Promise<Words[]> {
    const cleaned = both(html).html;
    const measured: { text: string; ratio: number }[][] = [];
    for (const theme of [LIGHT_THEME, DARK_THEME]) {
      await page.setContent(wrapDocument(cleaned, { lang: "", ownColours: false, theme }));
      measured.push(await page.evaluate(contrasts));
    }
    const [light = [], dark = []] = measured;
    return light.map(({ text, ratio }, at) => ({ text, light: ratio, dark: dark[at]?.ratio ?? 0 }));
  }

  /** Text that is worse off in the dark than it has to be. */
  const lost = (words: readonly Words[]): Words[] =>
    words.filter(({ light, dark }) => (light < 1.2 ? dark > 1.5 : dark < Math.min(4.4, light - 0.1)));

  test.each(NEWSLETTERS)("every word of $name can be read in the dark, and what was hidden stays hidden", async ({ html }) => {
    const words = await look(html);
    expect(words.length).toBeGreaterThan(3);
    expect(lost(words)).toEqual([]);
  });

  test("the light is what it was without the second scheme", async () => {
    for (const { html } of NEWSLETTERS) {
      const pictures: string[] = [];
      for (const bothSchemes of [false, true]) {
        const cleaned = sanitizeHtml(html, { ...NOTHING, bothSchemes }).html;
        await page.setContent(wrapDocument(cleaned, { lang: "", ownColours: false, theme: LIGHT_THEME }));
        pictures.push((await page.screenshot({ fullPage: true })).toString("base64"));
      }
      expect(pictures[0] === pictures[1]).toBe(true);
    }
  });

  test.skipIf(corporaDir() === null)("and so can every word of the public HTML mail", { timeout: 60_000 }, async () => {
    const failures: string[] = [];
    let looked = 0;
    for (const file of mailFiles(corporaDir())) {
      const { html } = parseForReading(readFileSync(file));
      if (html === null || html.length < 300 || html.length > 300_000 || !/color|background/iu.test(html)) continue;
      looked += 1;
      for (const { text, light, dark } of lost(await look(html)))
        failures.push(`${file}: ${text} ${light.toFixed(2)} → ${dark.toFixed(2)}`);
    }
    expect(looked).toBeGreaterThan(20);
    expect(failures).toEqual([]);
  });
});
