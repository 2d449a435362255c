/**
 * Waits for a transaction's function, which can only wait for syscalls: those resolve within the same turn of the event
 * loop. A function that is still pending turns later, with no platform work under way, waits for something that will
 * never come, and must not hold up everyone else.
 */
import type { Transaction } from "./transaction.ts";

export const NEVER_RESOLVES =
  "Returned promise will never resolve. Queries and mutations can await only Convex functions and platform crypto.";

/** Longer than any crypto operation's way back from the thread pool, and short for those who wait behind. */
const HANG_MS = 250;
const CHECK_EVERY_MS = 50;

const { setImmediate: nextTurn, setTimeout: after, clearTimeout } = globalThis;

/** Resolves with the promise's value, or with `hung()` when it cannot settle any more. */
export async function settle<T>(
  promise: Promise<T>,
  transaction: Transaction,
  hung: () => T,
): Promise<T> {
  let settled = false;
  let timer: NodeJS.Timeout | undefined;
  const watch = new Promise<T>((resolve) => {
    let idleMs = 0;
    const check = () => {
      if (settled) return;
      idleMs = transaction.pendingOperations > 0 ? 0 : idleMs + CHECK_EVERY_MS;
      if (idleMs > HANG_MS) resolve(hung());
      else timer = after(check, CHECK_EVERY_MS);
    };
    nextTurn(() => {
      if (!settled) check();
    });
  });
  try {
    return await Promise.race([promise, watch]);
  } finally {
    settled = true;
    clearTimeout(timer);
  }
}
