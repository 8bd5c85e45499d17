import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    // Sandboxed Python takes seconds on a busy machine; a hang still ends.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Each file has its own process and sandboxes of its own; two cores are full with two.
    maxWorkers: 2,
  },
});
