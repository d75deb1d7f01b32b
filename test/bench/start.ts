import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { peakMemoryMb } from "../support/host-process.ts";
import { CHROMIUM, debuggableBrowser, endOf, QUIET, startDisplay, whenPainted } from "./support/chromium.ts";
import { BENCH_DIR, PROJECT } from "./support/measured-host.ts";
import { fileSystemOf, median, printBench, tell } from "./support/report.ts";
import { syncedProfile } from "./support/synced-profile.ts";

// From spawning the built start command to the inbox's first row painted, against spawning the same Chromium on a static page to its
// first paint. Both are asked for the time of the paint itself, so that the asking costs neither side anything.
const COUNT = 20_000;
const PAIRS = 5;

/** A promise of the paint after the first row stood in the page, as time of day. */
const FIRST_ROW = `new Promise((resolve) => {
  const seen = () => {
    if (!document.querySelector('[role="grid"] [role="row"]')) return false;
    requestAnimationFrame(() => setTimeout(() => resolve(performance.timeOrigin + performance.now())));
    return true;
  };
  if (seen()) return;
  new MutationObserver((_, observer) => { if (seen()) observer.disconnect(); }).observe(document, { childList: true, subtree: true });
})`;
const FIRST_PAINT = `new Promise((resolve) => {
  new PerformanceObserver((list) => resolve(performance.timeOrigin + list.getEntries()[0].startTime)).observe({ type: "paint", buffered: true });
})`;

let memoryMb = 0;

async function ours(display: string, profile: string): Promise<number> {
  const { program, port, remove } = await debuggableBrowser();
  const started = Date.now();
  const child = spawn(process.execPath, [join(PROJECT, "build/run.mjs"), "start", "--profile", profile], {
    cwd: PROJECT,
    stdio: "ignore",
    env: { ...process.env, DISPLAY: display, SATCHEL_BROWSER: program, ELECTRON_SKIP_BINARY_DOWNLOAD: "1" },
  });
  const { at, close } = await whenPainted(port, /^http:\/\/127\.0\.0\.1/u, FIRST_ROW);
  close();
  memoryMb = Math.max(memoryMb, peakMemoryMb(child.pid ?? 0));
  // The host closes its window with itself.
  child.kill("SIGTERM");
  await endOf(child);
  remove();
  return at - started;
}

async function bare(display: string, page: string): Promise<number> {
  const { program, port, remove } = await debuggableBrowser();
  const folder = mkdtempSync(join(BENCH_DIR, "bare-"));
  const started = Date.now();
  const child = spawn(program, [`--app=file://${page}`, `--user-data-dir=${folder}`, "--window-size=1280,820", ...QUIET], {
    stdio: "ignore",
    env: { ...process.env, DISPLAY: display },
  });
  const { at, close } = await whenPainted(port, /^file:/u, FIRST_PAINT);
  close();
  child.kill("SIGTERM");
  await endOf(child);
  remove();
  rmSync(folder, { recursive: true, force: true });
  return at - started;
}

const display = await startDisplay();
const kept = await syncedProfile(COUNT);
const profile = join(BENCH_DIR, "start-profile");
const page = join(BENCH_DIR, "static.html");
writeFileSync(page, "<!doctype html><title>static</title><p>Static page");
rmSync(profile, { recursive: true, force: true });
cpSync(kept, profile, { recursive: true, filter: (path) => !path.includes("/mail/") });
try {
  tell(`A first start of each, not counted: ${CHROMIUM}`);
  await ours(display.display, profile);
  await bare(display.display, page);
  const mine: number[] = [];
  const peer: number[] = [];
  for (let pair = 0; pair < PAIRS; pair += 1) {
    mine.push(await ours(display.display, profile));
    peer.push(await bare(display.display, page));
    tell(`ours ${Math.round(mine.at(-1) ?? 0)} ms, bare ${Math.round(peer.at(-1) ?? 0)} ms`);
  }
  printBench({
    bench: "start",
    n: COUNT,
    ours: median(mine),
    peer: median(peer),
    peerName: "the same Chromium on a static page",
    unit: "ms",
    memoryMb,
    fs: fileSystemOf(BENCH_DIR),
  });
} finally {
  rmSync(profile, { recursive: true, force: true });
  display.stop();
}
