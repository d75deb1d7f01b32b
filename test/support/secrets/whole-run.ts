import { existsSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { secretsBelow } from "./files.ts";
import { secretsInProcesses } from "./processes.ts";

const BETWEEN_LOOKS_MS = 500;

/**
 * No secret of the suite may be left when it ends. While it runs, the command lines of all that it starts are looked at now and then; at the
 * end, whatever lies in the run's own temporary folder, which is taken away then. A secret that was found fails the run.
 */
export default function watchWholeRun(): () => void {
  const folder = tmpdir();
  const found = new Set<string>();
  const look = existsSync("/proc/self/stat")
    ? setInterval(() => {
        for (const secret of secretsInProcesses(process.pid)) found.add(secret);
      }, BETWEEN_LOOKS_MS)
    : undefined;
  return () => {
    clearInterval(look);
    for (const secret of secretsBelow(folder)) found.add(secret);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    if (found.size > 0) throw new Error(`Secrets were left behind:\n${[...found].join("\n")}`);
  };
}
