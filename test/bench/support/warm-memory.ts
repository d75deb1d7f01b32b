import { execFileSync } from "node:child_process";
import { freemem } from "node:os";

const GB = 2 ** 30;
/** More than either side writes, and what the page cache holds of it. */
const TOUCHED_BYTES = 3 * GB;

/**
 * Touches free memory, so that whoever is measured next gets pages that are there. A virtual machine may give free pages back to its host within seconds; taking one again then
 * costs some 15 µs, which is no part of anybody's synchronisation, and which of two sides pays for it is chance. Nothing is done where memory is short, or not Linux's.
 */
export function warmMemory(): void {
  if (process.platform !== "linux" || freemem() < 2 * TOUCHED_BYTES) return;
  const fill = `const kept = []; for (let n = 0; n < ${TOUCHED_BYTES / 2 ** 28}; n += 1) kept.push(Buffer.alloc(2 ** 28, 1));`;
  execFileSync(process.execPath, ["-e", fill], { stdio: "ignore" });
}
