/** Lengths of time in milliseconds, so that no file spells out 60 * 1000. */
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
