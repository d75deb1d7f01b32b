import { existsSync, readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";

/** The folder of public test mail, or null where it is not present; its suites then skip by name. */
export function corporaDir(): string | null {
  const dir = process.env["SATCHEL_CORPORA"] ?? resolve(import.meta.dirname, "../../../../shared/corpora");
  return existsSync(dir) ? dir : null;
}

/** Every file of the corpora that is a message, not an expected result; none where they are not present. */
export function mailFiles(dir: string | null): string[] {
  if (dir === null) return [];
  const sets = ["mime", "spam", "bounces"].map((set) => join(dir, set));
  return sets.flatMap(walk).filter((file) => /\.(?:eml|msg|txt|\d)$/u.test(file) || !/\.[a-z]+$/iu.test(basename(file)));
}

/** Those and what else somebody may take for a message: Outlook's files, calendars. */
export function openableFiles(dir: string | null): string[] {
  if (dir === null) return [];
  return [...mailFiles(dir), ...["html", "msg", "ics"].flatMap((set) => walk(join(dir, set)))];
}

function walk(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? walk(join(dir, entry.name)) : [join(dir, entry.name)],
  );
}
