/**
 * Removes contents that no row names: of files that were deleted, of uploads that broke off, of transactions that failed
 * after they had written. The one who removes; nobody else needs to, so that no crash can come between.
 */
import { opendir, stat } from "node:fs/promises";
import type { FileContents } from "../store/fileContents.ts";

export type FileCollectorOptions = {
  contents: FileContents;
  nowMs: () => number;
  /** Resolves, once everything before is committed, with those of the names that no row has. */
  unnamed: (names: string[]) => Promise<string[]>;
  log: (line: string) => void;
};

/**
 * Contents are younger than this while they are being written and put on record, and after a deletion, which touches
 * them: downloads, exports and backups that have begun still want them.
 */
const MIN_AGE_MS = 60 * 60 * 1000;
const COLLECT_EVERY_MS = 60 * 60 * 1000;
/** Looked up in one go, in the line of transactions. */
const BATCH = 200;

export class FileCollector {
  readonly #options: FileCollectorOptions;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: FileCollectorOptions) {
    this.#options = options;
  }

  /** Collects now and every hour. */
  start(): void {
    this.#timer = setInterval(() => void this.#collect(), COLLECT_EVERY_MS);
    this.#timer.unref();
    void this.#collect();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #collect(): Promise<void> {
    const { contents, log } = this.#options;
    try {
      let batch: string[] = [];
      for await (const { name } of await opendir(contents.directory)) {
        batch.push(name);
        if (batch.length < BATCH) continue;
        await this.#collectFrom(batch);
        batch = [];
      }
      await this.#collectFrom(batch);
    } catch (error) {
      log(`Deleted files could not be collected: ${String(error)}`);
    }
  }

  async #collectFrom(names: string[]): Promise<void> {
    const { contents, nowMs, unnamed } = this.#options;
    if (names.length === 0) return;
    for (const name of await unnamed(names)) {
      const found = await stat(contents.pathOf(name)).catch(() => null);
      if (found !== null && nowMs() - found.mtimeMs > MIN_AGE_MS) await contents.remove(name);
    }
  }
}
