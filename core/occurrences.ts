/** When a maintenance window was, or will be: its occurrences within a stretch of time. */
import { activeUntil, nextStart, type Schedule } from "./maintenance.ts";
import type { Interval } from "./silences.ts";

/** A year of days; a window cannot begin more often. */
const MAX_OCCURRENCES = 400;

/** In ascending order, cut off at the ends of the stretch. */
export function occurrencesOf(schedule: Schedule, { from, to }: Interval): Interval[] {
  const found: Interval[] = [];
  let at: number | null = from;
  while (at !== null && at < to && found.length < MAX_OCCURRENCES) {
    const until = activeUntil(schedule, at);
    if (until === null) at = nextStart(schedule, at);
    else {
      found.push({ from: at, to: Math.min(until, to) });
      at = until;
    }
  }
  return found;
}
