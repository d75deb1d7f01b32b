import { existsSync, mkdirSync, rmdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { bundle } from "../../build/bundle.ts";
import { PROJECT } from "../../build/project.ts";

const LOCK = join(PROJECT, "out/.building");
/** A build takes some seconds; a lock older than this was left behind by a run that was killed. */
const LOCK_LIFE_MS = 180_000;

let built: Promise<void> | undefined;

/** Has the window and the program built from the sources as they are, once in each process. Those that run side by side build one after the other: the second finds nothing to do. */
export async function buildWindow(): Promise<void> {
  built ??= build();
  await built;
}

async function build(): Promise<void> {
  // The run as a whole has built already; a source that changes under it is the next run's business.
  if (process.env["SATCHEL_TEST_RUN"] === "1" && existsSync(join(PROJECT, "out/renderer/index.html"))) return;
  await lock();
  try {
    await bundle(() => undefined);
  } finally {
    rmdirSync(LOCK);
  }
}

async function lock(): Promise<void> {
  mkdirSync(join(PROJECT, "out"), { recursive: true });
  for (;;) {
    try {
      mkdirSync(LOCK);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      // Polled, because another process holds it.
      await wait(100);
      if (ageMs() > LOCK_LIFE_MS) rmdirSync(LOCK);
    }
  }
}

function ageMs(): number {
  const found = statSync(LOCK, { throwIfNoEntry: false });
  return found === undefined ? 0 : Date.now() - found.mtimeMs;
}
