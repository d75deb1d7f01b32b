import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { bundle } from "../../../build/bundle.ts";
import { findBrowser } from "../../../main/loopback/browser.ts";
import { type FakeHost, startFakeHost } from "./server.ts";
import { WritingEngine } from "./writing.ts";

/** Another build of the window can be tried with SATCHEL_WINDOW (ends in a slash). */
const BUILT = process.env["SATCHEL_WINDOW"] ?? fileURLToPath(new URL("../../../out/renderer/", import.meta.url));
const CHROMIUM = process.env["SATCHEL_CHROMIUM"] ?? findBrowser(process.platform, process.env) ?? "";
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** False where no Chromium is installed: those suites skip by name. */
export const HAS_CHROMIUM = existsSync(CHROMIUM);

export type Look = { language?: "en" | "zh-CN"; theme?: "light" | "dark"; width?: number; height?: number };
export type OpenWindow = { page: Page; engine: WritingEngine; host: FakeHost; close(): Promise<void> };

let browser: Browser | undefined;

/** The built window over a scripted engine, in a page of its own. */
export async function openWindow(engine = new WritingEngine(Date.now()), look: Look = {}): Promise<OpenWindow> {
  if (!existsSync(`${BUILT}index.html`)) await bundle(() => {});
  browser ??= await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
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

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

type Violation = { id: string; nodes: { html: string }[] };

/** Everything axe-core finds wrong on the page, a line each. */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
    return (await axe.run()).violations;
  });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}
