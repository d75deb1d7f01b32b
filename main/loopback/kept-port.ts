import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const LEAST = 1_024;
const MOST = 65_535;

/**
 * The port that this profile's window was served on last time; 0, which lets the system choose, when there was none. The same address lets
 * the browser use what it compiled and laid out before, and keeps the zoom; who may connect is decided by the token of each start alone.
 */
export function keptPort(folder: string): number {
  try {
    const port = Number(readFileSync(fileOf(folder), "utf8"));
    return Number.isInteger(port) && port >= LEAST && port <= MOST ? port : 0;
  } catch {
    // A first start, or a file that cannot be read: the system chooses.
    return 0;
  }
}

/** For the next start. A disk that takes nothing only costs that start a little time. */
export function keepPort(folder: string, port: number): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(fileOf(folder), String(port), { mode: 0o600 });
  } catch {
    // Said above.
  }
}

function fileOf(folder: string): string {
  return join(folder, "port");
}
