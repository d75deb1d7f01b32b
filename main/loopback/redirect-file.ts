import { randomBytes } from "node:crypto";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const FILE = "open.html";
/** Nothing to see, on the ground that the desktop has: white would flash in the dark. */
const page = (head: string): string =>
  `<!doctype html><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>Satchel</title>${head}\n`;

/**
 * Writes the page that leads a browser to `address`. The address carries a token, and arguments of a process can be read by every user of
 * the computer; this file only by its owner.
 * @returns the file's URL, fit to be an argument
 */
export function writeRedirectFile(folder: string, address: string): string {
  const script = JSON.stringify(address).replaceAll("<", "\\u003c");
  return write(folder, page(`<script>location.replace(${script})</script>`));
}

/**
 * Writes a page in the same place that looks every second whether the one that leads on has come: a browser takes longer to read it than a host to
 * have an address, and need not wait for it to begin.
 * @returns the file's URL
 */
export function writeWaitingFile(folder: string): string {
  return write(folder, page('<meta http-equiv="refresh" content="1">'));
}

function write(folder: string, text: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, FILE);
  // Made anew each time: writing into an existing file would keep its permissions.
  const fresh = `${file}.${randomBytes(6).toString("hex")}`;
  writeFileSync(fresh, text, { mode: 0o600, flag: "wx" });
  renameSync(fresh, file);
  return pathToFileURL(file).href;
}
