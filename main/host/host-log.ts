import { join } from "node:path";
import { createLog, type Log, type LogLevel, type LogSink, logLevel } from "../log.ts";
import { LogFiles } from "../log-files.ts";
import { LogRing } from "../log-ring.ts";

export type HostLog = {
  readonly log: Log;
  readonly level: LogLevel;
  /** Takes the lines of other threads. */
  readonly write: LogSink;
  readonly recentLines: () => readonly string[];
  readonly files: LogFiles;
};

/** The log of a whole run: the host's lines and those of its threads, in `<profile>/logs` and in memory. */
export function openHostLog(profileDir: string, env: NodeJS.ProcessEnv): HostLog {
  const files = new LogFiles(join(profileDir, "logs"));
  const ring = new LogRing();
  const level = logLevel(env["SATCHEL_LOG"]);
  const write: LogSink = (line) => {
    files.push(line);
    // Debug lines name people; they stay in the file of the user who asked for them and out of problem reports.
    if (!line.includes('"level":"debug"')) ring.push(line);
  };
  return { log: createLog({ sinks: [write], level, clock: Date.now }), level, write, recentLines: () => ring.lines(), files };
}
