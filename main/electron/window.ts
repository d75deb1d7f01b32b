import { BrowserWindow, type BrowserWindowConstructorOptions, nativeTheme, screen } from "electron";
import type { Log } from "../log.ts";
import { WINDOW_ADDRESS } from "./addresses.ts";
import { readWindowState, type WindowState, writeWindowState } from "./window-state.ts";

/** The page's ground in light and dark, so that nothing flashes before the first paint. */
const GROUND = { light: "#f7f6f2", dark: "#151716" } as const;

export function windowOptions(preload: string, state: WindowState | null, dark: boolean): BrowserWindowConstructorOptions {
  return {
    width: state?.width ?? 1280,
    height: state?.height ?? 820,
    ...(state === null ? {} : { x: state.x, y: state.y }),
    minWidth: 360,
    minHeight: 480,
    title: "Satchel",
    show: false,
    backgroundColor: dark ? GROUND.dark : GROUND.light,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  };
}

/** Opens a window where the last one was. */
export function openWindow(options: { profileDir: string; preload: string; log: Log }): BrowserWindow {
  const { profileDir, preload, log } = options;
  const state = readWindowState(
    profileDir,
    screen.getAllDisplays().map((display) => display.workArea),
  );
  const window = new BrowserWindow(windowOptions(preload, state, nativeTheme.shouldUseDarkColors));
  if (state?.maximized) window.maximize();
  window.once("ready-to-show", () => window.show());
  window.on("close", () => {
    writeWindowState(profileDir, { ...window.getNormalBounds(), maximized: window.isMaximized() });
  });
  window.loadURL(WINDOW_ADDRESS).catch((error: unknown) => log.error("window.not-loaded", error));
  return window;
}
