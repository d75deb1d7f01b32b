import { randomBytes } from "node:crypto";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * Writes the page that leads a browser to `address`. The address carries a token, and arguments of a process can be read by every user of
 * the computer; this file only by its owner.
 * @returns the file's URL, fit to be an argument
 */
export function writeRedirectFile(folder: string, address: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, "open.html");
  const script = JSON.stringify(address).replaceAll("<", "\\u003c");
  const page = `<!doctype html><meta charset="utf-8"><title>Satchel</title><script>location.replace(${script})</script>\n`;
  // Made anew each time: writing into an existing file would keep its permissions.
  const fresh = `${file}.${randomBytes(6).toString("hex")}`;
  writeFileSync(fresh, page, { mode: 0o600, flag: "wx" });
  renameSync(fresh, file);
  return pathToFileURL(file).href;
}
