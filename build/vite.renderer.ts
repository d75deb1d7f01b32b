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

/** The window. Everything is a file of its own: the hosts' content security policy allows no inline script. */
export default defineConfig({
  root: here("../renderer"),
  base: "./",
  plugins: [noSchemas, react()],
  build: {
    outDir: here("../out/renderer"),
    emptyOutDir: true,
    target: "chrome140",
    // Small pictures stay files too, so that img-src needs no more than it has.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
});
