import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FRAME_CSP, facesFor, LIGHT_THEME, wrapDocument } from "../../main/mime/frame.ts";
import { sanitizeHtml } from "../../main/mime/sanitize.ts";
import { HAS_BROWSER } from "../support/browser.ts";
import { keptBrowser, leaveBrowser } from "../support/kept-browser.ts";
import { corporaDir } from "./support/corpora.ts";

const dir = corporaDir();
const clean = (html: string) =>
  sanitizeHtml(html, { cidUrl: () => null, remoteUrl: () => null, quoteLabel: "Quoted text", bothSchemes: true, standIns: true });

test("the frame's policy never allows a script, a form or a foreign connection", () => {
  expect(FRAME_CSP).toContain("default-src 'none'");
  expect(FRAME_CSP).toContain("script-src 'none'");
  expect(FRAME_CSP).not.toMatch(/allow-scripts|allow-forms|allow-top-navigation|https?:|\*/u);
});

test("the fonts of a message are those that its system has, its language's among them", () => {
  expect(facesFor("zh-CN", "win32")).toBe('"Segoe UI Variable Text", "Segoe UI", "Microsoft YaHei UI", "Microsoft YaHei", sans-serif');
  expect(facesFor("ja", "darwin")).toBe('-apple-system, BlinkMacSystemFont, "Hiragino Sans", sans-serif');
  expect(facesFor("zh-TW", "freebsd")).toBe(facesFor("zh-TW", "linux"));
  expect(facesFor("", "linux")).not.toMatch(/Segoe|apple|CJK/u);
});

test("the document carries the message's language and the theme, and paper under a message with its own colours", () => {
  const dark = { ...LIGHT_THEME, dark: true, ground: "#1a1b1a", text: "#eeeeee" };
  const plain = wrapDocument("<p>您好</p>", { lang: "zh-CN", ownColours: false, theme: dark });
  expect(plain).toContain('<html lang="zh-CN" data-own-colours="false">');
  expect(plain).toContain("background:#1a1b1a");
  expect(plain).toContain("line-height:1.8667");
  expect(wrapDocument('<p style="color:#000">x</p>', { lang: "", ownColours: true, theme: dark })).toContain("background:#ffffff");
  expect(wrapDocument("x", { lang: '"><script>', ownColours: false, theme: dark })).not.toContain("script");
});

/** Runs in the page. */
function clickAround(): string | undefined {
  for (const element of document.querySelectorAll<HTMLElement>("body *")) if (element.localName !== "a") element.click();
  return document.documentElement.dataset["ran"];
}

describe.skipIf(!HAS_BROWSER)("in a real browser", () => {
  let server: Server;
  let base: string;
  const documents = new Map<string, { body: string; csp: string | null }>();
  const asked: string[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      const found = documents.get(request.url ?? "");
      if (!found) asked.push(request.url ?? "");
      response
        .writeHead(found ? 200 : 404, {
          "content-type": "text/html; charset=utf-8",
          ...(found?.csp ? { "content-security-policy": found.csp } : {}),
        })
        .end(found?.body ?? "");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(async () => {
    await leaveBrowser();
    server.close();
  });

  /** Opens documents one after the other; what ran or asked for anything is in the answer. */
  async function open(pages: readonly { body: string; csp: string | null }[]): Promise<string[]> {
    const caught: string[] = [];
    const page = await (await keptBrowser()).newPage();
    await page.addInitScript(() => {
      for (const name of ["alert", "confirm", "prompt", "print"])
        Reflect.set(window, name, () => document.documentElement.setAttribute("data-ran", name));
    });
    page.on("request", (request) => {
      if (!documents.has(new URL(request.url()).pathname) || !request.url().startsWith(base)) caught.push(request.url().slice(0, 200));
    });
    for (const [at, entry] of pages.entries()) {
      documents.set(`/${at}`, entry);
      await page.goto(`${base}/${at}`);
      // Behind the policy no script of ours can run either.
      const ran = entry.csp === null ? await page.evaluate(clickAround) : undefined;
      if (ran !== undefined || page.url() !== `${base}/${at}`) caught.push(`${ran ?? "left the page"}: ${entry.body.slice(0, 300)}`);
    }
    await page.close();
    return caught.filter((url) => !url.endsWith("/favicon.ico"));
  }

  test("an uncleaned attack runs without the policy, so the proof below can fail", async () => {
    expect(await open([{ body: "<img src=x onerror=alert(1)>", csp: null }])).not.toEqual([]);
  });

  test.skipIf(dir === null)(
    "none of the 223 payloads of DOMPurify runs or connects, even without the frame's policy",
    async () => {
      const payloads = JSON.parse(readFileSync(join(dir ?? "", "html/dompurify/expect.json"), "utf8")) as { payload: string }[];
      // A dozen to a page, each cleaned on its own, as messages of one conversation are.
      const cleaned = payloads.map(({ payload }) => clean(payload).html);
      const pages = Array.from({ length: Math.ceil(cleaned.length / 12) }, (_, at) => cleaned.slice(at * 12, at * 12 + 12).join("\n"));
      const caught = await open(pages.map((body) => ({ body: `<!doctype html><body>${body}`, csp: null })));
      expect(caught).toEqual([]);
    },
    120_000,
  );

  test("mail that wants to connect does not, once cleaned or once behind the policy alone", async () => {
    const greedy = `<style>@import "${base}/import.css"; @font-face{font-family:f;src:url(${base}/font.woff)} body{background:url(${base}/ground.png);font-family:f} p::before{content:url(${base}/content.png)}</style>
      <link rel="stylesheet" href="${base}/link.css"><link rel="preconnect" href="http://pre.example.test"><img src="${base}/img.png" srcset="${base}/set.png 2x"><table background="${base}/table.png"><tr><td>x</td></tr></table>
      <picture><source srcset="${base}/source.png"><img></picture><video poster="${base}/poster.png" src="${base}/v.mp4"></video><object data="${base}/o"></object><iframe src="${base}/frame"></iframe>
      <svg><image href="${base}/svg.png"/><use href="${base}/use.svg#a"/></svg><input type="image" src="${base}/input.png"><p style="background:url('${base}/style.png')">x</p>`;
    expect(
      await open([{ body: wrapDocument(clean(greedy).html, { lang: "en", ownColours: false, theme: LIGHT_THEME }), csp: null }]),
    ).toEqual([]);
    asked.length = 0;
    await open([{ body: greedy, csp: FRAME_CSP.replace("img-src 'self' data:", "img-src data:") }]);
    expect(asked.filter((url) => url !== "/favicon.ico")).toEqual([]);
  });
});
