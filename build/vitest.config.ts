import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { makeTestFolder } from "./test-folder.ts";
import { LongestFirst } from "./test-order.ts";

// For the processes of the tests and all that they start: see test/support/warm-threads.ts.
process.env["NODE_COMPILE_CACHE"] ??= fileURLToPath(new URL("../out/compile-cache", import.meta.url));

// Workers read this file too, and have the folder from the process that started them.
const FOLDER = "SATCHEL_TEST_FOLDER";
process.env[FOLDER] ??= makeTestFolder();
process.env["TMPDIR"] = process.env[FOLDER];

export default defineConfig({
  test: {
    globalSetup: ["test/support/warm-threads.ts", "test/support/secrets/whole-run.ts"],
    setupFiles: ["test/support/secrets/before-removal.ts"],
    include: ["test/**/*.test.ts", "test/**/*.test.tsx"],
    // Two cores: more files side by side only slow each other down.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    testTimeout: 90_000,
    hookTimeout: 60_000,
    // A browser on a busy machine may take some seconds for what takes none on a quiet one.
    expect: { poll: { timeout: 10_000 } },
    reporters: ["default"],
  },
});
