/** How long to wait before a thread is started again: longer each time, short again once things were calm. */
const FIRST_MS = 100;
const LONGEST_MS = 10_000;
const CALM_MS = 30_000;

export class BackOff {
  #nextMs = FIRST_MS;
  #lastAtMs = 0;

  next(nowMs: number): number {
    if (nowMs - this.#lastAtMs > CALM_MS) this.#nextMs = FIRST_MS;
    this.#lastAtMs = nowMs;
    const delayMs = this.#nextMs;
    this.#nextMs = Math.min(delayMs * 2, LONGEST_MS);
    return delayMs;
  }
}
