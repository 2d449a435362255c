/** The real clock for the loop. Tests bring their own. */
import { setTimeout as wait } from "node:timers/promises";
import type { Clock } from "./loop.ts";

export const systemClock: Clock = {
  monotonicMs: () => performance.now(),
  async sleep(ms, signal) {
    // Rejects only because the signal fired, which is an ordinary end of a sleep here.
    await wait(Math.max(ms, 0), undefined, { signal }).catch(() => undefined);
  },
};
