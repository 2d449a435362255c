/** Maintenance windows: whether a machine is in one is a matter of the clock, and is never stored as a state. */
import { instantOf, isTimeZone, localTimeAt, MINUTES_PER_DAY } from "./localTime.ts";
import { DAY, isInstant, MINUTE } from "./time.ts";

export type Schedule =
  | { kind: "once"; startsAt: number; endsAt: number }
  | {
      kind: "weekly";
      timeZone: string;
      /** The weekdays on which it begins; 0 is Sunday. */
      days: number[];
      /** Minutes since local midnight. */
      startMinute: number;
      durationMs: number;
      /** The first and last instants at which an occurrence may begin. */
      validFrom?: number | undefined;
      validUntil?: number | undefined;
    };

/** Whom it is for: machines that are named or carry one of the tags; with neither, all. */
export interface Target {
  machineIds?: string[] | undefined;
  tags?: string[] | undefined;
}

export const MAX_DURATION_MS = 7 * DAY;
/** A longer one is a pause or a removal. */
export const MAX_ONCE_MS = 366 * DAY;

/** When the occurrence that `at` lies in will end (milliseconds), or null where it lies in none. */
export function activeUntil(schedule: Schedule, at: number): number | null {
  switch (schedule.kind) {
    case "once":
      return schedule.startsAt <= at && at < schedule.endsAt ? schedule.endsAt : null;
    case "weekly": {
      const daysBack = Math.ceil(schedule.durationMs / DAY) + 1;
      const ends = startsAround(schedule, at, -daysBack, 0)
        .filter((start) => start <= at && at < start + schedule.durationMs)
        .map((start) => start + schedule.durationMs);
      return ends.length === 0 ? null : Math.max(...ends);
    }
    default:
      return schedule satisfies never;
  }
}

/** When it begins next after `at`, or null where it never does again. */
export function nextStart(schedule: Schedule, at: number): number | null {
  switch (schedule.kind) {
    case "once":
      return schedule.startsAt > at ? schedule.startsAt : null;
    case "weekly": {
      const from = Math.max(at, (schedule.validFrom ?? 0) - 1);
      return startsAround(schedule, from, 0, 8).find((start) => start > at) ?? null;
    }
    default:
      return schedule satisfies never;
  }
}

export function isFor(
  { machineIds = [], tags = [] }: Target,
  machine: { machineId: string; tags: string[] },
): boolean {
  if (machineIds.length === 0 && tags.length === 0) return true;
  return machineIds.includes(machine.machineId) || tags.some((tag) => machine.tags.includes(tag));
}

/** Why a schedule cannot be used, or null where it can. */
export function scheduleProblem(schedule: Schedule): string | null {
  switch (schedule.kind) {
    case "once": {
      const lengthMs = schedule.endsAt - schedule.startsAt;
      if (!(lengthMs > 0 && lengthMs <= MAX_ONCE_MS)) {
        return "The window must end after it starts, at most a year later.";
      }
      return isInstant(schedule.startsAt) && isInstant(schedule.endsAt) ? null : NO_INSTANT;
    }
    case "weekly":
      return weeklyProblem(schedule);
    default:
      return schedule satisfies never;
  }
}

const NO_INSTANT = "Its times must be milliseconds since 1970.";

function weeklyProblem(schedule: Extract<Schedule, { kind: "weekly" }>): string | null {
  const { timeZone, days, startMinute, durationMs, validFrom = 0, validUntil = 0 } = schedule;
  if (!isTimeZone(timeZone)) return "The time zone must be one like Europe/Vienna or UTC.";
  const isDay = (day: number) => Number.isInteger(day) && day >= 0 && day <= 6;
  if (days.length === 0 || !days.every(isDay)) return "Choose weekdays, 0 (Sunday) to 6.";
  if (new Set(days).size < days.length) return "Choose each weekday once.";
  const isMinute = Number.isInteger(startMinute) && startMinute >= 0;
  if (!isMinute || startMinute >= MINUTES_PER_DAY) {
    return `It starts at a minute of the day, 0 to ${MINUTES_PER_DAY - 1}.`;
  }
  const isLength = durationMs >= MINUTE && durationMs <= MAX_DURATION_MS;
  if (!isLength) return "It must last from one minute to seven days.";
  return isInstant(validFrom) && isInstant(validUntil) ? null : NO_INSTANT;
}

/** The starts on the local days around that of `at`, in order. */
function startsAround(
  schedule: Extract<Schedule, { kind: "weekly" }>,
  at: number,
  firstDay: number,
  lastDay: number,
): number[] {
  const { timeZone, days, startMinute, validFrom = -Infinity, validUntil = Infinity } = schedule;
  const { year, month, day, weekday } = localTimeAt(at, timeZone);
  const starts: number[] = [];
  for (let offset = firstDay; offset <= lastDay; offset++) {
    if (!days.includes((((weekday + offset) % 7) + 7) % 7)) continue;
    starts.push(instantOf({ year, month, day: day + offset, minute: startMinute }, timeZone));
  }
  return starts.filter((start) => start >= validFrom && start <= validUntil);
}
