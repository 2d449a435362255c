/**
 * What state a machine is in. Stored is only online or offline with a reason; everything finer is derived here,
 * by the same pure function in the browser, in the jobs and in tests.
 */
import { DAY, MINUTE, SECOND } from "./time.ts";

export type StoredStatus = "online" | "offline";
export type StatusReason = "waiting" | "heartbeat" | "silence" | "shutdown" | "reboot" | "upgrade";
export type MachineState = "waiting" | "online" | "late" | "offline" | "stopped";

export const DEFAULT_OFFLINE_THRESHOLD_MS = 2 * MINUTE;
const DEFAULT_HEARTBEAT_INTERVAL_MS = 30 * SECOND;

/** Below a second, an agent would do little else than beat. */
export const HEARTBEAT_INTERVAL_LIMITS_MS = { min: SECOND, max: DAY };
export const OFFLINE_THRESHOLD_LIMITS_MS = { min: 2 * SECOND, max: 7 * DAY };

/** Half an interval of slack: a heartbeat delayed by the network is not late. */
const LATE_FACTOR = 1.5;
/** One lost heartbeat and its jitter must fit into a threshold that nobody chose. */
const HEARTBEATS_PER_THRESHOLD = 4;

export interface StatusFacts {
  status: StoredStatus;
  reason: StatusReason;
  /** Receipt of the last heartbeat, null when never seen. */
  lastSeenAt: number | null;
  heartbeatIntervalMs: number;
}

/** The state to show at `now` (milliseconds since 1970, by the server's clock). */
export function stateAt(facts: StatusFacts, now: number): MachineState {
  switch (facts.reason) {
    case "waiting":
      return "waiting";
    case "silence":
      return "offline";
    case "shutdown":
    case "reboot":
    case "upgrade":
      return "stopped";
    case "heartbeat":
      return facts.status === "online" && isLate(facts, now) ? "late" : facts.status;
    default:
      return facts.reason satisfies never;
  }
}

/** Whether a machine that is expected is past its interval, though not yet silent. */
export function isLate(
  { lastSeenAt, heartbeatIntervalMs }: Pick<StatusFacts, "lastSeenAt" | "heartbeatIntervalMs">,
  now: number,
): boolean {
  return lastSeenAt !== null && now - lastSeenAt > lateAfterMs(heartbeatIntervalMs);
}

/** How long after a heartbeat a machine is late, if none follows. */
export function lateAfterMs(heartbeatIntervalMs: number): number {
  return heartbeatIntervalMs * LATE_FACTOR;
}

export interface Timing {
  heartbeatIntervalMs: number;
  offlineThresholdMs: number;
}

/**
 * The timing in force for a machine: its own where set, otherwise the installation's threshold and an interval that
 * leaves room for lost heartbeats. A slow interval without a threshold of its own widens the default threshold,
 * so that the machine does not flap.
 */
export function timingOf(own: Partial<Timing>, defaultThresholdMs: number): Timing {
  const offlineThresholdMs =
    own.offlineThresholdMs ?? Math.max(defaultThresholdMs, 2 * (own.heartbeatIntervalMs ?? 0));
  const heartbeatIntervalMs =
    own.heartbeatIntervalMs ??
    Math.min(
      DEFAULT_HEARTBEAT_INTERVAL_MS,
      Math.max(
        HEARTBEAT_INTERVAL_LIMITS_MS.min,
        Math.floor(offlineThresholdMs / HEARTBEATS_PER_THRESHOLD),
      ),
    );
  return { heartbeatIntervalMs, offlineThresholdMs };
}
