/**
 * The page's one clock. It ticks once a second for everything that shows an age, stands still while the connection is
 * down (an age that grows without news would be a lie), and follows the server's time where the browser's is off.
 */
import { SECOND } from "../../core/time.ts";

/** Smaller differences are the way of the message, not a wrong clock. */
const SKEW_TOLERANCE_MS = 3 * SECOND;
const SKEW_SAMPLES = 6;

export interface Clock {
  /** Milliseconds since 1970 by the server's clock, as of the last tick. */
  now: () => number;
  subscribe: (listener: () => void) => () => void;
  /** A moment that the server has just announced: its age here is the browser's error plus the delay. */
  observe: (serverTime: number) => void;
  setFrozen: (isFrozen: boolean) => void;
}

export function createClock(readBrowserTime: () => number): Clock {
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setInterval> | undefined;
  let delays: number[] = [];
  let skewMs = 0;
  let isFrozen = false;
  let current = readBrowserTime();

  const tick = () => {
    if (isFrozen) return;
    current = readBrowserTime() - skewMs;
    for (const listener of listeners) listener();
  };

  return {
    now: () => {
      // Nobody listens, nothing ticks: the first reader gets the present. Two readings in one render must be equal.
      const present = readBrowserTime() - skewMs;
      const isStale = timer === undefined && Math.abs(present - current) >= SECOND;
      if (isStale && !isFrozen) current = present;
      return current;
    },
    subscribe(listener) {
      listeners.add(listener);
      timer ??= setInterval(tick, SECOND);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
    observe(serverTime) {
      delays = [...delays, readBrowserTime() - serverTime].slice(-SKEW_SAMPLES);
      // The quickest message bounds the error best.
      const quickest = Math.min(...delays);
      skewMs = Math.abs(quickest) > SKEW_TOLERANCE_MS ? quickest : 0;
    },
    setFrozen(frozen) {
      if (isFrozen === frozen) return;
      isFrozen = frozen;
      tick();
    },
  };
}

export const clock = createClock(() => Date.now());
