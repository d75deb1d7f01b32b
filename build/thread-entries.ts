import { basename, dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const THREAD = /new URL\(\s*["'](?<path>\.[^"']*thread)\.ts["']\s*,\s*import\.meta\.url\s*\)/gu;

/**
 * Worker threads in the bundle. In the source a thread is named where it is started, `new URL("./parse-thread.ts", import.meta.url)`; here each becomes an
 * entry of its own in the one flat folder: `parse-thread.js`, and `engine/thread.ts` becomes `engine-thread.js`.
 */
export function threadEntries(): Plugin {
  return {
    name: "thread-entries",
    transform(code, id) {
      if (!code.includes("thread.ts")) return null;
      const file = id.startsWith("file:") ? fileURLToPath(id) : id;
      return code.replaceAll(THREAD, (_all, path: string) => {
        const source = resolve(dirname(file), `${path}.ts`);
        const fileName = `${bundledName(source)}.js`;
        this.emitFile({ type: "chunk", id: source, fileName });
        return `new URL("./${fileName}", import.meta.url)`;
      });
    },
  };
}

function bundledName(source: string): string {
  const name = basename(source, ".ts");
  return name === "thread" ? `${basename(dirname(source))}-thread` : name;
}
