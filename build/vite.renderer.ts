import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const NO_SCHEMAS = "\0no-schemas";

/**
 * Leaves zod out of the window. The shared vocabulary builds schemas beside its types and tables; only the engine parses with
 * them, so here they become one inert value, which saves the window a quarter of its script.
 */
const noSchemas: Plugin = {
  name: "no-schemas",
  enforce: "pre",
  resolveId: (id) => (id === "zod" ? NO_SCHEMAS : null),
  load: (id) => (id === NO_SCHEMAS ? "export const z = new Proxy(function z() {}, { get: () => z, apply: () => z });" : null),
};

const MAIN = here("../renderer/main.ts");
const WINDOW = here("../renderer/window.tsx");

type Chunking = { getModuleInfo(id: string): { importers: readonly string[] } | null };

/** Whether `root` needs the module at once: it imports it itself or over others, and not only later. */
function isNeededBy(root: string, id: string, context: Chunking, seen = new Set<string>()): boolean {
  if (id === root) return true;
  if (seen.has(id)) return false;
  seen.add(id);
  return context.getModuleInfo(id)?.importers.some((importer) => isNeededBy(root, importer, context, seen)) ?? false;
}

/** Two files to begin with, thirty small ones take longer: what asks the engine, and what the first page needs besides. */
function chunkOf(id: string, context: Chunking): string | null {
  if (isNeededBy(MAIN, id, context)) return "main";
  return isNeededBy(WINDOW, id, context) ? "window" : null;
}

/** The page asks for the window's script and styles while the first script still runs. */
const preloadWindow: Plugin = {
  name: "preload-window",
  transformIndexHtml: {
    order: "post",
    handler: (_page, { bundle }) =>
      Object.values(bundle ?? {}).flatMap((file) => {
        if (file.type !== "chunk" || !file.moduleIds.includes(WINDOW)) return [];
        const link = (rel: string, name: string) => ({
          tag: "link",
          attrs: { rel, crossorigin: true, href: `./${name}` },
          injectTo: "head" as const,
        });
        return [
          ...[...(file.viteMetadata?.importedCss ?? [])].map((name) => link("stylesheet", name)),
          link("modulepreload", file.fileName),
        ];
      }),
  },
};

/** What the PDF library loads while it runs: its thread, character maps (a Chinese document names them), standard fonts, decoders that are no WebAssembly. */
const PDF_FILES = {
  reader: ["build", /^pdf\.worker\.min\.mjs$/u],
  cmaps: ["cmaps", /\.bcmap$|^LICENSE/u],
  fonts: ["standard_fonts", /./u],
  codecs: ["wasm", /_nowasm_fallback\.js$|^LICENSE/u],
} as const;

const pdfFiles: Plugin = {
  name: "pdf-files",
  generateBundle() {
    for (const [folder, [from, wanted]] of Object.entries(PDF_FILES)) {
      const source = here(`../node_modules/pdfjs-dist/${from}`);
      for (const name of readdirSync(source).filter((one) => wanted.test(one)))
        this.emitFile({ type: "asset", fileName: `pdf/${folder}/${name}`, source: readFileSync(join(source, name)) });
    }
  },
};

/** The window. Everything is a file of its own: the hosts' content security policy allows no inline script. */
export default defineConfig({
  root: here("../renderer"),
  base: "./",
  plugins: [noSchemas, react(), preloadWindow, pdfFiles],
  build: {
    outDir: here("../out/renderer"),
    emptyOutDir: true,
    target: "chrome140",
    // Small pictures stay files too, so that img-src needs no more than it has.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
    rolldownOptions: { output: { codeSplitting: { groups: [{ debugName: "first", name: chunkOf }] } } },
  },
});
