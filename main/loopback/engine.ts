import { readFileSync } from "node:fs";
import { demoStarter } from "../host/demo-servers.ts";
import type { HostLog } from "../host/host-log.ts";
import { type EngineHost, startEngine } from "../host/start.ts";
import { loopbackPlatform } from "./platform.ts";

export { openDemo } from "../host/demo.ts";

/** Starts the engine of a loopback host. Loaded after the browser was started, which has its own reading to do meanwhile. */
export function startLoopbackEngine(options: {
  readonly project: URL;
  readonly profileDir: string;
  /** A language that was asked for; null is the system's. */
  readonly language: string | null;
  readonly hostLog: HostLog;
  readonly awaitsWindow: boolean;
}): EngineHost {
  const { project, profileDir, hostLog, awaitsWindow } = options;
  const language = options.language ?? Intl.DateTimeFormat().resolvedOptions().locale;
  const platform = loopbackPlatform({ profileDir, language, version: version(project), startDemo: demoStarter(project, language) });
  return startEngine({
    profileDir,
    platform,
    log: hostLog.log,
    logLevel: hostLog.level,
    writeLine: hostLog.write,
    recentLines: hostLog.recentLines,
    awaitsWindow,
  });
}

function version(project: URL): string {
  const { version: found } = JSON.parse(readFileSync(new URL("package.json", project), "utf8")) as { version: string };
  return found;
}
