/** A machine's settings as typed texts: what is wrong with them, and what they change. */
import { HEARTBEAT_INTERVAL_LIMITS_MS, OFFLINE_THRESHOLD_LIMITS_MS } from "../../../core/status.ts";
import { texts } from "@/texts/texts.ts";
import { type DurationRange, parseTags, readDuration } from "@/lib/machineForm.ts";

/** Keys are those of machines.update, so that the server's field messages find their field. */
export interface SettingsDraft {
  name: string;
  description: string;
  /** Separated by commas. */
  tags: string;
  heartbeatIntervalMs: string;
  offlineThresholdMs: string;
}

const ranges = {
  heartbeatIntervalMs: HEARTBEAT_INTERVAL_LIMITS_MS,
  offlineThresholdMs: OFFLINE_THRESHOLD_LIMITS_MS,
};

/** A sentence for each field that cannot be saved as it is. */
export function problemsOf(draft: SettingsDraft): Partial<Record<keyof SettingsDraft, string>> {
  const { nameMissing, tooTight } = texts().machine.settings;
  const interval = readDuration(draft.heartbeatIntervalMs, ranges.heartbeatIntervalMs);
  const threshold = readDuration(draft.offlineThresholdMs, ranges.offlineThresholdMs);
  const isTooTight =
    "durationMs" in interval &&
    "durationMs" in threshold &&
    threshold.durationMs <= interval.durationMs;
  return {
    ...(draft.name.trim() === "" && { name: nameMissing }),
    ...("problem" in interval && { heartbeatIntervalMs: interval.problem }),
    ...("problem" in threshold && { offlineThresholdMs: threshold.problem }),
    ...(isTooTight && { offlineThresholdMs: tooTight }),
  };
}

/** The arguments of machines.update that differ from what is stored. The draft has no problems. */
export function changesOf(draft: SettingsDraft, stored: SettingsDraft) {
  return {
    ...(draft.name !== stored.name && { name: draft.name.trim() }),
    ...(draft.description !== stored.description && { description: draft.description.trim() }),
    ...(draft.tags !== stored.tags && { tags: parseTags(draft.tags) }),
    ...changedDuration("heartbeatIntervalMs", draft, stored),
    ...changedDuration("offlineThresholdMs", draft, stored),
  };
}

function changedDuration(name: keyof typeof ranges, draft: SettingsDraft, stored: SettingsDraft) {
  const range: DurationRange = ranges[name];
  const read = readDuration(draft[name], range);
  return draft[name] === stored[name] || "problem" in read ? {} : { [name]: read.durationMs };
}
