import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const MEMORY = "/dev/shm";
/** What the tests of one run have lying about at most, several times over. */
const ENOUGH_BYTES = 4 * 1024 ** 3;

/**
 * A place for all that the tests and what they start put into temporary folders: searched for secrets when the run ends, then taken away
 * (`test/support/secrets/whole-run.ts`). In memory where there is room: a store waits for the disk with each thing that it does, and the
 * suite has hundreds of stores. `SATCHEL_TESTS_IN` names another place.
 */
export function makeTestFolder(): string {
  const asked = process.env["SATCHEL_TESTS_IN"];
  if (asked !== undefined || !isRoomy(MEMORY)) return inFolder(asked ?? tmpdir());
  const memory = inFolder(MEMORY);
  if (runsPrograms(memory)) return memory;
  rmSync(memory, { recursive: true });
  return inFolder(tmpdir());
}

/** What runs that were killed left there goes first. Its name is short, because the path of a socket may have 107 bytes; it is open to walk through, because mail servers run as another user. */
function inFolder(parent: string): string {
  for (const name of readdirSync(parent)) {
    const [, owner] = /^st-(\d+)-/u.exec(name) ?? [];
    if (owner !== undefined && !isAlive(Number(owner))) takeAway(join(parent, name));
  }
  const folder = mkdtempSync(join(parent, `st-${process.pid}-`));
  chmodSync(folder, 0o711);
  return folder;
}

/** With the small disks that its tests had mounted there. What cannot be taken away keeps no other run from beginning. */
function takeAway(folder: string): void {
  try {
    for (const disk of disksBelow(folder)) execFileSync("umount", ["-l", disk], { stdio: "ignore" });
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // Somebody else's, or still in use: the next run looks again.
  }
}

function disksBelow(folder: string): string[] {
  const mounts = "/proc/self/mounts";
  if (!existsSync(mounts)) return [];
  const places = readFileSync(mounts, "utf8")
    .split("\n")
    .map((line) => line.split(" ")[1] ?? "");
  return places.filter((place) => place.startsWith(`${folder}/`));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's is alive too.
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

function isRoomy(folder: string): boolean {
  if (process.platform !== "linux" || !existsSync(folder)) return false;
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize >= ENOUGH_BYTES;
}

/** Memory is mounted without that right in places. */
function runsPrograms(folder: string): boolean {
  const script = join(folder, "try");
  writeFileSync(script, "#!/bin/sh\nexit 0\n", { mode: 0o700 });
  try {
    execFileSync(script, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  } finally {
    rmSync(script);
  }
}
