import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { bundle } from "../../../build/bundle.ts";
import { CHROMIUM, FLAGS, HAS_BROWSER } from "../browser.ts";
import { type FakeHost, startFakeHost } from "./server.ts";
import { WritingEngine } from "./writing.ts";

/** Another build of the window can be tried with SATCHEL_WINDOW (ends in a slash). */
const BUILT = process.env["SATCHEL_WINDOW"] ?? fileURLToPath(new URL("../../../out/renderer/", import.meta.url));

/** False where no Chromium is installed: those suites skip by name. */
export const HAS_CHROMIUM = HAS_BROWSER;

export type Look = { language?: "en" | "zh-CN"; theme?: "light" | "dark"; width?: number; height?: number };
export type OpenWindow = { page: Page; engine: WritingEngine; host: FakeHost; close(): Promise<void> };

let browser: Browser | undefined;

/** The built window over a scripted engine, in a page of its own. */
export async function openWindow(engine = new WritingEngine(Date.now()), look: Look = {}): Promise<OpenWindow> {
  if (!existsSync(`${BUILT}index.html`)) await bundle(() => {});
  browser ??= await chromium.launch({ executablePath: CHROMIUM ?? "", args: FLAGS });
  engine.settings = { ...engine.settings, language: look.language ?? "en", theme: look.theme ?? "light" };
  const host = await startFakeHost(engine.now, engine, BUILT);
  const context = await browser.newContext({
    viewport: { width: look.width ?? 1440, height: look.height ?? 900 },
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  await page.goto(host.url);
  return {
    page,
    engine,
    host,
    async close() {
      await context.close();
      await host.close();
    },
  };
}

export async function closeBrowser(): Promise<void> {
  await browser?.close();
  browser = undefined;
}
