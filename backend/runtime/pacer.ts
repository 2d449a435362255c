/**
 * Keeps watches from starving writes: after a refresh that took long, the next one waits, while groups go on committing.
 * Watches then see several commits at once, which they may: each update is still one moment of the database.
 */
const SHARE_OF_WRITES = 2;
/** A refresh this short is not worth a wait. */
const FREE_MS = 2;
const LONGEST_WAIT_MS = 1_000;

export class Pacer {
  #readyAtMs = 0;

  /** 0 when a refresh may start now. */
  waitMs(nowMs: number): number {
    return Math.max(0, this.#readyAtMs - nowMs);
  }

  refreshed(startedMs: number, endedMs: number): void {
    const tookMs = endedMs - startedMs;
    this.#readyAtMs =
      tookMs <= FREE_MS ? 0 : endedMs + Math.min(tookMs * SHARE_OF_WRITES, LONGEST_WAIT_MS);
  }
}
