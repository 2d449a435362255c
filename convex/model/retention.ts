/** How long history is kept, from the environment; a day, a month and two years where it says nothing. */
import { durationMsOr } from "../../core/durations.ts";
import { DAY, HOUR } from "../../core/time.ts";
import { env } from "../_generated/server.js";

/** Samples are the source of rollups: they stay until the slowest pass has seen them. */
const MIN_SAMPLES_MS = 2 * HOUR;
const MIN_ROLLUPS_MS = DAY;
/** As far as the bars of uptime reach, and longer than anything of an incident waits to be sent or is kept. */
const MIN_HISTORY_MS = 92 * DAY;
const MIN_AUDIT_MS = 30 * DAY;

export function keepSamplesMs(): number {
  return Math.max(MIN_SAMPLES_MS, durationMsOr(env.ROLLCALL_KEEP_SAMPLES, DAY));
}

/** Rollups of five minutes. */
export function keepRollupsMs(): number {
  return Math.max(MIN_ROLLUPS_MS, durationMsOr(env.ROLLCALL_KEEP_ROLLUPS, 30 * DAY));
}

/** Rollups of an hour and of a day. */
export function keepHourlyMs(): number {
  return Math.max(MIN_ROLLUPS_MS, durationMsOr(env.ROLLCALL_KEEP_HOURLY, 730 * DAY));
}

/** Changes of status and version, and incidents that are over. */
export function keepHistoryMs(): number {
  return Math.max(MIN_HISTORY_MS, keepHourlyMs());
}

export function keepAuditMs(): number {
  return Math.max(MIN_AUDIT_MS, durationMsOr(env.ROLLCALL_KEEP_AUDIT, 730 * DAY));
}
