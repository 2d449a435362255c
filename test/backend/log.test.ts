/** The two forms of the backend's log. */
import { describe, expect, it } from "vitest";
import { createLog, type LogFormat } from "../../backend/log.ts";
import type { LogEntry } from "../../backend/runtime/engine.ts";

const entry: LogEntry = {
  kind: "Completion",
  identifier: "jobs/sweep:run",
  componentPath: null,
  udfType: "Mutation",
  logLines: ["[WARN] 'web-1 is\\noffline'", "[LOG] 'done'"],
  timestamp: 0,
  executionTimeMs: 1,
  requestId: "0",
  error: "Uncaught Error: no",
  identityType: "system",
  usage: null,
};

function written(format: LogFormat): string[] {
  const texts: string[] = [];
  const log = createLog(
    format,
    (text) => texts.push(text),
    () => new Date(0),
  );
  log.line("The executor was lost. Starting it again.");
  log.entry(entry);
  for (const text of texts) expect(text).toMatch(/^[^\n]+\n$/);
  return texts;
}

describe("the log", () => {
  it("is a line for each thing that functions print, and for what failed", () => {
    expect(written("text")).toEqual([
      "The executor was lost. Starting it again.\n",
      "Mutation jobs/sweep:run: [WARN] 'web-1 is\\noffline'\n",
      "Mutation jobs/sweep:run: [LOG] 'done'\n",
      "Mutation jobs/sweep:run failed: Uncaught Error: no\n",
    ]);
  });

  it("is an object a line with --log json", () => {
    const source = { kind: "Mutation", function: "jobs/sweep:run" };
    const time = "1970-01-01T00:00:00.000Z";
    expect(written("json").map((text) => JSON.parse(text) as unknown)).toEqual([
      { time, level: "info", message: "The executor was lost. Starting it again." },
      { time, level: "warn", ...source, message: "'web-1 is\\noffline'" },
      { time, level: "info", ...source, message: "'done'" },
      { time, level: "error", ...source, message: "Uncaught Error: no" },
    ]);
  });
});
