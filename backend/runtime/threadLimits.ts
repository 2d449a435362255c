/** How long and how large user code may get before the thread that it runs on is ended. `--limit name=value` changes one. */

export type ThreadLimits = {
  /** Convex allows a transaction a second of computing; this leaves room for slow machines and large reads, in real time. */
  transactionMs: number;
  /**
   * For importing the modules. A push has imported them before, within a limit of its own: so this one is only for what hangs
   * later, and must not end a thread again and again on a machine that is slow because it starts many things at once.
   */
  loadMs: number;
  /** Without a turn of the event loop and without a function that runs: something left behind starves the executor. */
  executorSilentMs: number;
  /** HTTP actions carry heartbeats and must not wait long behind one that blocks; actions may compute for a while. */
  httpSilentMs: number;
  actionsSilentMs: number;
  /** An action that has not answered by then never will. */
  actionMs: number;
  executorHeapMb: number;
  actionsHeapMb: number;
  /** Of one thread, in buffers, which no limit of V8 covers. */
  buffersMb: number;
};

export const THREAD_LIMITS: ThreadLimits = {
  transactionMs: 5_000,
  loadMs: 120_000,
  executorSilentMs: 10_000,
  httpSilentMs: 10_000,
  actionsSilentMs: 60_000,
  actionMs: 600_000,
  executorHeapMb: 2_048,
  actionsHeapMb: 1_024,
  buffersMb: 1_024,
};

/** Reads `name=value` pairs. Throws one line that names what is wrong. */
export function readThreadLimits(pairs: readonly string[]): ThreadLimits {
  const limits = { ...THREAD_LIMITS };
  for (const pair of pairs) {
    const [name = "", text = ""] = pair.split("=", 2);
    const value = Number(text);
    if (!Object.hasOwn(limits, name) || !Number.isSafeInteger(value) || value < 1) {
      const names = Object.keys(limits).join(", ");
      throw new Error(
        `--limit takes name=value with a whole number, not "${pair}"; names: ${names}.`,
      );
    }
    limits[name as keyof ThreadLimits] = value;
  }
  return limits;
}
