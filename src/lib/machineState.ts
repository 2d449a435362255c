/** From a machine's row to the facts that core/status.ts derives its state from. */
import { type MachineState, type StatusFacts } from "../../core/status.ts";
import { type MachineRow } from "./backend.ts";

/** Up to this many machines the list carries exact last-seen times; above, they are as of the last change. */
const LIVE_LIST_LIMIT = 100;

export function isLiveList(machineCount: number): boolean {
  return machineCount <= LIVE_LIST_LIMIT;
}

type Row = Pick<MachineRow, "status" | "reason" | "lastSeen" | "heartbeatIntervalMs">;

/** `lastSeenAt` where the caller knows a newer moment than the row; null means "do not judge lateness". */
export function factsOf(row: Row, lastSeenAt: number | null = row.lastSeen): StatusFacts {
  return {
    status: row.status,
    reason: row.reason,
    lastSeenAt,
    heartbeatIntervalMs: row.heartbeatIntervalMs,
  };
}

/** Most urgent first: the order of counts, of "problems first" and of the roll. */
export const statesByUrgency = ["offline", "late", "waiting", "online", "stopped"] as const;
statesByUrgency satisfies readonly MachineState[];

export function urgencyOf(state: MachineState): number {
  return statesByUrgency.indexOf(state);
}

/** Whether the values of the last heartbeat still describe the machine. */
export function isReporting(state: MachineState): boolean {
  return state === "online" || state === "late";
}
