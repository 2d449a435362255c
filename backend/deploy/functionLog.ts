/** The recent function log, for `convex logs` and `convex dev`: bounded in memory, read by long polls. */
import type { LogEntry, Usage } from "../runtime/engine.ts";

const MAX_ENTRIES = 1_000;
const MAX_CHARACTERS = 4 << 20;
const POLL_MS = 30_000;
/** Between two polls of a reader nothing may be missed; one that comes no more is forgotten after this. */
const FOLLOW_MS = 60_000;

/** A log entry as the CLI reads it. */
export type FunctionLogEntry = Record<string, unknown>;
type Kept = { atMs: number; characters: number; entry: FunctionLogEntry };

export class FunctionLog {
  /** Until its result is called, also functions without output are logged. */
  readonly #follow: () => () => void;
  readonly #waiting = new Set<() => void>();
  #entries: Kept[] = [];
  #characters = 0;
  #lastMs = 0;
  #unfollow: (() => void) | null = null;
  #forget: NodeJS.Timeout | undefined;

  constructor(follow: () => () => void) {
    this.#follow = follow;
  }

  add(entry: LogEntry): void {
    // Cursors are times: no two entries may share one.
    this.#lastMs = Math.max(entry.timestamp * 1000, this.#lastMs + 0.001);
    const characters = entry.logLines.reduce((sum, line) => sum + line.length, 200);
    this.#entries.push({ atMs: this.#lastMs, characters, entry: shown(entry) });
    this.#characters += characters;
    this.#trim();
    for (const wake of this.#waiting) wake();
  }

  #trim(): void {
    const { length } = this.#entries;
    let dropped = 0;
    const atLeast = length > MAX_ENTRIES * 2 ? length - MAX_ENTRIES : 0;
    while (dropped < atLeast || (this.#characters > MAX_CHARACTERS && dropped < length - 1))
      this.#characters -= this.#entries[dropped++]?.characters ?? 0;
    if (dropped > 0) this.#entries = this.#entries.slice(dropped);
  }

  /** Entries after the cursor (ms); waits for one if there is none. */
  async after(
    cursorMs: number,
    signal: AbortSignal,
  ): Promise<{ entries: FunctionLogEntry[]; newCursor: number }> {
    this.#keepFollowing();
    if (this.#newer(cursorMs).length === 0 && cursorMs > 0) await this.#wait(signal);
    this.#keepFollowing();
    const found = this.#newer(cursorMs);
    const newCursor = found.at(-1)?.atMs ?? Math.max(cursorMs, this.#lastMs, 1);
    return { entries: found.map(({ entry }) => entry), newCursor };
  }

  #newer(cursorMs: number): Kept[] {
    return this.#entries.filter(({ atMs }) => atMs > cursorMs);
  }

  #keepFollowing(): void {
    this.#unfollow ??= this.#follow();
    clearTimeout(this.#forget);
    this.#forget = setTimeout(() => {
      this.#unfollow?.();
      this.#unfollow = null;
    }, FOLLOW_MS);
    this.#forget.unref();
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

function shown({ executionTimeMs, componentPath, usage, ...entry }: LogEntry): FunctionLogEntry {
  return {
    ...entry,
    ...(componentPath === null ? {} : { componentPath }),
    executionTime: executionTimeMs / 1000,
    executionTimestamp: entry.timestamp - executionTimeMs / 1000,
    success: entry.error === null ? { status: "200" } : null,
    cachedResult: false,
    willRetry: false,
    executionId: entry.requestId,
    caller: "",
    environment: "isolate",
    usageStats: usage === null ? {} : statsOf(usage),
    returnBytes: null,
  };
}

/** Convex's names; the number of documents written is ours. */
const statsOf = ({ readDocuments, readBytes, writtenDocuments, writtenBytes }: Usage) => ({
  databaseReadDocuments: readDocuments,
  databaseReadBytes: readBytes,
  databaseWriteDocuments: writtenDocuments,
  databaseWriteBytes: writtenBytes,
});
