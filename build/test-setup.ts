import { existsSync, readFileSync } from "node:fs";
import { chromium } from "playwright-core";
import { findBrowser } from "../main/loopback/browser.ts";
import { ensureMailServers } from "../test/servers/install.ts";
import { runCommand } from "./run-command.ts";

type Say = (sentence: string) => void;

/** Brings what the tests want beside the lockfile. @returns what is missing still, each as a sentence */
export async function setUpTests(say: Say): Promise<string[]> {
  const missing: string[] = [];
  if (!(await haveBrowser(say))) {
    missing.push("No Chromium, Chrome or Edge: journeys and pictures are skipped.");
  }
  if (process.platform === "linux" && !(await hasChineseFont()) && !(await installed(["fonts-noto-cjk"], say))) {
    missing.push("No font with Chinese characters: pictures show boxes.");
  }
  const servers = mailServers(say);
  if (servers !== null) missing.push(`Tests against real mail servers are skipped: ${servers}.`);
  return missing;
}

/**
 * A browser for the journeys. Debian has Chromium as a package; Ubuntu as a snap, which runs in no container: there the one that Playwright
 * fetches takes its place.
 */
async function haveBrowser(say: Say): Promise<boolean> {
  const found = (): boolean => findBrowser(process.platform, process.env) !== null;
  if (found()) return true;
  const fetched = chromium.executablePath();
  if (!existsSync(fetched)) {
    if ((await installed(["chromium"], say)) && found()) return true;
    if (!mayInstall()) return false;
    say("Fetching Playwright's Chromium …");
    const { code, output } = await runCommand("playwright-core", ["install", "--with-deps", "--no-shell", "chromium"]);
    if (code !== 0 || !existsSync(fetched)) {
      say(output.slice(-1_000));
      return false;
    }
  }
  process.env["SATCHEL_BROWSER"] = fetched;
  return true;
}

/** What of Dovecot and Exim is missing; null when they are here. */
export function mailServers(say: Say): string | null {
  try {
    return ensureMailServers(say);
  } catch (error) {
    // With CI=true a missing server throws; what is missing is counted with the rest.
    return error instanceof Error ? error.message : String(error);
  }
}

/** Debian and Ubuntu as root: by apt-get. Elsewhere nothing is touched. @returns whether they are here now */
export async function installed(packages: readonly string[], say: Say): Promise<boolean> {
  if (!mayInstall()) return false;
  say(`Installing ${packages.join(", ")} …`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const install = () => runCommand("apt-get", ["install", "-y", "--no-install-recommends", ...packages], { env });
  if ((await install()).code === 0) return true;
  await runCommand("apt-get", ["update"], { env });
  const { code, output } = await install();
  if (code !== 0) say(output.slice(-1_000));
  return code === 0;
}

/** Debian, Ubuntu and their like, as root. */
function mayInstall(): boolean {
  return existsSync("/etc/debian_version") && process.getuid?.() === 0;
}

async function hasChineseFont(): Promise<boolean> {
  if (existsSync("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")) return true;
  const { code, output } = await runCommand("fc-list", [":lang=zh-cn", "family"]);
  return code === 0 && output.trim() !== "";
}

/** The counts of Vitest's JSON report; null when it wrote none that can be read. */
export function readCounts(file: string): { passed: number; failed: number; skipped: number } | null {
  if (!existsSync(file)) return null;
  const report = JSON.parse(readFileSync(file, "utf8")) as {
    numPassedTests: number;
    numFailedTests: number;
    numPendingTests: number;
    numTodoTests: number;
    testResults: { status: string; assertionResults: unknown[] }[];
  };
  // A file that breaks before its first test counts as one failure: it has no test that could be counted.
  const broken = report.testResults.filter((result) => result.status === "failed" && result.assertionResults.length === 0).length;
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** The last lines of a run. The very last is the counts alone, for whoever reads it by a program. */
export function countLines({ passed, failed, skipped }: { passed: number; failed: number; skipped: number }): string[] {
  return [...(skipped === 0 ? [] : [`${skipped} skipped`]), `${passed} passed, ${failed} failed`];
}
