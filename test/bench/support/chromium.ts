import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
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

/**
 * Asks the page at `address` for a time and waits for its answer, over a bare DevTools line: a test library that attaches to everything would take its
 * part of two processors from what is measured.
 * @param painted an expression for the time of day, or for a promise of it; a page that is left takes its answer along and the next one is asked
 */
export async function whenPainted(port: number, address: RegExp, painted: string): Promise<{ at: number; close(): void }> {
  const until = Date.now() + LONGEST_START_MS;
  for (;;) {
    const at = await askPage(port, address, painted);
    if (at !== null) return { at, close: () => void closeBrowser(port) };
    if (Date.now() > until) throw new Error(`No window came: is ${CHROMIUM} here?`);
    await wait(10);
  }
}

type Target = { readonly type: string; readonly url: string; readonly webSocketDebuggerUrl: string };

async function fromBrowser(port: number, path: string): Promise<unknown> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`);
    return await answer.json();
  } catch {
    // Not listening yet.
    return null;
  }
}

async function askPage(port: number, address: RegExp, painted: string): Promise<number | null> {
  const targets = (await fromBrowser(port, "/json/list")) as readonly Target[] | null;
  const page = targets?.find(({ type, url }) => type === "page" && address.test(url));
  if (page === undefined) return null;
  const result = (await command(page.webSocketDebuggerUrl, "Runtime.evaluate", {
    expression: painted,
    awaitPromise: true,
    returnByValue: true,
  })) as { result?: { value?: unknown } } | null;
  const at = result?.result?.value;
  return typeof at === "number" && at > 0 ? at : null;
}

async function closeBrowser(port: number): Promise<void> {
  const version = (await fromBrowser(port, "/json/version")) as { webSocketDebuggerUrl: string } | null;
  if (version !== null) await command(version.webSocketDebuggerUrl, "Browser.close", {});
}

/** @returns null when the line closed before the answer */
function command(url: string, method: string, params: object): Promise<unknown> {
  return new Promise((resolve) => {
    const line = new WebSocket(url);
    const end = (answer: unknown) => {
      line.close();
      resolve(answer);
    };
    line.addEventListener("open", () => line.send(JSON.stringify({ id: 1, method, params })));
    line.addEventListener("message", ({ data }) => end((JSON.parse(String(data)) as { result?: unknown }).result ?? null));
    line.addEventListener("close", () => resolve(null));
    line.addEventListener("error", () => resolve(null));
  });
}

export function endOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once("exit", () => resolve());
  });
}
