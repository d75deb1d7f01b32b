import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Plugin } from "vite";
import { flatEntries } from "./flat-entries.ts";
import { PROJECT } from "./project.ts";

const LAZY = /\bload\("(?<path>\.\/[\w-]+)\.ts"\)/gu;

/**
 * What is loaded when it is first needed, by `createRequire`, because who needs it cannot wait: `load("./html-library.ts")`. In the bundle each becomes an
 * entry of its own in the one flat folder.
 */
export function lazyEntries(): Plugin {
  return flatEntries(
    "lazy-entries",
    LAZY,
    (source) => basename(source, ".ts"),
    (fileName) => `load("./${fileName}")`,
  );
}

const JSDOM = join(PROJECT, "node_modules/jsdom/lib/jsdom");

/** jsdom in one file: the two places where it looks for files of its own. The one for synchronous requests is never needed: nothing runs in that window. */
export function jsdomInOneFile(): Plugin {
  return {
    name: "jsdom-in-one-file",
    transform(code, id) {
      if (id.endsWith("jsdom/living/css/helpers/computed-style.js")) {
        const style = JSON.stringify(readFileSync(join(JSDOM, "browser/default-stylesheet.css"), "utf8"));
        return swapped(code, /fs\.readFileSync\(\s*path\.resolve\(__dirname, "[^"]*default-stylesheet\.css"\),\s*\{[^}]*\}\s*\)/u, style);
      }
      if (id.endsWith("jsdom/living/xhr/XMLHttpRequest-impl.js"))
        return swapped(code, /require\.resolve\("\.\/xhr-sync-worker\.js"\)/u, '""');
      return null;
    },
  };
}

/** A newer jsdom that looks elsewhere is found by the build, not by the first reader. */
function swapped(code: string, from: RegExp, to: string): string {
  if (!from.test(code)) throw new Error(`jsdom no longer has ${from.source}`);
  return code.replace(from, () => to);
}
