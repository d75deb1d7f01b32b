import { EventEmitter } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { IpcMain, Protocol, Session, WebContents } from "electron";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { silentLog } from "../../main/log.ts";

const double = await vi.hoisted(async () => (await import("./electron-double.ts")).electronDouble());
vi.mock("electron", () => double.module);

const { openWindow, windowOptions } = await import("../../main/electron/window.ts");
const { guardContents, guardSession } = await import("../../main/electron/guard.ts");
const { registerScheme, serveScheme } = await import("../../main/electron/protocol.ts");
const { serveLines } = await import("../../main/electron/lines.ts");
const { menuTemplate } = await import("../../main/electron/menu.ts");
const { ownOptions } = await import("../../main/electron/arguments.ts");
const { readWindowState } = await import("../../main/electron/window-state.ts");
const { WindowFiles } = await import("../../main/host/window-files.ts");

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "satchel-electron-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("a window", () => {
  test("is sandboxed and isolated, without Node, with web security", () => {
    expect(windowOptions("/preload.cjs", null, false).webPreferences).toEqual({
      preload: "/preload.cjs",
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
    });
  });

  test("loads the program's own page and nothing else", () => {
    openWindow({ profileDir: folder, preload: "/preload.cjs", log: silentLog });
    expect(double.windows.at(-1)?.loaded).toEqual(["satchel://app/index.html"]);
    expect(double.windows.at(-1)?.options).toMatchObject({ show: false, webPreferences: { sandbox: true } });
  });

  test("comes back where it was", () => {
    const window = openWindow({ profileDir: folder, preload: "/preload.cjs", log: silentLog });
    window.emit("close");
    openWindow({ profileDir: folder, preload: "/preload.cjs", log: silentLog });
    expect(double.windows.at(-1)?.options).toMatchObject({ x: 10, y: 20, width: 900, height: 700 });
  });

  test("does not come back on a screen that is gone, nor from a damaged note", () => {
    const screens = [{ x: 0, y: 0, width: 1280, height: 800 }];
    const note = (text: string) => writeFileSync(join(folder, "window.json"), text);
    note(JSON.stringify({ x: 3000, y: 10, width: 900, height: 700, maximized: false }));
    expect(readWindowState(folder, screens)).toBeNull();
    note("{");
    expect(readWindowState(folder, screens)).toBeNull();
    note(JSON.stringify({ x: 100, y: 10, width: 900, height: 700, maximized: true }));
    expect(readWindowState(folder, screens)).toMatchObject({ x: 100, maximized: true });
  });
});

/** A session double: keeps each handler that was set. */
function session() {
  const handlers: Record<string, (...args: never[]) => unknown> = {};
  const events = new EventEmitter();
  const keep =
    (name: string) =>
    (handler: (...args: never[]) => unknown): void => {
      handlers[name] = handler;
    };
  const value = Object.assign(events, {
    setPermissionRequestHandler: keep("permissionRequest"),
    setPermissionCheckHandler: keep("permissionCheck"),
    setDevicePermissionHandler: keep("devicePermission"),
    setSpellCheckerEnabled: vi.fn(),
    webRequest: { onBeforeRequest: keep("beforeRequest") },
  });
  return { handlers, events, value, call: (name: string, ...args: unknown[]) => handlers[name]?.(...(args as never[])) };
}

describe("the session", () => {
  test("grants no permission, whoever asks for it", () => {
    const double = session();
    guardSession(double.value as unknown as Session, silentLog);
    for (const permission of ["media", "geolocation", "notifications", "clipboard-read", "openExternal"]) {
      const answer = vi.fn();
      double.call("permissionRequest", null, permission, answer);
      expect(answer).toHaveBeenCalledExactlyOnceWith(false);
      expect(double.call("permissionCheck", null, permission)).toBe(false);
    }
    expect(double.call("devicePermission", {})).toBe(false);
    expect(double.value.setSpellCheckerEnabled).toHaveBeenCalledWith(false);
  });

  test("lets no request out of the program", () => {
    const double = session();
    guardSession(double.value as unknown as Session, silentLog);
    const cancelled = (url: string): unknown => {
      const answer = vi.fn();
      double.call("beforeRequest", { url }, answer);
      return answer.mock.calls[0]?.[0];
    };
    for (const url of [
      "https://example.test/pixel.gif",
      "http://127.0.0.1/",
      "file:///etc/passwd",
      "ws://example.test/",
      "ftp://example.test/",
    ]) {
      expect(cancelled(url), url).toEqual({ cancel: true });
    }
    for (const url of ["satchel://app/index.html", "data:image/png;base64,AA==", "blob:satchel://app/1"]) {
      expect(cancelled(url), url).toEqual({ cancel: false });
    }
  });

  test("downloads parts of mail only", () => {
    const double = session();
    guardSession(double.value as unknown as Session, silentLog);
    const prevented = (url: string): boolean => {
      const preventDefault = vi.fn();
      double.events.emit("will-download", { preventDefault }, { getURL: () => url });
      return preventDefault.mock.calls.length > 0;
    };
    expect(prevented("satchel://app/asset/key/a.pdf")).toBe(false);
    expect(prevented("https://example.test/a.exe")).toBe(true);
    expect(prevented("satchel://app.example.test/a.exe")).toBe(true);
  });
});

describe("a page", () => {
  function contents() {
    const events = new EventEmitter();
    let opener: (details: { url: string }) => { action: string } = () => ({ action: "allow" });
    const value = Object.assign(events, {
      setWindowOpenHandler: (handler: typeof opener) => {
        opener = handler;
      },
    });
    guardContents(value as unknown as WebContents, silentLog);
    const prevented = (name: string, details: object = {}): boolean => {
      const preventDefault = vi.fn();
      events.emit(name, { preventDefault, ...details });
      return preventDefault.mock.calls.length > 0;
    };
    return { prevented, open: (url: string) => opener({ url }) };
  }

  test("goes nowhere", () => {
    const { prevented } = contents();
    for (const url of ["https://example.test/", "file:///etc/passwd", "satchel://app/asset/key/", "satchel://elsewhere/index.html"]) {
      expect(prevented("will-navigate", { url }), url).toBe(true);
    }
    expect(prevented("will-navigate", { url: "satchel://app/index.html" })).toBe(false);
    expect(prevented("will-redirect")).toBe(true);
    expect(prevented("will-attach-webview")).toBe(true);
  });

  test("has frames of mail from asset addresses only", () => {
    const { prevented } = contents();
    expect(prevented("will-frame-navigate", { isMainFrame: false, url: "https://example.test/" })).toBe(true);
    expect(prevented("will-frame-navigate", { isMainFrame: false, url: "satchel://app/asset/key/body.html" })).toBe(false);
  });

  test("opens no window", () => {
    expect(contents().open("https://example.test/")).toEqual({ action: "deny" });
  });
});

describe("the program's own addresses", () => {
  function scheme() {
    mkdirSync(join(folder, "window"));
    writeFileSync(join(folder, "window", "index.html"), "<!doctype html>");
    writeFileSync(join(folder, "window", "pdf.worker.min-1.mjs"), "");
    writeFileSync(join(folder, "secret.txt"), "not for anybody");
    let handler: (request: Request) => Promise<Response> = () => Promise.reject(new Error("no handler"));
    const target = {
      handle: (_name: string, given: typeof handler) => {
        handler = given;
      },
    };
    const asked: string[] = [];
    const engine = {
      readAsset: (path: string) => {
        asked.push(path);
        return Promise.resolve({ status: 200, headers: { "Content-Type": "image/png" }, body: Buffer.from("a picture") });
      },
    };
    serveScheme(target as unknown as Protocol, engine, new WindowFiles(join(folder, "window")), silentLog);
    return { asked, get: (url: string, init?: RequestInit) => handler(new Request(url, init)) };
  }

  test("are a secure standard scheme that bypasses no policy", () => {
    registerScheme();
    expect(double.module.protocol.registerSchemesAsPrivileged).toHaveBeenCalledWith([
      { scheme: "satchel", privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
    ]);
  });

  test("serve the window under a policy without inline script and without the network", async () => {
    const response = await scheme().get("satchel://app/index.html");
    expect(response.status).toBe(200);
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toMatch(/unsafe|\*|https?:/u);
  });

  test("serve the thread that reads documents under a policy by which it reaches nothing", async () => {
    const response = await scheme().get("satchel://app/pdf.worker.min-1.mjs");
    expect(response.headers.get("content-security-policy")).toBe("default-src 'none'; script-src 'self'");
    expect(response.headers.get("content-type")).toMatch(/^text\/javascript/u);
  });

  test("serve assets by their keys, under a policy that runs nothing", async () => {
    const { get, asked } = scheme();
    const response = await get("satchel://app/asset/key/picture.png");
    expect(await response.text()).toBe("a picture");
    expect(asked).toEqual(["/asset/key/picture.png"]);
    expect(response.headers.get("content-security-policy")).toContain("sandbox");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  });

  test("lead to no other file, no other host, and take no writing", async () => {
    const { get } = scheme();
    expect((await get("satchel://app/../secret.txt")).status).toBe(404);
    expect((await get("satchel://app/%2e%2e/secret.txt")).status).toBe(404);
    expect((await get("satchel://elsewhere/index.html")).status).toBe(404);
    expect((await get("satchel://app/index.html", { method: "POST" })).status).toBe(405);
  });
});

describe("a line to the engine", () => {
  function ask(frame: object | null) {
    const ipc = new EventEmitter();
    const served: unknown[] = [];
    serveLines(ipc as unknown as IpcMain, { serve: (port) => void served.push(port) }, silentLog);
    ipc.emit("satchel-port", { senderFrame: frame });
    return served;
  }

  test("is given to the window itself", () => {
    const postMessage = vi.fn();
    expect(ask({ parent: null, url: "satchel://app/index.html", postMessage })).toHaveLength(1);
    expect(postMessage).toHaveBeenCalledWith("satchel-port", null, [{ name: "the window's end" }]);
  });

  test("is refused to frames of mail, to strange pages and to windows that are gone", () => {
    const postMessage = vi.fn();
    expect(ask({ parent: {}, url: "satchel://app/asset/key/body.html", postMessage })).toHaveLength(0);
    expect(ask({ parent: null, url: "https://example.test/", postMessage })).toHaveLength(0);
    expect(ask(null)).toHaveLength(0);
    expect(postMessage).not.toHaveBeenCalled();
  });
});

test("the bridge to the page carries one function, which asks for a line", async () => {
  vi.stubGlobal("window", { location: { origin: "satchel://app" }, postMessage: vi.fn() });
  await import("../../main/electron/preload.ts");
  const { contextBridge, ipcRenderer } = double.module;
  expect(contextBridge.exposeInMainWorld).toHaveBeenCalledExactlyOnceWith("satchelPort", { connect: expect.any(Function) });
  const [, bridge] = contextBridge.exposeInMainWorld.mock.calls[0] as [string, { connect(): void }];
  bridge.connect();
  expect(ipcRenderer.send).toHaveBeenCalledExactlyOnceWith("satchel-port");
  ipcRenderer.emit("satchel-port", { ports: ["port"] });
  expect(window.postMessage).toHaveBeenCalledExactlyOnceWith("satchel-port", "satchel://app", ["port"]);
  vi.unstubAllGlobals();
});

test("developers' tools are in no packaged menu", () => {
  expect(JSON.stringify(menuTemplate(false, true))).not.toContain("toggleDevTools");
  expect(JSON.stringify(menuTemplate(true, false))).toContain("toggleDevTools");
});

test("Chromium's switches on the command line are none of Satchel's options", () => {
  expect(
    ownOptions(["--no-sandbox", "/opt/satchel", "--profile", "/tmp/p", "--lang=zh-CN", "--demo", "mailto:user1@example.test"]),
  ).toEqual({
    profile: "/tmp/p",
    language: "zh-CN",
    demo: true,
    noWindow: false,
  });
});
