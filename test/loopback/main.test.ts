import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { keepPort, keptPort } from "../../main/loopback/kept-port.ts";
import { socketPort } from "../../main/loopback/socket-port.ts";
import { Line } from "../support/line.ts";

const MAIN = fileURLToPath(new URL("../../main/loopback/main.ts", import.meta.url));
// The window's own bundle is not what is tested here; any page in its place will do when nothing was built yet.
const WINDOW = fileURLToPath(new URL("../../out/renderer/", import.meta.url));
if (!existsSync(join(WINDOW, "index.html"))) {
  mkdirSync(WINDOW, { recursive: true });
  writeFileSync(join(WINDOW, "index.html"), "<!doctype html><head><title>Satchel</title></head>");
}

let profile = "";
const running: ChildProcess[] = [];
beforeEach(() => {
  profile = mkdtempSync(join(tmpdir(), "satchel-main-"));
});
afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
  }
  rmSync(profile, { recursive: true, force: true });
});

type Host = { child: ChildProcess; said: () => string; ended: Promise<number | null> };

function start(...args: string[]): Host {
  return startWith({}, "--no-window", ...args);
}

function startWith(env: NodeJS.ProcessEnv, ...args: string[]): Host {
  const child = spawn(process.execPath, [MAIN, "--profile", profile, ...args], {
    env: { ...process.env, XDG_CONFIG_HOME: join(profile, "config"), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.push(child);
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (piece: Buffer) => (text += piece.toString()));
  const ended = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  return { child, said: () => text, ended };
}

function address(host: Host): Promise<string> {
  return vi.waitFor(
    () => {
      const found = /^http:\/\/127\.0\.0\.1:\d+\/\S+$/mu.exec(host.said());
      if (found === null) throw new Error(`no address yet: ${host.said()}`);
      return found[0];
    },
    { timeout: 20_000 },
  );
}

async function openLine(url: string): Promise<Line> {
  const { origin, host } = new URL(url);
  const page = await fetch(url);
  const cookie = page.headers.get("set-cookie")?.split(";")[0] ?? "";
  const socket = new WebSocket(`ws://${host}/port`, { headers: { cookie, origin } });
  await once(socket, "open");
  return new Line(socketPort(socket));
}

describe("the loopback host as a process", () => {
  test("prints an address for one visit, speaks the language that was asked for, and ends in order when told to", async () => {
    const host = start("--lang", "zh-CN");
    const url = await address(host);
    const line = await openLine(url);
    expect(await line.ask("health.hello", {})).toMatchObject({ host: "loopback", language: "zh-CN" });
    expect((await fetch(url)).status).toBe(403);
    host.child.kill("SIGTERM");
    await line.closed;
    expect(await host.ended).toBe(0);
    expect(readFileSync(join(profile, "logs", "satchel.log"), "utf8")).toContain('"why":"SIGTERM"');
  });

  test("keeps what the window settled for the next start, even after it was killed", async () => {
    const first = start();
    const line = await openLine(await address(first));
    await line.ask("settings.write", { density: "compact" });
    first.child.kill("SIGKILL");
    await first.ended;
    const second = await openLine(await address(start()));
    expect(await second.ask("settings.read", {})).toMatchObject({ density: "compact" });
  });

  test("serves the window where it was served last time, and elsewhere when that port is taken", async () => {
    const first = start();
    const { port } = new URL(await address(first));
    first.child.kill("SIGTERM");
    await first.ended;
    const second = start();
    expect(new URL(await address(second)).port).toBe(port);
    second.child.kill("SIGTERM");
    await second.ended;
    const other = createServer().listen(Number(port), "127.0.0.1");
    await once(other, "listening");
    const third = new URL(await address(start()));
    expect(third.port).not.toBe(port);
    expect((await fetch(third)).status).toBe(200);
    other.close();
  });

  test("a port file that says nothing sensible is passed over", async () => {
    mkdirSync(join(profile, "browser"));
    for (const nonsense of ["", "80", "70000", "1e9", "here"]) {
      writeFileSync(join(profile, "browser", "port"), nonsense);
      expect(keptPort(join(profile, "browser")), nonsense).toBe(0);
    }
    keepPort(join(profile, "browser"), 40_123);
    expect(keptPort(join(profile, "browser"))).toBe(40_123);
  });

  test("a second start on the same profile says so, leads to the first and opens no store", async () => {
    const first = start();
    await address(first);
    const second = start();
    const url = await address(second);
    expect(await second.ended).toBe(0);
    expect(second.said()).toContain("already running with this profile");
    const line = await openLine(url);
    expect(await line.ask("health.hello", {})).toMatchObject({ host: "loopback" });
    line.close();
  });

  test.skipIf(process.platform === "win32")("its window closes with it, and before the profile is free for the next start", async () => {
    const browser = join(profile, "a browser");
    const pid = join(profile, "window");
    // Says who it is and stays, as a browser does.
    writeFileSync(browser, `#!/bin/sh\necho $$ > "${pid}"\nexec sleep 600\n`, { mode: 0o755 });
    const host = startWith({ SATCHEL_BROWSER: browser, DISPLAY: ":0" });
    const window = await vi.waitFor(
      () => {
        const found = Number(readFileSync(pid, "utf8"));
        expect(found).toBeGreaterThan(1);
        return found;
      },
      { timeout: 20_000 },
    );
    expect(process.kill(window, 0)).toBe(true);
    host.child.kill("SIGTERM");
    expect(await host.ended).toBe(0);
    expect(() => process.kill(window, 0)).toThrow("ESRCH");
  });

  test("an option that it does not know is answered with a sentence", async () => {
    const host = start("--windowless");
    expect(await host.ended).toBe(1);
    expect(host.said()).toContain("--windowless");
  });

  test("a store that is no database is put aside whole, and the window's own line tells of it", async () => {
    const bytes = "this is no database, and it is longer than a header of one hundred bytes would be ".repeat(20);
    writeFileSync(join(profile, "satchel.db"), bytes);
    const line = await openLine(await address(start()));
    expect(await line.ask("health.hello", {})).toMatchObject({ host: "loopback" });
    expect(await line.ask("health.notices", { afterId: 0 })).toMatchObject({
      notices: [{ code: "store-set-aside", params: { folder: "set-aside-1" } }],
    });
    expect(readFileSync(join(profile, "set-aside-1", "satchel.db"), "utf8")).toBe(bytes);
  });

  test("a store of a newer Satchel is refused in the window's own line and left alone", async () => {
    const newer = new Database(join(profile, "satchel.db"));
    newer.pragma("user_version = 999");
    newer.close();
    const line = await openLine(await address(start()));
    await expect(line.ask("health.hello", {})).rejects.toMatchObject({ kind: "storage", code: "database-newer" });
  });
});
