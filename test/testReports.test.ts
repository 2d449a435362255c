/** What `npm run check` says of its tests at the end, from reports as vitest writes them. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { countTests, formatCounts, listFailures, readResults } from "../scripts/lib/testReports.ts";

const folder = mkdtempSync(join(tmpdir(), "rollcall-reports-"));
let written = 0;

/** One file of tests with these results, e.g. `{ "does a thing": "passed" }`. */
function report(name: string, tests: Record<string, string>, status = "passed"): string {
  const path = join(folder, `${(written += 1)}.json`);
  const assertionResults = Object.entries(tests).map(([fullName, status]) => ({
    fullName,
    status,
    failureMessages: status === "failed" ? ["Error: expected 1, got 2\n    at line 7"] : [],
  }));
  const testResults = [{ name, status, message: "Cannot find module x\nat y", assertionResults }];
  writeFileSync(path, JSON.stringify({ testResults }));
  return path;
}

describe("the tests of a check", () => {
  it("are counted over all reports", () => {
    const results = readResults([
      report("/a.test.ts", { one: "passed", two: "failed", three: "pending" }, "failed"),
      report("/b.test.ts", { four: "passed", five: "todo" }),
      join(folder, "of a step without tests.json"),
    ]);
    expect(formatCounts(countTests(results))).toBe("2 passed, 1 failed, 2 skipped");
  });

  it("are named when they fail, with the first line of why", () => {
    const results = readResults([report("/a.test.ts", { one: "passed", two: "failed" }, "failed")]);
    expect(listFailures(results)).toEqual([
      { file: "/a.test.ts", title: "two", message: "Error: expected 1, got 2" },
    ]);
  });

  it("count as one failure where a file does not load or its hook fails", () => {
    const results = readResults([
      report("/a.test.ts", {}, "failed"),
      report("/b.test.ts", { one: "skipped" }, "failed"),
    ]);
    expect(countTests(results)).toEqual({ passed: 0, failed: 2, skipped: 1 });
    expect(listFailures(results)[0]).toEqual({
      file: "/a.test.ts",
      title: "a.test.ts",
      message: "Cannot find module x",
    });
  });

  it("of a file that ran once more count as they came out then", () => {
    const results = readResults([
      report("/a.test.ts", { one: "failed", two: "skipped" }, "failed"),
      report("/a.test.ts", { one: "passed", two: "passed" }),
    ]);
    expect(formatCounts(countTests(results))).toBe("2 passed, 0 failed");
  });
});
