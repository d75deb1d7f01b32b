import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants, mkdirSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { SLOW_FONTS } from "../host/slow-fonts.ts";

/**
 * A window talks to its own host and to nobody else. No policy of a page keeps a browser from looking up and greeting hosts ahead of need, so it
 * knows no other name or number, and no proxy that might.
 */
const UNREACHABLE = ["host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "no-proxy-server"] as const;

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge"] as const;

/** Chromium, Chrome or Edge: on the path, or where their installers put them; null when there is none. */
export function findBrowser(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string | null {
  const asked = env["SATCHEL_BROWSER"];
  if (asked !== undefined && asked !== "") return canRun(asked) ? asked : null;
  const suffix = platform === "win32" ? ".exe" : "";
  const onPath = (env["PATH"] ?? "").split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, `${name}${suffix}`)));
  return [...usualPlaces(platform, env), ...onPath].find(canRun) ?? null;
}

function usualPlaces(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string[] {
  if (platform === "darwin") {
    return ["Google Chrome", "Chromium", "Microsoft Edge"].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`);
  }
  if (platform !== "win32") return [];
  const roots = [env["PROGRAMFILES"], env["PROGRAMFILES(X86)"], env["LOCALAPPDATA"]].filter((root) => root !== undefined);
  const places = ["Google\\Chrome\\Application\\chrome.exe", "Microsoft\\Edge\\Application\\msedge.exe"];
  return roots.flatMap((root) => places.map((place) => join(root, place)));
}

function canRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Not there, or not ours to run: the next candidate is tried.
    return false;
  }
}

/** Whether a window could appear at all. */
export function hasDisplay(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): boolean {
  if (platform === "win32" || platform === "darwin") return true;
  return Boolean(env["DISPLAY"]) || Boolean(env["WAYLAND_DISPLAY"]);
}

/** The arguments for one window without tabs and address bar, in a profile of its own that talks to nobody. */
export function browserArguments(url: string, userDataDir: string, options: { root: boolean; language: string | null }): string[] {
  return [
    `--app=${url}`,
    `--user-data-dir=${userDataDir}`,
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-background-mode",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--disable-quic",
    `--disable-features=Translate,MediaRouter,OptimizationHints,DialMediaRouteProvider,${SLOW_FONTS}`,
    "--password-store=basic",
    ...UNREACHABLE.map((rule) => `--${rule}`),
    "--window-size=1280,820",
    ...(options.language === null ? [] : [`--lang=${options.language}`]),
    // Chromium refuses to start as root with its sandbox; --test-type keeps it from warning about that in the window.
    ...(options.root ? ["--no-sandbox", "--test-type", "--disable-gpu"] : []),
  ];
}

/** Opens the window. The child's end is the window's end, unless the browser handed over to one that ran already. */
export function openBrowser(browser: string, url: string, profileDir: string, language: string | null): ChildProcess {
  const userDataDir = join(profileDir, "browser");
  mkdirSync(userDataDir, { recursive: true, mode: 0o700 });
  // After an end that was not its own, Chromium would open the window of that time as well, at an address where nobody answers any more.
  rmSync(join(userDataDir, "Default", "Sessions"), { recursive: true, force: true });
  const root = process.platform !== "win32" && process.getuid?.() === 0;
  return spawn(browser, browserArguments(url, userDataDir, { root, language }), { stdio: "ignore" });
}

const CLOSING_MS = 3_000;

/** Closes the window with its host; resolves when the browser is gone, so that the next start can have its profile, or after a while. */
export function closeBrowser(browser: ChildProcess): Promise<void> {
  if (browser.exitCode !== null || browser.signalCode !== null || browser.pid === undefined) return Promise.resolve();
  return new Promise((resolve) => {
    const deadline = setTimeout(resolve, CLOSING_MS);
    browser.once("exit", () => {
      clearTimeout(deadline);
      resolve();
    });
    browser.kill();
  });
}
