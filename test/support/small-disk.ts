import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type SmallDisk = {
  readonly folder: string;
  grow(mb: number): void;
  /** Nobody may have a file open for writing when it stops taking any. */
  writable(on: boolean): void;
  remove(): void;
};

/** A disk of its own, as small as one likes; null where none can be mounted (elsewhere than on Linux, and for others than root). */
export function smallDisk(mb: number): SmallDisk | null {
  if (process.platform !== "linux") return null;
  const folder = mkdtempSync(join(tmpdir(), "satchel-disk-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const remount = (option: string) => void execFileSync("mount", ["-o", `remount,${option}`, folder]);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${mb}m`, "tmpfs", folder], { stdio: "ignore" });
  } catch {
    remove();
    return null;
  }
  return {
    folder,
    grow: (size) => remount(`size=${size}m`),
    writable: (on) => remount(on ? "rw" : "ro"),
    remove() {
      execFileSync("umount", ["-l", folder]);
      remove();
    },
  };
}

/** Whether this test may mount disks. */
export function canMount(): boolean {
  const probe = smallDisk(1);
  probe?.remove();
  return probe !== null;
}
