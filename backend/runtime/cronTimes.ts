/** When a cron runs next. Late runs are skipped, not made up for: next is always after now. */
import { Cron } from "croner";
import type { CronJson } from "../store/deployment.ts";

type Schedule = CronJson["schedule"];

const WEEKDAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/** `previousMs` is when it was due last, or null for a new cron: an interval then starts at once. */
export function nextCronMs(schedule: Schedule, previousMs: number | null, nowMs: number): number {
  if (schedule.type === "interval") {
    const periodMs = intervalMs(schedule);
    if (previousMs === null) return nowMs;
    const missed = Math.floor((nowMs - previousMs) / periodMs);
    return previousMs + (Math.max(0, missed) + 1) * periodMs;
  }
  const next = new Cron(cronExpression(schedule), { timezone: "UTC", paused: true }).nextRun(
    new Date(nowMs),
  );
  if (next === null) throw new Error(`Cron ${JSON.stringify(schedule)} never runs.`);
  return next.getTime();
}

function intervalMs(schedule: Schedule): number {
  const seconds =
    number(schedule["seconds"]) +
    60 * number(schedule["minutes"]) +
    3600 * number(schedule["hours"]);
  if (seconds <= 0) throw new Error(`Cron interval ${JSON.stringify(schedule)} must be positive.`);
  return seconds * 1000;
}

function cronExpression(schedule: Schedule): string {
  const minute = number(schedule["minuteUTC"]);
  const hour = number(schedule["hourUTC"]);
  switch (schedule.type) {
    case "cron":
      return String(schedule["cron"] ?? schedule["cronspec"] ?? schedule["cronExpr"]);
    case "hourly":
      return `${minute} * * * *`;
    case "daily":
      return `${minute} ${hour} * * *`;
    case "weekly":
      return `${minute} ${hour} * * ${WEEKDAYS.indexOf(String(schedule["dayOfWeek"]).toLowerCase())}`;
    case "monthly":
      return `${minute} ${hour} ${number(schedule["day"])} * *`;
    default:
      throw new Error(`Cron schedules of type ${schedule.type} are not supported.`);
  }
}

function number(value: unknown): number {
  return typeof value === "bigint" || typeof value === "number" || typeof value === "string"
    ? Number(value)
    : 0;
}
