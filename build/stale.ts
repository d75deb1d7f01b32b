import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** One hash over `what` of each file below `paths`, in a fixed order. */
function hashOf(root: string, paths: readonly string[], what: (file: string) => string | Buffer): string {
  const hash = createHash("sha256");
  for (const path of paths) {
    for (const file of filesBelow(root, path)) {
      hash
        .update(file)
        .update("\0")
        .update(what(join(root, file)))
        .update("\0");
    }
  }
  return hash.digest("hex");
}

/** Walks by itself: Node's own recursion takes ten times as long, and every start waits for this. */
function filesBelow(root: string, path: string): string[] {
  const full = join(root, path);
  if (!existsSync(full)) return [];
  if (statSync(full).isFile()) return [path];
  const files: string[] = [];
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const below = join(folder, entry.name);
      if (entry.isDirectory()) walk(below);
      else if (entry.isFile()) files.push(below);
    }
  };
  walk(path);
  return files.sort();
}

/**
 * Runs `make` unless the output was made from the same inputs before: files that were not touched since are not even read. The note lies
 * inside the output, so that it goes with it.
 * @param inputs paths below `root`
 * @returns whether it ran
 */
export async function whenStale(noteFile: string, root: string, inputs: readonly string[], make: () => Promise<void>): Promise<boolean> {
  const [touched = "", content = ""] = existsSync(noteFile) ? readFileSync(noteFile, "utf8").split("\n") : [];
  const touchedNow = hashOf(root, inputs, (file) => {
    const { size, mtimeMs } = statSync(file);
    return `${size} ${mtimeMs}`;
  });
  if (touched === touchedNow) return false;
  const contentNow = hashOf(root, inputs, (file) => readFileSync(file));
  const stale = content !== contentNow;
  if (stale) await make();
  mkdirSync(dirname(noteFile), { recursive: true });
  writeFileSync(noteFile, `${touchedNow}\n${contentNow}`);
  return stale;
}
