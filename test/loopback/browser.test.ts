import type { ChildProcess } from "node:child_process";
import { EventEmitter } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { browserArguments, findBrowser, hasDisplay } from "../../main/loopback/browser.ts";
import { openerCommand } from "../../main/loopback/open-external.ts";
import { writeRedirectFile, writeWaitingFile } from "../../main/loopback/redirect-file.ts";
import { whenUnused } from "../../main/loopback/unused.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "satchel-browser-"));
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

const ADDRESS = "http://127.0.0.1:4711/?token=abc";

describe("the browser", () => {
  test("gets the token from a file that only its owner can read, never as an argument", () => {
    const url = writeRedirectFile(folder, ADDRESS);
    const file = fileURLToPath(url);
    expect(readFileSync(file, "utf8")).toContain(ADDRESS);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const args = browserArguments(url, join(folder, "data"), { root: false, language: null });
    expect(args.join(" ")).not.toContain("token");
    expect(args[0]).toBe(`--app=${url}`);
  });

  test("begins with a page that waits for the one that leads on, in the same place", () => {
    const waiting = writeWaitingFile(folder);
    const file = fileURLToPath(waiting);
    expect(readFileSync(file, "utf8")).toMatch(/http-equiv="refresh" content="1"/u);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(writeRedirectFile(folder, ADDRESS)).toBe(waiting);
    expect(readFileSync(file, "utf8")).not.toContain("refresh");
  });

  test("the file is private again even when an open one lay there", () => {
    writeFileSync(join(folder, "open.html"), "old", { mode: 0o644 });
    expect(statSync(fileURLToPath(writeRedirectFile(folder, ADDRESS))).mode & 0o777).toBe(0o600);
  });

  test("keeps its sandbox unless the user is root", () => {
    expect(browserArguments("file:///x", folder, { root: false, language: "en" })).not.toContain("--no-sandbox");
    expect(browserArguments("file:///x", folder, { root: true, language: null })).toContain("--no-sandbox");
  });

  test("knows no host but the program's own, and no proxy", () => {
    const args = browserArguments("file:///x", folder, { root: false, language: null });
    expect(args).toContain("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1");
    expect(args).toContain("--no-proxy-server");
  });

  test("is found on the path, or named by the user, or not at all", () => {
    const file = join(folder, "chromium");
    writeFileSync(file, "#!/bin/sh\n");
    chmodSync(file, 0o755);
    expect(findBrowser("linux", { PATH: folder })).toBe(file);
    expect(findBrowser("linux", { PATH: join(folder, "none") })).toBeNull();
    expect(findBrowser("linux", { PATH: folder, SATCHEL_BROWSER: join(folder, "none") })).toBeNull();
  });

  test("without a display no window is tried", () => {
    expect(hasDisplay("linux", {})).toBe(false);
    expect(hasDisplay("linux", { DISPLAY: ":0" })).toBe(true);
    expect(hasDisplay("darwin", {})).toBe(true);
  });
});

describe("the end of the window", () => {
  function windows() {
    let count = 0;
    let changed: () => void = () => undefined;
    return {
      windows: () => count,
      onWindowsChanged: (listener: () => void) => {
        changed = listener;
      },
      set(next: number) {
        count = next;
        changed();
      },
    };
  }

  test("is when its browser ended and its line closed", async () => {
    const open = windows();
    const browser = new EventEmitter() as ChildProcess;
    let over = false;
    const waiting = whenUnused(browser, open).then(() => {
      over = true;
    });
    open.set(1);
    browser.emit("exit", 0);
    await new Promise((resolve) => setImmediate(resolve));
    expect(over).toBe(false);
    open.set(0);
    await waiting;
  });

  test("is not when the browser handed the window over to another process of its own", async () => {
    vi.useFakeTimers();
    const open = windows();
    const browser = new EventEmitter() as ChildProcess;
    let over = false;
    void whenUnused(browser, open).then(() => {
      over = true;
    });
    browser.emit("exit", 0);
    await vi.advanceTimersByTimeAsync(1_000);
    open.set(1);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(over).toBe(false);
  });
});

test("an address is opened without a shell in between", () => {
  const url = "https://example.test/?a=1&b=$(x)";
  expect(openerCommand("linux", url)).toEqual({ program: "xdg-open", args: [url] });
  expect(openerCommand("win32", url).args.at(-1)).toBe(url);
});
