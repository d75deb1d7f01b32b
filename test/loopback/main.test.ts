import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
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
  const child = spawn(process.execPath, [MAIN, "--no-window", "--profile", profile, ...args], {
    env: { ...process.env, XDG_CONFIG_HOME: join(profile, "config") },
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

  test("an option that it does not know is answered with a sentence", async () => {
    const host = start("--windowless");
    expect(await host.ended).toBe(1);
    expect(host.said()).toContain("--windowless");
  });

  test("a store that is no database is told in the window's own line", async () => {
    writeFileSync(
      join(profile, "satchel.db"),
      "this is no database, and it is longer than a header of one hundred bytes would be ".repeat(20),
    );
    const line = await openLine(await address(start()));
    await expect(line.ask("health.hello", {})).rejects.toMatchObject({ kind: "storage", code: "database-corrupt" });
  });
});
