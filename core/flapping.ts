/** When a machine comes and goes so often that one message says more than all of them. */
import { MINUTE } from "./time.ts";

/** So many silences within the window are accidents; the next one is flapping. */
export const MAX_SILENCES = 5;
export const FLAP_WINDOW_MS = 30 * MINUTE;
/** A flapping machine that stays as it is for so long is calm again, or dead. */
export const CALM_MS = 10 * MINUTE;

/** Whether a silence that begins now (milliseconds) is one too many, after those that began at `earlier`. */
export function isFlapping(earlier: number[], now: number): boolean {
  return earlier.filter((at) => at > now - FLAP_WINDOW_MS).length >= MAX_SILENCES;
}
