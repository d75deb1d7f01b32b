import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileSystemOf, tell } from "./report.ts";

/** A folder to measure in, and what it lies on. */
export type Disk = { readonly path: string; readonly name: string; release(): void };

const IMAGE_BYTES = 16 * 2 ** 30;

/**
 * A place on a journalling file system, as people's disks have it. Where the project lies on ext4 without a journal, as in many containers and virtual
 * machines, it is an image of its own there (Linux, root): without a journal ext4 looks anew, for every file that is made, at each file deleted within the last
 * minutes nearby (`recently_deleted`), and its fsync is another one. Where no image can be mounted it is the folder itself.
 */
export function journallingDisk(folder: string): Disk {
  mkdirSync(folder, { recursive: true });
  const plain: Disk = { path: folder, name: fileSystemOf(folder), release: () => {} };
  if (!lacksJournal(folder)) return plain;
  const image = join(folder, "journalling.img");
  const path = join(folder, "journalling");
  const release = (): void => {
    // With its loop device.
    quietly("umount", "-d", path);
    rmSync(path, { recursive: true, force: true });
    rmSync(image, { force: true });
  };
  // One that a killed run has left.
  release();
  try {
    writeFileSync(image, "");
    truncateSync(image, IMAGE_BYTES);
    execFileSync("mkfs.ext4", ["-q", "-E", "lazy_itable_init=0,lazy_journal_init=0", image]);
    // Past the page cache of the disk below, which would hold everything a second time.
    const device = execFileSync("losetup", ["--find", "--show", "--direct-io=on", image], { encoding: "utf8" }).trim();
    mkdirSync(path, { recursive: true });
    execFileSync("mount", [device, path]);
    return { path, name: "ext4 with a journal (an image)", release };
  } catch (error) {
    release();
    tell(`No journalling image could be mounted (${String(error).split("\n")[0]}); measuring on ${plain.name}.`);
    return plain;
  }
}

/** The kernel keeps a folder in /proc/fs/jbd2 for each ext4 that has a journal. */
function lacksJournal(folder: string): boolean {
  try {
    const [source = "", type] = execFileSync("findmnt", ["-n", "-o", "SOURCE,FSTYPE", "-T", folder], { encoding: "utf8" })
      .trim()
      .split(/\s+/u);
    return type === "ext4" && !journals().some((name) => name.startsWith(`${basename(source)}-`));
  } catch {
    return false;
  }
}

function journals(): string[] {
  try {
    return readdirSync("/proc/fs/jbd2");
  } catch {
    return [];
  }
}

function quietly(program: string, ...argv: readonly string[]): void {
  try {
    execFileSync(program, argv, { stdio: "ignore" });
  } catch {
    // It was not there.
  }
}
