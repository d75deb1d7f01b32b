import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The window. Everything is a file of its own: the hosts' content security policy allows no inline script. */
export default defineConfig({
  root: here("../renderer"),
  base: "./",
  plugins: [react()],
  build: {
    outDir: here("../out/renderer"),
    emptyOutDir: true,
    target: "chrome140",
    // Small pictures stay files too, so that img-src needs no more than it has.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      treeshake: {
        // The shared vocabulary builds schemas beside its types; the window never parses, so they fall away with the rest of zod.
        manualPureFunctions: ["z"],
      },
    },
  },
});
