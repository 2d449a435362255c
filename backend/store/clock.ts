/**
 * Commit timestamps: nanoseconds since the epoch, strictly increasing, never below what the file has seen, also after the
 * machine's clock was set back or a backup was restored.
 */
import type { Database } from "./database.ts";

export class CommitClock {
  readonly #database: Database;
  readonly #nowMs: () => number;
  /** Where this process began, which clients may have been shown. */
  readonly #start: bigint;
  #last: bigint;
  /** By how much the file was ahead of the machine's clock, and when that was. */
  readonly #aheadMs: number;
  readonly #openedMs: number;

  constructor(database: Database, nowMs: () => number) {
    this.#database = database;
    this.#nowMs = nowMs;
    const stored = this.#stored();
    this.#openedMs = nowMs();
    this.#aheadMs = Math.max(0, Number(stored) / 1e6 - this.#openedMs);
    const now = this.#nowNs();
    this.#start = now > stored ? now : stored;
    this.#last = this.#start;
  }

  /**
   * What transactions that begin at a time of the machine's clock take for the time. Where the file is ahead (the clock
   * was wrong, and is right now) time goes on from there at half speed until the two agree: if it stood still, nothing
   * that was scheduled would come due for as long as the clock was ahead.
   */
  timeAt(machineMs: number): number {
    const caughtUpMs = Math.max(0, machineMs - this.#openedMs) / 2;
    return machineMs + Math.max(0, this.#aheadMs - caughtUpMs);
  }

  /** The newest timestamp handed out; everything with it or below is committed once the open group is. */
  get last(): bigint {
    return this.#last;
  }

  next(): bigint {
    const now = this.#nowNs();
    this.#last = now > this.#last ? now : this.#last + 1n;
    return this.#last;
  }

  /** Stored in the same SQLite transaction as the writes that carry it. */
  persist(): void {
    this.#database.setSetting("lastTs", String(this.#last));
  }

  /** Takes back what was handed out since the last commit, after that was lost: nobody has been shown it. */
  undo(): void {
    const stored = this.#stored();
    this.#last = stored > this.#start ? stored : this.#start;
  }

  #stored(): bigint {
    return BigInt(this.#database.setting("lastTs") ?? "0");
  }

  #nowNs(): bigint {
    return BigInt(Math.floor(this.timeAt(this.#nowMs()) * 1000)) * 1000n;
  }
}
