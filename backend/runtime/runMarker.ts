/**
 * Shared memory in which the executor notes what it runs. The main thread can read it also while the executor is stuck
 * in an endless loop or has just died: so the culprit is known and only it is punished.
 */
const LABEL_BYTES = 120;
const HEADER_BYTES = 16;
const RUNNING = 0;
const LENGTH = 1;
const COUNT = 2;

/**
 * Who asked: `run <id>`, `watch <id>`, `job <id>`, `cron <component> <name>`, or `call` for a call from an action; `load`
 * while modules are imported, `control` for administrative work, which may take as long as it needs.
 */
export type RunLabel = string;

export type Running = {
  /** What runs, or what ran last. */
  label: RunLabel;
  isRunning: boolean;
  /** How many runs have begun: unchanged means that it is still the same one. */
  count: number;
};

/** What of a label can be read again. */
export const noted = (label: RunLabel): RunLabel => label.slice(0, LABEL_BYTES);

export class RunMarker {
  readonly buffer: SharedArrayBuffer;
  readonly #header: Int32Array;
  readonly #label: Uint8Array;

  constructor(buffer = new SharedArrayBuffer(HEADER_BYTES + LABEL_BYTES)) {
    this.buffer = buffer;
    this.#header = new Int32Array(buffer, 0, 3);
    this.#label = new Uint8Array(buffer, HEADER_BYTES, LABEL_BYTES);
  }

  begin(label: RunLabel): void {
    const length = Math.min(label.length, LABEL_BYTES);
    for (let at = 0; at < length; at++) this.#label[at] = label.charCodeAt(at);
    this.#header[LENGTH] = length;
    this.#header[COUNT] = ((this.#header[COUNT] ?? 0) + 1) | 0;
    this.#header[RUNNING] = 1;
  }

  end(): void {
    this.#header[RUNNING] = 0;
  }

  /** Marks `work`, then again what ran around it. */
  async during<T>(label: RunLabel, work: () => Promise<T>): Promise<T> {
    const outer = this.read();
    this.begin(label);
    try {
      return await work();
    } finally {
      if (outer.isRunning) this.begin(outer.label);
      else this.end();
    }
  }

  read(): Running {
    const length = this.#header[LENGTH] ?? 0;
    return {
      label: String.fromCharCode(...this.#label.subarray(0, length)),
      isRunning: this.#header[RUNNING] === 1,
      count: this.#header[COUNT] ?? 0,
    };
  }
}
