import { EventEmitter } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

const double = await vi.hoisted(async () => (await import("./electron-double.ts")).electronDouble());
const shell = await vi.hoisted(async () => {
  const { EventEmitter: Emitter } = await import("node:events");
  /** What was asked of Electron, in order. */
  const did: string[] = [];
  const note =
    (name: string) =>
    (...args: unknown[]) =>
      void did.push([name, ...args].join(" "));
  const app = Object.assign(new Emitter(), {
    isPackaged: false,
    first: true,
    enableSandbox: note("sandbox"),
    setPath: note("path"),
    commandLine: { appendSwitch: note("switch") },
    requestSingleInstanceLock: (): boolean => app.first,
    whenReady: (): Promise<void> => {
      did.push("ready");
      return Promise.resolve();
    },
    getLocale: (): string => "en-GB",
    getVersion: (): string => "0.1.0",
    exit: note("exit"),
    quit: note("quit"),
  });
  const defaultSession = Object.assign(new Emitter(), {
    setPermissionRequestHandler: vi.fn(),
    setPermissionCheckHandler: vi.fn(),
    setDevicePermissionHandler: vi.fn(),
    setSpellCheckerEnabled: vi.fn(),
    webRequest: { onBeforeRequest: vi.fn() },
    protocol: { handle: vi.fn() },
  });
  const engine = { ready: Promise.resolve(), close: vi.fn(() => Promise.resolve()), serve: vi.fn(), readAsset: vi.fn() };
  const startEngine = vi.fn((_options: { platform: { startDemo: unknown } }) => engine);
  return { did, app, defaultSession, engine, startEngine };
});

const open: InstanceType<typeof double.module.BrowserWindow>[] = [];
class BrowserWindow extends double.module.BrowserWindow {
  readonly restore = vi.fn();
  readonly focus = vi.fn();
  constructor(options: unknown) {
    super(options);
    open.push(this);
  }
  static getAllWindows(): typeof open {
    return open;
  }
  isMinimized(): boolean {
    return true;
  }
}
vi.mock("electron", () => ({
  ...double.module,
  BrowserWindow,
  app: shell.app,
  session: { defaultSession: shell.defaultSession },
  ipcMain: new EventEmitter(),
  Menu: { setApplicationMenu: vi.fn(), buildFromTemplate: vi.fn() },
  dialog: {},
  powerMonitor: new EventEmitter(),
  shell: {},
}));
vi.mock("../../main/host/start.ts", () => ({ startEngine: shell.startEngine }));

const argv = process.argv;
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "satchel-electron-main-"));
  process.argv = ["electron", "/opt/satchel", "--profile", folder];
  vi.resetModules();
  vi.clearAllMocks();
  shell.app.removeAllListeners();
  Object.assign(shell.app, { isPackaged: false, first: true });
  shell.did.length = 0;
  open.length = 0;
});
afterEach(async () => {
  await end();
  process.argv = argv;
  rmSync(folder, { recursive: true, force: true });
});

/** The program ends as Electron ends it. */
async function end(): Promise<void> {
  const quits = (): number => shell.did.filter((one) => one === "quit").length;
  const before = quits();
  if (shell.app.emit("will-quit", { preventDefault: vi.fn() })) await vi.waitFor(() => expect(quits()).toBeGreaterThan(before));
}

async function start(): Promise<void> {
  await import("../../main/electron/main.ts");
  await vi.waitFor(() => expect(open).toHaveLength(1));
}

describe("before a window opens", () => {
  test("every process of it is told to be sandboxed, to know no host and no proxy, and to keep its files in the profile", async () => {
    await start();
    const early = shell.did.slice(0, shell.did.indexOf("ready"));
    expect(early).toContain("sandbox");
    expect(early).toContain(`path userData ${join(folder, "electron")}`);
    expect(early).toContain("switch host-resolver-rules MAP * ~NOTFOUND");
    expect(early).toContain("switch no-proxy-server");
    expect(double.module.protocol.registerSchemesAsPrivileged).toHaveBeenCalledOnce();
  });

  test("its session grants nothing and lets nothing out", async () => {
    await start();
    for (const handler of ["setPermissionRequestHandler", "setPermissionCheckHandler", "setDevicePermissionHandler"] as const)
      expect(shell.defaultSession[handler]).toHaveBeenCalledOnce();
    expect(shell.defaultSession.webRequest.onBeforeRequest).toHaveBeenCalledOnce();
    expect(shell.defaultSession.protocol.handle).toHaveBeenCalledExactlyOnceWith("satchel", expect.any(Function));
  });
});

test("whatever page is made, it is held where it is", async () => {
  await start();
  const setWindowOpenHandler = vi.fn<(handler: () => { action: string }) => void>();
  const contents = Object.assign(new EventEmitter(), { setWindowOpenHandler });
  shell.app.emit("web-contents-created", {}, contents);
  expect(setWindowOpenHandler.mock.calls[0]?.[0]()).toEqual({ action: "deny" });
  const preventDefault = vi.fn();
  contents.emit("will-navigate", { preventDefault, url: "https://example.test/" });
  expect(preventDefault).toHaveBeenCalledOnce();
});

describe("a second start", () => {
  test("with the same profile opens nothing, and ends", async () => {
    shell.app.first = false;
    await import("../../main/electron/main.ts");
    expect(shell.did.at(-1)).toBe("quit");
    expect(open).toEqual([]);
    expect(shell.startEngine).not.toHaveBeenCalled();
  });

  test("brings the first one's window up", async () => {
    await start();
    shell.app.emit("second-instance");
    const [window] = open as BrowserWindow[];
    expect(window?.restore).toHaveBeenCalledOnce();
    expect(window?.focus).toHaveBeenCalledOnce();
  });
});

test("the demo's servers are those of the source tree, and in no package", async () => {
  await start();
  expect(shell.startEngine.mock.calls[0]?.[0].platform.startDemo).toBeTypeOf("function");
  await end();
  shell.app.removeAllListeners();
  vi.resetModules();
  shell.app.isPackaged = true;
  open.length = 0;
  await start();
  expect(shell.startEngine.mock.calls[1]?.[0].platform.startDemo).toBeNull();
});

test("the program ends when its engine has closed, and not before", async () => {
  await start();
  const closed = Promise.withResolvers<void>();
  shell.engine.close.mockReturnValueOnce(closed.promise);
  const preventDefault = vi.fn();
  shell.app.emit("will-quit", { preventDefault });
  expect(preventDefault).toHaveBeenCalledOnce();
  expect(shell.did).not.toContain("quit");
  closed.resolve();
  await vi.waitFor(() => expect(shell.did.at(-1)).toBe("quit"));
  // The end that was asked for again goes through.
  shell.app.emit("will-quit", { preventDefault });
  expect(preventDefault).toHaveBeenCalledOnce();
  shell.app.removeAllListeners();
});
