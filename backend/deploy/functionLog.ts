/** The recent function log, for `convex logs` and `convex dev`: a bounded ring and long polls over it. */
import type { LogEntry } from "../runtime/engine.ts";

const KEPT = 1_000;
const POLL_MS = 30_000;

/** A log entry as the CLI reads it. */
export type FunctionLogEntry = Record<string, unknown>;

export class FunctionLog {
  #entries: { atMs: number; entry: FunctionLogEntry }[] = [];
  #waiting = new Set<() => void>();
  #lastMs = 0;

  add(entry: LogEntry): void {
    // Cursors are times: no two entries may share one.
    this.#lastMs = Math.max(entry.timestamp * 1000, this.#lastMs + 0.001);
    const { executionTimeMs, componentPath, ...rest } = entry;
    this.#entries.push({
      atMs: this.#lastMs,
      entry: {
        ...rest,
        ...(componentPath === null ? {} : { componentPath }),
        executionTime: executionTimeMs / 1000,
        success: entry.error === null ? { status: "200" } : null,
        logLines: entry.logLines,
        cachedResult: false,
        executionId: entry.requestId,
        caller: "",
        environment: "isolate",
        usageStats: {},
        returnBytes: null,
      },
    });
    if (this.#entries.length > KEPT * 2) this.#entries = this.#entries.slice(-KEPT);
    for (const wake of this.#waiting) wake();
  }

  /** Entries after the cursor (ms); waits for one if there is none. */
  async after(
    cursorMs: number,
    signal: AbortSignal,
  ): Promise<{ entries: FunctionLogEntry[]; newCursor: number }> {
    if (this.#newer(cursorMs).length === 0 && cursorMs > 0) await this.#wait(signal);
    const found = this.#newer(cursorMs);
    const newCursor = found.at(-1)?.atMs ?? Math.max(cursorMs, this.#lastMs, 1);
    return { entries: found.map(({ entry }) => entry), newCursor };
  }

  #newer(cursorMs: number) {
    return this.#entries.filter(({ atMs }) => atMs > cursorMs);
  }

  #wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      const timer = setTimeout(wake, POLL_MS);
      this.#waiting.add(wake);
      signal.addEventListener("abort", wake);
    });
  }
}
