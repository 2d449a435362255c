/**
 * What the threads count of their work, in memory that they share: the main thread reads it at any time, also while the
 * executor is stuck in a function, and an executor that is started again counts on where the lost one was.
 */

const COUNTERS = [
  "queries",
  "queryFailures",
  "mutations",
  "mutationFailures",
  "actions",
  /** Runs of watched queries, for all clients together. */
  "watchRuns",
  "commitSeconds",
  /** Functions and other work that shared these commits. */
  "unitsCommitted",
  /** How long the executor was at work: functions, commits and watched queries. */
  "busySeconds",
  /** Not counters, but what is so now. */
  "queueLength",
  "watches",
] as const;
export type Meter = (typeof COUNTERS)[number];

/** Upper bounds of the histogram of commits: from a fast disk's fsync to one that is in trouble. */
export const COMMIT_BOUNDS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];

export type MeterReadings = Record<Meter, number> & {
  /** Commits by the time they took, one number for each bound and one for all that took longer. */
  commitsByTime: number[];
};

const SLOTS = COUNTERS.length + COMMIT_BOUNDS_SECONDS.length + 1;

export class Meters {
  readonly buffer: SharedArrayBuffer;
  readonly #values: Float64Array;

  constructor(buffer = new SharedArrayBuffer(SLOTS * Float64Array.BYTES_PER_ELEMENT)) {
    this.buffer = buffer;
    this.#values = new Float64Array(buffer);
  }

  /** Each meter is written by one thread only: so no addition is ever lost. */
  add(meter: Meter, amount = 1): void {
    this.#addAt(COUNTERS.indexOf(meter), amount);
  }

  set(meter: Meter, value: number): void {
    this.#values[COUNTERS.indexOf(meter)] = value;
  }

  committed(seconds: number): void {
    this.add("commitSeconds", seconds);
    const bound = COMMIT_BOUNDS_SECONDS.findIndex((most) => seconds <= most);
    const place = bound < 0 ? COMMIT_BOUNDS_SECONDS.length : bound;
    this.#addAt(COUNTERS.length + place, 1);
  }

  read(): MeterReadings {
    const values = [...this.#values];
    const named = COUNTERS.map((meter, index) => [meter, values[index] ?? 0] as const);
    return {
      ...(Object.fromEntries(named) as Record<Meter, number>),
      commitsByTime: values.slice(COUNTERS.length),
    };
  }

  #addAt(index: number, amount: number): void {
    this.#values[index] = (this.#values[index] ?? 0) + amount;
  }
}
