/** What people set on a machine, checked. */
import {
  HEARTBEAT_INTERVAL_LIMITS_MS,
  OFFLINE_THRESHOLD_LIMITS_MS,
  type Timing,
} from "../../core/status.ts";
import { fail } from "./fail.ts";
import { parseDescription, parseDuration, parseName, parseTags } from "./texts.ts";

export interface MachineSettings extends Partial<Timing> {
  name?: string;
  description?: string;
  tags?: string[];
}

/** The settings with the workspace's timing where they say nothing, unless it contradicts what they say. */
export function withDefaults<S extends Partial<Timing>>(settings: S, defaults: Partial<Timing>): S {
  const heartbeatIntervalMs = settings.heartbeatIntervalMs ?? defaults.heartbeatIntervalMs;
  const offlineThresholdMs = settings.offlineThresholdMs ?? defaults.offlineThresholdMs;
  if ((heartbeatIntervalMs ?? 0) >= (offlineThresholdMs ?? Infinity)) return settings;
  return {
    ...settings,
    ...(heartbeatIntervalMs !== undefined && { heartbeatIntervalMs }),
    ...(offlineThresholdMs !== undefined && { offlineThresholdMs }),
  };
}

/** Only what was given, checked; absent settings stay as they are. */
export function parseSettings(settings: MachineSettings): MachineSettings {
  const { name, description, tags, heartbeatIntervalMs, offlineThresholdMs } = settings;
  const parsed: MachineSettings = {};
  if (name !== undefined) parsed.name = parseName(name);
  if (description !== undefined) parsed.description = parseDescription(description);
  if (tags !== undefined) parsed.tags = parseTags(tags);
  if (heartbeatIntervalMs !== undefined) {
    const limits = { field: "heartbeatIntervalMs", ...HEARTBEAT_INTERVAL_LIMITS_MS };
    parsed.heartbeatIntervalMs = parseDuration(heartbeatIntervalMs, limits);
  }
  if (offlineThresholdMs !== undefined) {
    const limits = { field: "offlineThresholdMs", ...OFFLINE_THRESHOLD_LIMITS_MS };
    parsed.offlineThresholdMs = parseDuration(offlineThresholdMs, limits);
    if (offlineThresholdMs <= (heartbeatIntervalMs ?? 0)) {
      fail({
        kind: "invalid",
        field: "offlineThresholdMs",
        message: "The offline threshold must be longer than the heartbeat interval.",
      });
    }
  }
  return parsed;
}
