import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { app, BrowserWindow, ipcMain, Menu, session } from "electron";
import { openDemo } from "../host/demo.ts";
import { demoStarter } from "../host/demo-servers.ts";
import { moreHelpers } from "../host/helper-threads.ts";
import { openHostLog } from "../host/host-log.ts";
import { defaultProfileDir, makeProfileDir } from "../host/profile-dir.ts";
import { lockProfile } from "../host/profile-lock.ts";
import { SLOW_FONTS } from "../host/slow-fonts.ts";
import { startEngine } from "../host/start.ts";
import { WindowFiles } from "../host/window-files.ts";
import { ownOptions } from "./arguments.ts";
import { guardContents, guardSession } from "./guard.ts";
import { serveLines } from "./lines.ts";
import { menuTemplate } from "./menu.ts";
import { electronPlatform } from "./platform.ts";
import { registerScheme, serveScheme } from "./protocol.ts";
import { openWindow } from "./window.ts";

const PROJECT = new URL("../../", import.meta.url);
const PRELOAD = fileURLToPath(new URL("preload.cjs", import.meta.url));

moreHelpers(process.env);
const options = ownOptions(process.argv.slice(1));
const throwAway = options.demo && options.profile === null ? mkdtempSync(join(tmpdir(), "satchel-demo-")) : null;
const profileDir = makeProfileDir(options.profile ?? throwAway ?? defaultProfileDir(process.platform, process.env));

app.enableSandbox();
registerScheme();
// Chromium's own files beside ours: one profile is one folder. The single-instance lock lies there as well, so each profile has its own.
app.setPath("userData", join(profileDir, "electron"));
app.commandLine.appendSwitch("disable-features", SLOW_FONTS);
// All traffic is the engine's. What Chromium does ahead of need, looking up and greeting hosts, passes no handler of a session.
app.commandLine.appendSwitch("host-resolver-rules", "MAP * ~NOTFOUND");
app.commandLine.appendSwitch("no-proxy-server");
if (options.language !== null) app.commandLine.appendSwitch("lang", options.language);

function showWindow(): void {
  const [window] = BrowserWindow.getAllWindows();
  if (window?.isMinimized()) window.restore();
  window?.focus();
}

async function run(): Promise<void> {
  const lock = await lockProfile(profileDir, () => {
    showWindow();
    return null;
  });
  if (!lock.held) {
    process.stderr.write("Satchel is already running with this profile.\n");
    app.exit(1);
    return;
  }
  const hostLog = openHostLog(profileDir, process.env);
  const { log } = hostLog;
  const language = options.language ?? app.getLocale();
  const startDemo = app.isPackaged ? null : demoStarter(PROJECT, language);
  const engine = startEngine({
    profileDir,
    platform: electronPlatform({ profileDir, language, version: app.getVersion(), startDemo }),
    log,
    logLevel: hostLog.level,
    writeLine: hostLog.write,
    recentLines: hostLog.recentLines,
    awaitsWindow: true,
  });

  await app.whenReady();
  guardSession(session.defaultSession, log);
  app.on("web-contents-created", (_event, contents) => guardContents(contents, log));
  serveScheme(session.defaultSession.protocol, engine, new WindowFiles(fileURLToPath(new URL("out/renderer/", PROJECT))), log);
  serveLines(ipcMain, engine, log);
  const mac = process.platform === "darwin";
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(mac, app.isPackaged)));
  const open = () => openWindow({ profileDir, preload: PRELOAD, log });
  open();

  app.on("second-instance", showWindow);
  app.on("activate", () => {
    if (BrowserWindow.getAllWindows().length === 0) open();
  });
  app.on("window-all-closed", () => {
    if (!mac) app.quit();
  });
  let ended = false;
  app.on("will-quit", (event) => {
    if (ended) return;
    event.preventDefault();
    void engine.close().then(() => {
      ended = true;
      lock.release();
      hostLog.files.flushNow();
      if (throwAway !== null) rmSync(throwAway, { recursive: true, force: true });
      app.quit();
    });
  });
  if (options.demo && startDemo !== null) await engine.ready.then(() => openDemo(engine));
}

if (app.requestSingleInstanceLock()) {
  run().catch((error: unknown) => {
    process.stderr.write(`Satchel could not start: ${error instanceof Error ? error.message : String(error)}\n`);
    app.exit(1);
  });
} else {
  app.quit();
}
