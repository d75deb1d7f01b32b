import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts", "test/**/*.test.tsx"],
    // Two cores: more files side by side only slow each other down.
    maxWorkers: 2,
    testTimeout: 90_000,
    hookTimeout: 60_000,
    // A browser on a busy machine may take some seconds for what takes none on a quiet one.
    expect: { poll: { timeout: 10_000 } },
    reporters: ["default"],
  },
});
