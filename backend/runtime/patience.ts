/**
 * Counts looks at a thread that shows no sign of life any more; how long it takes to begin is not its fault. Counting, and
 * not comparing clocks, keeps a machine that slept or a clock that was set from condemning a healthy thread; and what the
 * process could use of the processor keeps a machine that is busy with others from doing so.
 */

/** Silence of a process that got less than this share of the time may be that of a healthy thread that waits its turn. */
const SERVED_SHARE = 0.5;
/** A thread that sleeps uses no processor time either: after so many times the limit it is over in any case. */
const LAST_FACTOR = 4;

export class Patience {
  readonly #everyMs: number;
  readonly #cpuMs: () => number;
  #looks = 0;
  #hasBegun = false;
  #cpuMsAtFirstLook = 0;

  /** `cpuMs` tells how much processor time the process has used. */
  constructor(everyMs: number, cpuMs = processCpuMs) {
    this.#everyMs = everyMs;
    this.#cpuMs = cpuMs;
  }

  signOfLife(): void {
    this.#looks = 0;
    this.#hasBegun = true;
  }

  /** To be called every `everyMs`; true once that has gone on for `limitMs`. */
  isOver(limitMs: number): boolean {
    if (!this.#hasBegun) return false;
    this.#looks += 1;
    if (this.#looks === 1) this.#cpuMsAtFirstLook = this.#cpuMs();
    const silentMs = this.#looks * this.#everyMs;
    if (silentMs <= limitMs) return false;
    const usedMs = this.#cpuMs() - this.#cpuMsAtFirstLook;
    return usedMs >= limitMs * SERVED_SHARE || silentMs > limitMs * LAST_FACTOR;
  }
}

export function processCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
