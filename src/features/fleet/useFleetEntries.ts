import { useMemo } from "react";
import { type MachineState, stateAt } from "../../../core/status.ts";
import { useNowSelect } from "@/hooks/useNow.ts";
import { type MachineRow } from "@/lib/backend.ts";
import { factsOf, isLiveList, statesByUrgency, urgencyOf } from "@/lib/machineState.ts";
import { type FleetEntry } from "./fleetView.ts";

/** Machines with their states by the page's clock. The answer is a new one only when a row or a state changes. */
export function useFleetEntries(machines: MachineRow[]): FleetEntry[] {
  const isLive = isLiveList(machines.length);
  // One digit per machine: a text can be compared, so that a tick that changes nothing renders nothing.
  const digits = useNowSelect((now) =>
    machines
      .map((row) => urgencyOf(stateAt(factsOf(row, isLive ? row.lastSeen : null), now)))
      .join(""),
  );
  return useMemo(
    () => machines.map((machine, index) => ({ machine, state: stateOf(digits.charAt(index)) })),
    [machines, digits],
  );
}

function stateOf(digit: string): MachineState {
  return statesByUrgency[Number(digit)] ?? "offline";
}
