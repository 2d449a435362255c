/**
 * Counts looks at a thread that shows no sign of life any more; how long it takes to begin is not its fault. Counting, and
 * not comparing clocks, keeps a machine that slept or a clock that was set from condemning a healthy thread.
 */
export class Patience {
  readonly #everyMs: number;
  #looks = 0;
  #hasBegun = false;

  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  signOfLife(): void {
    this.#looks = 0;
    this.#hasBegun = true;
  }

  /** To be called every `everyMs`; true once that has gone on for `limitMs`. */
  isOver(limitMs: number): boolean {
    if (this.#hasBegun) this.#looks += 1;
    return this.#looks * this.#everyMs > limitMs;
  }
}
