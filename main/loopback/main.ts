import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { moreHelpers } from "../host/helper-threads.ts";
import { openHostLog } from "../host/host-log.ts";
import { type HostOptions, readOptions } from "../host/options.ts";
import { defaultProfileDir, makeProfileDir } from "../host/profile-dir.ts";
import { lockProfile } from "../host/profile-lock.ts";
import type { EngineHost } from "../host/start.ts";
import { WindowFiles } from "../host/window-files.ts";
import { closeBrowser, findBrowser, hasDisplay, openBrowser } from "./browser.ts";
import { keepPort, keptPort } from "./kept-port.ts";
import { writeRedirectFile, writeWaitingFile } from "./redirect-file.ts";
import { type Loopback, serveLoopback } from "./serve.ts";
import { whenUnused } from "./unused.ts";

// Both main/loopback/ and the bundle's out/main/ lie two levels below the project.
const PROJECT = new URL("../../", import.meta.url);

const say = (sentence: string): void => void process.stdout.write(`${sentence}\n`);

/** The loopback host: the window in an installed browser, or at an address to open. */
async function run(options: HostOptions): Promise<void> {
  const throwAway = options.demo && options.profile === null ? mkdtempSync(join(tmpdir(), "satchel-demo-")) : null;
  const profileDir = makeProfileDir(options.profile ?? throwAway ?? defaultProfileDir(process.platform, process.env));
  let address: () => string | null = () => null;
  const lock = await lockProfile(profileDir, () => address());
  if (!lock.held) {
    reportFirst(lock.first.address, profileDir, options);
    return;
  }

  const browserFolder = join(profileDir, "browser");
  const hostLog = openHostLog(profileDir, process.env);
  let shown: ChildProcess | null = null;
  let loopback: Loopback | null = null;
  let engine: EngineHost | null = null;
  // Before there is a browser: whoever ends the host from then on ends the window too.
  let ending = false;
  const end = async (why: string): Promise<void> => {
    if (ending) return;
    ending = true;
    hostLog.log.info("host.ending", { why });
    await loopback?.close();
    await engine?.close();
    if (shown !== null) await closeBrowser(shown);
    lock.release();
    hostLog.files.flushNow();
    if (throwAway !== null) rmSync(throwAway, { recursive: true, force: true });
    process.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void end(signal));
  process.once("exit", () => shown?.kill());

  // The browser takes longest, so it is first, before there is an address to lead it to; its window waits for the engine's line.
  if (!options.noWindow) shown = show(() => writeWaitingFile(browserFolder), profileDir, options.language);
  const files = new WindowFiles(fileURLToPath(new URL("out/renderer/", PROJECT)));
  const served = await serveLoopback({ engine: () => running(engine), files, log: hostLog.log, port: keptPort(browserFolder) });
  loopback = served;
  keepPort(browserFolder, served.port);
  address = () => served.newAddress();
  if (shown !== null) writeRedirectFile(browserFolder, served.newAddress());

  // Read only now: the browser has begun.
  const { openDemo, startLoopbackEngine } = await import("./engine.ts");
  const started = startLoopbackEngine({ project: PROJECT, profileDir, language: options.language, hostLog, awaitsWindow: shown !== null });
  engine = started;

  if (shown === null) say(served.newAddress());
  else void whenUnused(shown, served).then(() => end("window closed"));
  if (options.demo) await started.ready.then(() => openDemo(started));
}

/** Nobody can ask before the engine starts: the address is new, and a window takes longer. */
function running(engine: EngineHost | null): EngineHost {
  if (engine === null) throw new Error("a window asked before the engine was started");
  return engine;
}

/** Null when no window could be opened here; the address is printed then. @param page makes the page that the window begins with */
function show(page: () => string, profileDir: string, language: string | null): ChildProcess | null {
  if (!hasDisplay(process.platform, process.env)) {
    say("There is no display here, so no window can open. Satchel is served at this address, for one visit:");
    return null;
  }
  const browser = findBrowser(process.platform, process.env);
  if (browser === null) {
    say("Neither Chromium nor Chrome nor Edge was found. Open this address in a browser; it is good for one visit:");
    return null;
  }
  return openBrowser(browser, page(), profileDir, language);
}

/** A second start on one profile brings up the first one's window, or says where it is. */
function reportFirst(address: string | null, profileDir: string, options: HostOptions): void {
  say("Satchel is already running with this profile.");
  if (address === null) {
    process.exitCode = 1;
    return;
  }
  const page = () => writeRedirectFile(join(profileDir, "browser"), address);
  const shown = options.noWindow ? null : show(page, profileDir, options.language);
  if (shown === null) say(address);
  shown?.unref();
}

function failed(error: unknown): never {
  process.stderr.write(`Satchel could not start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

moreHelpers(process.env);
try {
  run(readOptions(process.argv.slice(2))).catch(failed);
} catch (error) {
  failed(error);
}
