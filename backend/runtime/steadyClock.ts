/**
 * The machine's clock as transactions see it: finer than a millisecond, and never back. A clock that is set forward, or that
 * went on while the machine slept, is followed at once. After one that is set back, time goes on at half speed until the
 * two agree: if it stood still, no job would come due and no silence be noticed for as long.
 */

/** Less is noise of two clocks that are read one after the other. */
const AGREE_MS = 100;

export type ClockSources = {
  /** Milliseconds since the epoch. */
  system: () => number;
  /** Milliseconds since any moment, fine, never back; may stand still while the machine sleeps. */
  steady: () => number;
};

export function steadyClock({ system, steady }: ClockSources): () => number {
  let value = system();
  let readAt = steady();
  return () => {
    const at = steady();
    const elapsedMs = at - readAt;
    readAt = at;
    const machineMs = system();
    const expectedMs = value + elapsedMs;
    if (machineMs > expectedMs + AGREE_MS) value = machineMs;
    else if (machineMs < expectedMs - AGREE_MS) value += elapsedMs / 2;
    else value = expectedMs;
    return value;
  };
}
