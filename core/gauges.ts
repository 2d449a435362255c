/** Free gauges: numbers of any name that a machine's owner counts. Without zod, since the agent reads it too. */

export const MAX_GAUGES = 32;
export const MAX_DISKS = 16;
export const GAUGE_NAME_RULE =
  "must begin with a letter and hold at most 64 letters, digits, _, - and .";

const gaugeName = /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/;

/** Whether a text may name a gauge: safe as a key of a stored object and as a label, in any language's font. */
export function isGaugeName(text: string): boolean {
  return gaugeName.test(text);
}
