/** Quiet hours: when messages wait until the morning. They defer and never drop. */
import { instantOf, localTimeAt, MINUTES_PER_DAY } from "./localTime.ts";
import { MINUTE } from "./time.ts";

export interface QuietHours {
  timeZone: string;
  /** Minutes since local midnight; an end before the start lies on the next day. */
  fromMinute: number;
  toMinute: number;
  /** The weekdays (0 is Sunday) on which quiet hours begin; left out, every day. */
  days?: number[] | undefined;
}

/** When the quiet hours that `at` lies in will end (milliseconds), or null where it lies in none. */
export function quietUntil(hours: QuietHours, at: number): number | null {
  const { timeZone, fromMinute, toMinute } = hours;
  if (fromMinute === toMinute) return null;
  const local = localTimeAt(at, timeZone);
  const isOvernight = toMinute < fromMinute;
  const beganToday = local.minute >= fromMinute && (isOvernight || local.minute < toMinute);
  const beganYesterday = isOvernight && local.minute < toMinute;
  if (beganToday && beginsOn(hours, local.weekday)) {
    return endAfter(at, hours, isOvernight ? 1 : 0);
  }
  if (beganYesterday && beginsOn(hours, (local.weekday + 6) % 7)) return endAfter(at, hours, 0);
  return null;
}

/** Why quiet hours cannot be used, or null where they can. */
export function quietHoursProblem({ fromMinute, toMinute, days }: QuietHours): string | null {
  const isMinute = (minute: number) =>
    Number.isInteger(minute) && minute >= 0 && minute < MINUTES_PER_DAY;
  if (!isMinute(fromMinute) || !isMinute(toMinute)) {
    return `Quiet hours begin and end at a minute of the day, 0 to ${MINUTES_PER_DAY - 1}.`;
  }
  if (fromMinute === toMinute) return "Quiet hours must not end when they begin.";
  const isDay = (day: number) => Number.isInteger(day) && day >= 0 && day <= 6;
  if (days === undefined) return null;
  if (days.length === 0 || !days.every(isDay)) {
    return "Quiet hours need at least one weekday, 0 (Sunday) to 6.";
  }
  return new Set(days).size < days.length ? "Name each weekday of quiet hours once." : null;
}

function beginsOn({ days }: QuietHours, weekday: number): boolean {
  return days === undefined || days.includes(weekday);
}

function endAfter(at: number, { timeZone, toMinute }: QuietHours, daysAhead: number): number {
  const { year, month, day } = localTimeAt(at, timeZone);
  const minuteAt = (instant: number) => localTimeAt(instant, timeZone).minute;
  let end = instantOf({ year, month, day: day + daysAhead, minute: toMinute }, timeZone);
  // An end that the clocks skip has come when they skip it.
  while (minuteAt(end) !== toMinute && minuteAt(end - MINUTE) > toMinute) end -= MINUTE;
  // Where the clocks go back across the end it comes twice: this is the way to the second.
  return end > at ? end : at - (at % MINUTE) + (toMinute - minuteAt(at)) * MINUTE;
}
