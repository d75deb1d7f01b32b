import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { inProcessPorts } from "../../main/host/in-process-port.ts";
import { RestartWait } from "../../main/host/restart-wait.ts";
import { type EngineHost, startEngine } from "../../main/host/start.ts";
import { createLog } from "../../main/log.ts";
import { LogRing } from "../../main/log-ring.ts";
import { Line } from "../support/line.ts";
import { testPlatform } from "../support/test-platform.ts";

const hosts: EngineHost[] = [];
const profileDir = mkdtempSync(join(tmpdir(), "satchel-host-"));
afterEach(async () => {
  for (const host of hosts.splice(0)) await host.close();
  rmSync(profileDir, { recursive: true, force: true });
});

function start(thread = "engine-thread.ts", more: { maxHeapMb?: number } = {}) {
  const ring = new LogRing();
  const log = createLog({ sinks: [ring.push], level: "info", clock: Date.now });
  const platform = testPlatform();
  const host = startEngine({
    profileDir,
    platform,
    log,
    logLevel: "info",
    writeLine: ring.push,
    recentLines: () => ring.lines(),
    threadUrl: new URL(`../support/${thread}`, import.meta.url),
    ...more,
  });
  hosts.push(host);
  return { host, ring, platform };
}

function window(host: EngineHost): Line {
  const [mine, theirs] = inProcessPorts();
  host.serve(theirs);
  return new Line(mine);
}

/** Connects as a window does: again, until somebody answers. */
function connectAgain(host: EngineHost): Promise<Line> {
  return vi.waitFor(
    async () => {
      const line = window(host);
      await line.ask("settings.read", {});
      return line;
    },
    { timeout: 10_000, interval: 50 },
  );
}

describe("the engine's thread", () => {
  test("answers a window that asked before it was ready", async () => {
    const { host } = start();
    expect(await window(host).ask("health.hello", {})).toMatchObject({ host: "loopback" });
  });

  test("asks its host across the threads, and hands over assets", async () => {
    const { host, platform } = start();
    const line = window(host);
    expect(await line.ask("health.openLink", { url: "https://example.test/" })).toEqual({ opened: true });
    expect(platform.opened).toEqual(["https://example.test/"]);
    const { url } = (await line.raw({
      method: "mail.partUrl",
      input: { placementId: 1, part: "1", download: false },
      correlation: "c",
    })) as {
      url: string;
    };
    const answer = await host.readAsset(url, { range: null });
    expect(Buffer.from(answer.body).toString()).toBe("a picture");
    expect(await host.readAsset(`/asset/${"A".repeat(22)}/picture.png`, { range: null })).toMatchObject({ status: 404 });
  });

  test("when it breaks, every line closes, a new one answers, and the report tells what happened", async () => {
    const { host } = start();
    const line = window(host);
    const before = await line.ask("health.hello", {});
    // Whether its answer leaves before it breaks is anybody's guess.
    await line.ask("health.rebuildIndex", {}).catch(() => undefined);
    await line.closed;
    const again = await connectAgain(host);
    expect((await again.ask("health.hello", {})).engineRun).not.toBe(before.engineRun);
    const { text } = await again.ask("health.report", {});
    expect(text).toContain("engine.thread-broke");
    expect(text).toContain("a bug in the engine");
  });

  test("when it runs out of heap, it alone ends and is started again", async () => {
    const { host, ring } = start("engine-thread.ts", { maxHeapMb: 64 });
    const line = window(host);
    await expect(line.ask("health.syncNow", {})).rejects.toMatchObject({ code: "engine-restarted" });
    await connectAgain(host);
    expect(ring.text()).toContain("ERR_WORKER_OUT_OF_MEMORY");
  });

  test("a store that cannot be opened is the answer to every question", async () => {
    const { host } = start("broken-store-thread.ts");
    await expect(window(host).ask("health.hello", {})).rejects.toMatchObject({ code: "database-corrupt" });
  });

  test("closing waits for the engine and starts nothing again", async () => {
    const { host, ring } = start();
    await host.ready;
    await host.close();
    expect(ring.text()).not.toContain("engine.restarting");
  });
});

test("the first restart is at once, a thread that keeps breaking waits longer each time, a healthy minute forgives", () => {
  let now = 0;
  const wait = new RestartWait(() => now);
  const waits = Array.from({ length: 12 }, () => {
    wait.started();
    return wait.ended();
  });
  expect(waits.slice(0, 5)).toEqual([0, 50, 100, 200, 400]);
  expect(waits.at(-1)).toBe(30_000);
  wait.started();
  now += 61_000;
  expect(wait.ended()).toBe(0);
});
