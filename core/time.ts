/** Lengths of time in milliseconds, so that no file spells out 60 * 1000. */
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The year 10000. Far beyond, sums of times stop moving, and loops over days with them. */
const END_OF_TIME = Date.UTC(10_000, 0);

/** Whether a number can be a moment: milliseconds since 1970, in a year of four digits. */
export function isInstant(at: number): boolean {
  return at >= 0 && at < END_OF_TIME;
}
