/** Adds up what the test runs of one check counted, from the JSON reports that vitest wrote. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface TestCounts {
  passed: number;
  failed: number;
  skipped: number;
}

/** null when no test ran. A report that cannot be read counts as one failure: silence is no success. */
export function readCounts(folder: string): TestCounts | null {
  const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  if (names.length === 0) return null;
  const counts: TestCounts = { passed: 0, failed: 0, skipped: 0 };
  for (const name of names) {
    const report = parseReport(readFileSync(join(folder, name), "utf8"));
    counts.passed += report.passed;
    counts.failed += report.failed;
    counts.skipped += report.skipped;
  }
  return counts;
}

export function formatCounts({ passed, failed, skipped }: TestCounts): string {
  return `${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}`;
}

function parseReport(text: string): TestCounts {
  const report = JSON.parse(text) as Record<string, number>;
  const { numPassedTests = 0, numFailedTests = 0, numPendingTests = 0 } = report;
  // A file that does not even load has no tests in it and would otherwise count as nothing.
  const brokenFiles = Math.max(0, (report.numFailedTestSuites ?? 0) - numFailedTests);
  const isBroken = numFailedTests === 0 && brokenFiles > 0;
  return {
    passed: numPassedTests,
    failed: isBroken ? brokenFiles : numFailedTests,
    skipped: numPendingTests + (report.numTodoTests ?? 0),
  };
}
