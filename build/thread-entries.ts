import { basename, dirname } from "node:path";
import type { Plugin } from "vite";
import { flatEntries } from "./flat-entries.ts";

const THREAD = /new URL\(\s*["'](?<path>\.[^"']*thread)\.ts["']\s*,\s*import\.meta\.url\s*\)/gu;

/**
 * Worker threads in the bundle. In the source a thread is named where it is started, `new URL("./parse-thread.ts", import.meta.url)`; here each becomes an
 * entry of its own in the one flat folder: `parse-thread.js`, and `engine/thread.ts` becomes `engine-thread.js`.
 */
export function threadEntries(): Plugin {
  return flatEntries("thread-entries", THREAD, bundledName, (fileName) => `new URL("./${fileName}", import.meta.url)`);
}

function bundledName(source: string): string {
  const name = basename(source, ".ts");
  return name === "thread" ? `${basename(dirname(source))}-thread` : name;
}
