/**
 * Waits for a transaction's function, which can only wait for syscalls: those resolve within the same turn of the event
 * loop. A function that is still pending much later, with no platform work under way, waits for something that will never
 * come, and must not hold up everyone else.
 */
import type { Transaction } from "./transaction.ts";

export const NEVER_RESOLVES =
  "Returned promise will never resolve. Queries and mutations can await only Convex functions and platform crypto.";

/** Longer than any crypto operation's way back from the thread pool, and short for those who wait behind. */
const HANG_MS = 250;
const CHECK_EVERY_MS = 50;

type Current = { transaction: Transaction; idleMs: number; hang: () => void };

// One transaction runs at a time, so one timer watches over all of them: the common case costs it nothing.
let current: Current | null = null;
let timer: NodeJS.Timeout | undefined;
const { setTimeout: after } = globalThis;

/** Resolves with the promise's value, or with `hung()` when it cannot settle any more. `promise` must not reject. */
export function settle<T>(
  promise: Promise<T>,
  transaction: Transaction,
  hung: () => T,
): Promise<T> {
  return new Promise((resolve) => {
    const own: Current = { transaction, idleMs: 0, hang: () => resolve(hung()) };
    current = own;
    timer ??= after(check, CHECK_EVERY_MS);
    void promise.then((value) => {
      if (current === own) current = null;
      resolve(value);
    });
  });
}

function check(): void {
  timer = undefined;
  if (current === null) return;
  current.idleMs = current.transaction.pendingOperations > 0 ? 0 : current.idleMs + CHECK_EVERY_MS;
  if (current.idleMs > HANG_MS) {
    const { hang } = current;
    current = null;
    hang();
    return;
  }
  timer = after(check, CHECK_EVERY_MS);
}
