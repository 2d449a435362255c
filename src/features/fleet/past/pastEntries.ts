/** Turns machines of the past into entries of the list, so that filter, order and table are the same as today's. */
import { stateAt } from "../../../../core/status.ts";
import { type FleetEntry } from "../fleetView.ts";
import { type PastMachine } from "./usePastFleet.ts";

/** What a moment does not tell. Nobody is late in the past: the heartbeats of then are gone. */
const unknown = {
  lastSeen: null,
  assistantCount: null,
  ipAddress: null,
  os: null,
  arch: null,
  rootDirectory: null,
  heartbeatIntervalMs: 0,
  offlineThresholdMs: 0,
  pausedAt: null,
  clashedAt: null,
};

export function entriesAt(machines: PastMachine[], at: number): FleetEntry[] {
  return machines.map(({ condition, ...machine }) => ({
    machine: { ...unknown, ...machine, createdAt: at },
    state: stateAt({ ...machine, lastSeenAt: null, heartbeatIntervalMs: 0 }, at),
    past: { at, isInMaintenance: condition === "maintenance" },
  }));
}

/** Whether the machine's state is not known because the monitor was away. */
export function isCausedByUs({ condition }: PastMachine): boolean {
  return condition === "unknown";
}
