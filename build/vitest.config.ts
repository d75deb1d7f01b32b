import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { ALONE } from "./test-files.ts";
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
    projects: [
      { extends: true, test: { name: "alone", include: ALONE } },
      // One process after the other costs more than most files do in theirs, and these can share a browser.
      { extends: true, test: { name: "together", isolate: false, include: ["test/**/*.test.ts", "test/**/*.test.tsx"], exclude: ALONE } },
    ],
    setupFiles: ["test/support/secrets/before-removal.ts"],
    // One more than CI's cores: most files wait for servers, browsers and kills now and then, and one of the others has a core meanwhile.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    testTimeout: 90_000,
    hookTimeout: 60_000,
    // A browser on a busy machine may take some seconds for what takes none on a quiet one.
    expect: { poll: { timeout: 10_000 } },
    reporters: ["default"],
  },
});
