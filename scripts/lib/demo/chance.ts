/** Chance that repeats itself: the demo's past is the same in every run, but for the hour. */

/** Small, fast and even enough for made-up data (mulberry32). */
export function chanceFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A value from -1 to 1 that wanders smoothly: it has a new goal at each multiple of `periodMs`. */
export function wander(seed: number, at: number, periodMs: number): number {
  const step = Math.floor(at / periodMs);
  const share = at / periodMs - step;
  const eased = share * share * (3 - 2 * share);
  return goal(seed, step) * (1 - eased) + goal(seed, step + 1) * eased;
}

/** Median `medianMs`; one in six is `spread` times as long or longer. */
export function spreadAround(medianMs: number, spread: number, chance: () => number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance());
  return medianMs * spread ** normal;
}

function goal(seed: number, step: number): number {
  return chanceFrom(Math.imul(seed, 2_654_435_761) ^ step)() * 2 - 1;
}
