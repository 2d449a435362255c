/** What a finished function tells the log. */
import type { LogEntry, Usage } from "./engine.ts";
import { newRequestId } from "./requestId.ts";

export type CompletionReport = {
  path: string;
  componentPath: string;
  type: LogEntry["udfType"];
  outcome:
    { ok: true; logLines: string[] } | { ok: false; errorMessage: string; logLines: string[] };
  /** A new one where it has none. */
  requestId?: string;
  /** By performance.now(): a clock that can be set would have functions end before they began. */
  startedMs: number;
  caller: string;
  usage: Usage | null;
};

export function completionEntry(report: CompletionReport, nowMs: number): LogEntry {
  const { outcome } = report;
  return {
    kind: "Completion",
    identifier: report.path,
    componentPath: report.componentPath === "" ? null : report.componentPath,
    udfType: report.type,
    logLines: outcome.logLines,
    timestamp: nowMs / 1000,
    executionTimeMs: performance.now() - report.startedMs,
    requestId: report.requestId ?? newRequestId(),
    error: outcome.ok ? null : outcome.errorMessage,
    identityType: report.caller,
    usage: report.usage,
  };
}
