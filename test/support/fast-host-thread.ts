import { fileURLToPath } from "node:url";
import { isMainThread } from "node:worker_threads";
import { openEngine } from "../../main/engine/open.ts";
import { runEngineThread } from "../../main/engine/run-thread.ts";
import { openHostLog } from "../../main/host/host-log.ts";
import { readOptions } from "../../main/host/options.ts";
import { makeProfileDir } from "../../main/host/profile-dir.ts";
import { startEngine } from "../../main/host/start.ts";
import { WindowFiles } from "../../main/host/window-files.ts";
import { loopbackPlatform } from "../../main/loopback/platform.ts";
import { serveLoopback } from "../../main/loopback/serve.ts";

/*
 * The loopback host, without a window, and the product's engine, whose time passes a hundred times as fast: what a server wants of it in
 * minutes is over in a second. Lines and their deadlines keep the computer's time.
 */
const FASTER = 100;
const SINCE = "SATCHEL_TEST_SINCE";

/** Goes on over a kill: whoever starts the host again says when it was started first. */
function fastTime() {
  const since = Number(process.env[SINCE] ?? Date.now());
  return {
    clock: () => since + (Date.now() - since) * FASTER,
    timers: {
      after(ms: number, work: () => void): () => void {
        const timer = setTimeout(work, ms / FASTER);
        return () => clearTimeout(timer);
      },
    },
  };
}

async function host(): Promise<void> {
  const { profile } = readOptions(process.argv.slice(2));
  const profileDir = makeProfileDir(profile ?? "");
  const { log, level, write, recentLines } = openHostLog(profileDir, process.env);
  const files = new WindowFiles(fileURLToPath(new URL("../../out/renderer/", import.meta.url)));
  const loopback = await serveLoopback({ engine: () => engine, files, log });
  const platform = loopbackPlatform({ profileDir, language: "en", version: "0.0.0", startDemo: null });
  const threadUrl = new URL(import.meta.url);
  const engine = startEngine({ profileDir, platform, log, logLevel: level, writeLine: write, recentLines, threadUrl });
  process.stdout.write(`${loopback.newAddress()}\n`);
}

await (isMainThread ? host() : runEngineThread((parts) => openEngine({ ...parts, time: fastTime() })));
