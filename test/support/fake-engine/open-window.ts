import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { CDPSession, Page } from "playwright-core";
import { bundle } from "../../../build/bundle.ts";
import { HAS_BROWSER, PATIENCE_MS } from "../browser.ts";
import { keptBrowser, leaveBrowser } from "../kept-browser.ts";
import { type FakeHost, startFakeHost } from "./server.ts";
import { WritingEngine } from "./writing.ts";

/** Another build of the window can be tried with SATCHEL_WINDOW (ends in a slash). */
const BUILT = process.env["SATCHEL_WINDOW"] ?? fileURLToPath(new URL("../../../out/renderer/", import.meta.url));

/** False where no Chromium is installed: those suites skip by name. */
export const HAS_CHROMIUM = HAS_BROWSER;

export type Look = { language?: "en" | "zh-CN"; theme?: "light" | "dark"; width?: number; height?: number };
export type OpenWindow = { page: Page; engine: WritingEngine; close(): Promise<void> };

/** A page with the host that it loads from. Both serve one test after the other: they cost more than all that a test does with them. */
type Place = { readonly page: Page; readonly host: FakeHost; readonly line: CDPSession };

/** Places that no test has open. */
const free: Place[] = [];

/** The built window over a scripted engine, in a page that nobody else has. What a page may leave behind is taken away when it is closed. */
export async function openWindow(engine = new WritingEngine(Date.now()), look: Look = {}): Promise<OpenWindow> {
  engine.settings = { ...engine.settings, language: look.language ?? "en", theme: look.theme ?? "light" };
  const place = free.pop() ?? (await newPlace(engine));
  const { page, host } = place;
  host.serve(engine);
  await page.setViewportSize({ width: look.width ?? 1440, height: look.height ?? 900 });
  await page.goto(host.url);
  return { page, engine, close: () => tidy(place) };
}

async function newPlace(engine: WritingEngine): Promise<Place> {
  if (!existsSync(`${BUILT}index.html`)) await bundle(() => {});
  const host = await startFakeHost(engine.now, engine, BUILT);
  const context = await (await keptBrowser()).newContext({ reducedMotion: "reduce" });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  return { page, host, line: await context.newCDPSession(page) };
}

async function tidy(place: Place): Promise<void> {
  const { page, host, line } = place;
  // Out of the window: what lies under the pointer looks otherwise.
  await page.mouse.move(-10, -10);
  await page.goto("about:blank");
  await line.send("Storage.clearDataForOrigin", { origin: new URL(host.url).origin, storageTypes: "all" });
  await page.context().clearPermissions();
  free.push(place);
}

/** For the end of a file. */
export async function closeBrowser(): Promise<void> {
  await leaveBrowser();
  await Promise.all(free.splice(0).map(({ host }) => host.close()));
}
