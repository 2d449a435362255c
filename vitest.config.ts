import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const alias = { "@": fileURLToPath(new URL("./src", import.meta.url)) };
const inline = { deps: { inline: ["convex-test"] } };
/** Files that load modules anew, which the others share with each other to save time. */
const ALONE = "test/convex/**/*.isolated.test.ts";

/** One project per runtime: what a test may use is decided by the folder that it stands in. */
export default defineConfig({
  resolve: { alias },
  test: {
    // The default leaves one core idle. Limits are for what hangs, not for what is slow on a busy machine.
    maxWorkers: 2,
    testTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: { name: "core", include: ["test/core/**/*.test.ts"], isolate: false },
      },
      {
        extends: true,
        test: {
          name: "convex",
          include: ["test/convex/**/*.test.ts"],
          exclude: [ALONE],
          isolate: false,
          environment: "edge-runtime",
          server: inline,
        },
      },
      {
        extends: true,
        test: { name: "alone", include: [ALONE], environment: "edge-runtime", server: inline },
      },
      {
        extends: true,
        plugins: [react()],
        test: {
          name: "src",
          include: ["test/src/**/*.test.{ts,tsx}"],
          environment: "jsdom",
          // A document for each file in a worker that stays: less than half of the processor time of one that does not.
          pool: "vmThreads",
          setupFiles: ["test/support/jsdom.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "backend",
          include: ["test/backend/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: { name: "agent", include: ["test/agent/**/*.test.ts"] },
      },
      {
        extends: true,
        test: {
          name: "contract",
          include: ["test/contract/**/*.test.ts"],
          server: inline,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      { extends: true, test: { name: "repo", include: ["test/*.test.ts"], testTimeout: 60_000 } },
      {
        extends: true,
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          testTimeout: 240_000,
          hookTimeout: 150_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: "crash",
          include: ["test/crash/**/*.test.ts"],
          testTimeout: 600_000,
          // Longer than an installation may take to start, so that its own words are heard.
          hookTimeout: 150_000,
        },
      },
    ],
  },
});
