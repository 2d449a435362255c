/**
 * Cuts a big fleet into slices by machine id, which are random and so spread evenly. A page loads all slices at once
 * and each lives on alone: a machine that changes re-runs its own slice, not the whole list.
 */

/** The alphabet of machine ids in the order of their bytes, which is the order of the database. */
const ALPHABET = "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

/** One for each first letter. */
export const MAX_SLICES = ALPHABET.length;

/** Small enough that a change costs little, large enough that a fleet is few subscriptions. */
const MACHINES_PER_SLICE = 256;

/** Slices for a fleet of so many machines: a power of two from 1 to 64. */
export function sliceCount(machines: number): number {
  let count = 1;
  while (count < MAX_SLICES && machines > count * MACHINES_PER_SLICE) count *= 2;
  return count;
}

/** The ids of a slice: from `first` on, and before `end`, which the last slice does not have. */
export function sliceRange(
  slice: number,
  count: number,
): { first: string; end: string | undefined } | null {
  const width = ALPHABET.length / count;
  if (!Number.isInteger(width) || !Number.isInteger(slice) || slice < 0 || slice >= count) {
    return null;
  }
  return { first: ALPHABET.charAt(slice * width), end: ALPHABET[(slice + 1) * width] };
}
