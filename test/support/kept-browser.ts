import { globSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { findBrowser } from "../../main/loopback/browser.ts";
import { secretsBelow } from "./secrets/files.ts";

export const CHROMIUM = process.env["SATCHEL_CHROMIUM"] ?? findBrowser(process.platform, process.env);
export const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

let started: Promise<Browser> | undefined;

/** The browser of this process, started when it is first wanted. Test files that share the process share it; it ends with the process. */
export async function keptBrowser(): Promise<Browser> {
  if (CHROMIUM === null) throw new Error("no browser is installed");
  started ??= chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  const browser = await started;
  if (browser.isConnected()) return browser;
  started = undefined;
  return await keptBrowser();
}

/** For the end of a file: the next one finds no context of this one, and the browser has written down no secret. */
export async function leaveBrowser(): Promise<void> {
  if (started === undefined) return;
  const browser = await started;
  await Promise.all(browser.contexts().map((context) => context.close()));
  const folders = globSync("playwright_*", { cwd: tmpdir() }).map((name) => join(tmpdir(), name));
  const found = folders.flatMap(secretsBelow);
  if (found.length > 0) throw new Error(`Secrets in what the browser wrote down:\n${found.join("\n")}`);
}
