/** Percentages as the wire takes them: 0 to 100, one digit after the point. */

/** `used` of `total` in percent; undefined where there is no total. */
export function percentOf(used: number, total: number): number | undefined {
  if (!(total > 0)) return undefined;
  const percent = Math.min(Math.max((used / total) * 100, 0), 100);
  return Math.round(percent * 10) / 10;
}
