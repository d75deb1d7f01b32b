import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** One hash over the content of all files below `paths`, in a fixed order. */
export function hashInputs(root: string, paths: readonly string[]): string {
  const hash = createHash("sha256");
  for (const path of paths) {
    for (const file of filesBelow(root, path)) {
      hash
        .update(file)
        .update("\0")
        .update(readFileSync(join(root, file)))
        .update("\0");
    }
  }
  return hash.digest("hex");
}

function filesBelow(root: string, path: string): string[] {
  const full = join(root, path);
  if (!existsSync(full)) return [];
  if (statSync(full).isFile()) return [path];
  return readdirSync(full, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length)
        .replace(/^[\\/]/u, ""),
    )
    .sort();
}

/**
 * Runs `make` unless the output was made from the same inputs before. The note lies inside the output, so that it goes with it.
 * @returns whether it ran
 */
export async function whenStale(noteFile: string, inputs: string, make: () => Promise<void>): Promise<boolean> {
  if (existsSync(noteFile) && readFileSync(noteFile, "utf8") === inputs) return false;
  await make();
  mkdirSync(dirname(noteFile), { recursive: true });
  writeFileSync(noteFile, inputs);
  return true;
}
