/** How long the log says that a function took. */
import { expect, it } from "vitest";
import { completionEntry, type CompletionReport } from "../../backend/runtime/completions.ts";

it("is never negative, also when the clock was set back meanwhile", () => {
  const report = {
    path: "notes:add",
    componentPath: "",
    type: "Mutation" as const,
    outcome: { ok: true, logLines: [] },
    startedMs: performance.now(),
    caller: "user",
    usage: null,
  } satisfies CompletionReport;
  const hourAgoMs = Date.now() - 3_600_000;
  const entry = completionEntry(report, hourAgoMs);
  expect(entry.timestamp).toBe(hourAgoMs / 1_000);
  expect(entry.executionTimeMs).toBeGreaterThanOrEqual(0);
  expect(entry.executionTimeMs).toBeLessThan(60_000);
});
