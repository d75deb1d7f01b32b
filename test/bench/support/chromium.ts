import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type Browser, chromium, type Page } from "playwright-core";
import { findBrowser } from "../../../main/loopback/browser.ts";
import { freePorts } from "../../servers/free-ports.ts";

export const CHROMIUM = process.env["SATCHEL_CHROMIUM"] ?? findBrowser(process.platform, process.env) ?? "/usr/bin/chromium";

/** A browser that does not answer by then is not there. */
const LONGEST_START_MS = 60_000;

/** Flags that keep a browser quiet and let it run as root. */
export const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--test-type",
];

/** An X server without a screen, for real windows. */
export async function startDisplay(): Promise<{ display: string; stop(): void }> {
  const number = 90 + Math.floor(process.pid % 900);
  const display = `:${number}`;
  const child = spawn("Xvfb", [display, "-screen", "0", "1440x900x24", "-nolisten", "tcp"], { stdio: "ignore" });
  process.once("exit", () => child.kill("SIGKILL"));
  await wait(300);
  return { display, stop: () => void child.kill("SIGKILL") };
}

/** A browser program that also listens for the DevTools protocol: for a host that starts its browser itself. */
export async function debuggableBrowser(): Promise<{ program: string; port: number; remove(): void }> {
  const [port = 0] = await freePorts(1);
  const folder = mkdtempSync(join(tmpdir(), "satchel-browser-"));
  const program = join(folder, "chromium");
  writeFileSync(program, `#!/bin/sh\nexec ${CHROMIUM} --remote-debugging-port=${port} "$@"\n`);
  chmodSync(program, 0o755);
  return { program, port, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Waits until the page that `isIt` knows answers `painted`; looks every few milliseconds. @returns the time of day, ms */
export async function whenPainted(port: number, isIt: (page: Page) => boolean, painted: string): Promise<{ at: number; browser: Browser }> {
  const browser = await connectSoon(port);
  for (;;) {
    const page = browser
      .contexts()
      .flatMap((context) => context.pages())
      .find(isIt);
    // A question to a page that is just being left may never be answered.
    const asked = page?.evaluate<number | null>(painted).catch(() => null);
    const at = asked === undefined ? null : await Promise.race([asked, wait(500, null)]);
    if (at !== null && at > 0) return { at, browser };
    await wait(4);
  }
}

async function connectSoon(port: number): Promise<Browser> {
  const until = Date.now() + LONGEST_START_MS;
  for (;;) {
    try {
      return await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
    } catch (error) {
      // Not listening yet.
      if (Date.now() > until) throw new Error(`No browser answered: is ${CHROMIUM} here?`, { cause: error });
      await wait(10);
    }
  }
}

export function endOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once("exit", () => resolve());
  });
}
