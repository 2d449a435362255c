/** The real clock for the loop, which notices that the machine slept. Tests bring their own parts. */
import os from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { SECOND } from "../core/time.ts";
import type { Clock } from "./loop.ts";

/** Timers stand still while a machine is suspended: a long sleep looks up this often, to beat soon after it wakes. */
const LOOK_UP_MS = 5 * SECOND;
/** The two clocks are read one after the other, and one of them in coarse steps. */
const MIN_SUSPENSION_MS = 2 * SECOND;

export interface ClockParts {
  /** Stands still while the machine is suspended. */
  runningMs: () => number;
  /** Goes on meanwhile. */
  sinceBootMs: () => number;
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
  wallMs: () => number;
}

export function createClock(parts: ClockParts): Clock {
  let suspendedMs = 0;
  let awakeMs = parts.sinceBootMs() - parts.runningMs();
  const noticeSuspension = () => {
    const missedMs = parts.sinceBootMs() - parts.runningMs() - awakeMs;
    if (missedMs < MIN_SUSPENSION_MS) return;
    suspendedMs += missedMs;
    awakeMs += missedMs;
  };
  const monotonicMs = () => {
    noticeSuspension();
    return parts.runningMs() + suspendedMs;
  };
  return {
    monotonicMs,
    wallMs: parts.wallMs,
    async sleep(ms, signal) {
      const untilMs = monotonicMs() + ms;
      do {
        await parts.wait(Math.min(Math.max(untilMs - monotonicMs(), 0), LOOK_UP_MS), signal);
      } while (!signal.aborted && monotonicMs() < untilMs);
    },
  };
}

export const systemClock: Clock = createClock({
  runningMs: () => performance.now(),
  sinceBootMs: () => os.uptime() * SECOND,
  wait: async (ms, signal) => {
    // Rejects only because the signal fired, which is an ordinary end of a sleep here.
    await wait(ms, undefined, { signal }).catch(() => undefined);
  },
  wallMs: () => Date.now(),
});
