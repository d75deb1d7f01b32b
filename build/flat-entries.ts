import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

/**
 * Files that are named in the source where they are started or loaded, and that become entries of their own in the one flat folder of the bundle.
 * @param named finds such a place; its group `path` is the file's, without `.ts`
 * @param entry the name there of a source, without `.js`
 * @param place what stands in the bundle instead, for the file's new name
 */
export function flatEntries(name: string, named: RegExp, entry: (source: string) => string, place: (fileName: string) => string): Plugin {
  return {
    name,
    transform(code, id) {
      if (code.search(named) < 0) return null;
      const file = id.startsWith("file:") ? fileURLToPath(id) : id;
      return code.replaceAll(named, (_all, path: string) => {
        const source = resolve(dirname(file), `${path}.ts`);
        const fileName = `${entry(source)}.js`;
        this.emitFile({ type: "chunk", id: source, fileName });
        return place(fileName);
      });
    },
  };
}
