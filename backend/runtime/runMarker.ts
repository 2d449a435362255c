/**
 * Shared memory in which the executor notes what it runs and since when. The main thread can read it also while the
 * executor is stuck in an endless loop or has just died: so the culprit is known and only it is punished.
 */
const LABEL_BYTES = 120;
const HEADER_BYTES = 16;

/** Who asked: `run <id>`, `watch <id>`, `job <id>`, or `call` for a call from an action. */
export type RunLabel = string;

export class RunMarker {
  readonly buffer: SharedArrayBuffer;
  readonly #sinceMs: Float64Array;
  readonly #length: Int32Array;
  readonly #label: Uint8Array;

  constructor(buffer = new SharedArrayBuffer(HEADER_BYTES + LABEL_BYTES)) {
    this.buffer = buffer;
    this.#sinceMs = new Float64Array(buffer, 0, 1);
    this.#length = new Int32Array(buffer, 8, 1);
    this.#label = new Uint8Array(buffer, HEADER_BYTES, LABEL_BYTES);
  }

  begin(label: RunLabel, nowMs: number): void {
    const length = Math.min(label.length, LABEL_BYTES);
    for (let at = 0; at < length; at++) this.#label[at] = label.charCodeAt(at);
    this.#length[0] = length;
    this.#sinceMs[0] = nowMs;
  }

  end(): void {
    this.#sinceMs[0] = 0;
  }

  /** What runs now, or null. */
  read(): { label: RunLabel; sinceMs: number } | null {
    const sinceMs = this.#sinceMs[0] ?? 0;
    if (sinceMs === 0) return null;
    const label = String.fromCharCode(...this.#label.subarray(0, this.#length[0] ?? 0));
    return { label, sinceMs };
  }
}
