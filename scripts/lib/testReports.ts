/** What the test runs of one check counted and what failed in them, from the JSON reports that vitest wrote. */
import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";

export interface TestCounts {
  passed: number;
  failed: number;
  skipped: number;
}

/** A test that failed, or with the file's name as title a file that did not even load. */
export interface TestFailure {
  /** Absolute path of the test's file. */
  file: string;
  title: string;
  /** The first line of what vitest said. */
  message: string;
}

interface FileResult {
  name: string;
  status: string;
  message: string;
  assertionResults: { fullName: string; status: string; failureMessages: string[] }[];
}

/**
 * Results by file, of later reports in place of those of earlier ones. A report that is not there is left out: a step
 * that fell over before its tests says so by its exit code.
 */
export function readResults(paths: string[]): FileResult[] {
  const byFile = new Map<string, FileResult>();
  for (const path of paths.filter((path) => existsSync(path))) {
    const report = JSON.parse(readFileSync(path, "utf8")) as { testResults: FileResult[] };
    for (const result of report.testResults) byFile.set(result.name, result);
  }
  return [...byFile.values()];
}

export function countTests(results: FileResult[]): TestCounts {
  const tests = results.flatMap(({ assertionResults }) => assertionResults);
  const passed = tests.filter(({ status }) => status === "passed").length;
  const failed = tests.filter(({ status }) => status === "failed").length;
  const skipped = tests.length - passed - failed;
  return { passed, failed: listFailures(results).length, skipped };
}

export function listFailures(results: FileResult[]): TestFailure[] {
  return results.flatMap(({ name, status, message, assertionResults }) => {
    const failures = assertionResults
      .filter((test) => test.status === "failed")
      .map(({ fullName, failureMessages }) => ({
        file: name,
        title: fullName,
        message: firstLine(failureMessages[0]),
      }));
    // A file that does not load, or whose hook fails, has no failed test and would otherwise count as nothing.
    if (failures.length > 0 || status !== "failed") return failures;
    return [{ file: name, title: basename(name), message: firstLine(message) }];
  });
}

export function formatCounts({ passed, failed, skipped }: TestCounts): string {
  return `${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}`;
}

function firstLine(text = ""): string {
  return text.split("\n", 1)[0]?.slice(0, 200) ?? "";
}
