import { useMemo, useState } from "react";
import { type MachineState, stateAt } from "../../../core/status.ts";
import { useNowSelect } from "@/hooks/useNow.ts";
import { type MachineRow } from "@/lib/backend.ts";
import { factsOf, isLiveList, statesByUrgency, urgencyOf } from "@/lib/machineState.ts";
import { createNameOrder, type FleetEntry } from "./fleetView.ts";

/**
 * Machines by name with their states by the page's clock. The answer is a new one only when a row or a state changes.
 * Rows of a big fleet do not say when they last beat, so that nothing there depends on the time.
 */
export function useFleetEntries(machines: MachineRow[]): FleetEntry[] {
  const isLive = isLiveList(machines.length);
  const [byName] = useState(createNameOrder);
  const [entryOf] = useState(createEntries);
  // One digit per machine: a text can be compared, so that a tick that changes nothing renders nothing.
  const digits = useNowSelect((now) =>
    isLive ? machines.map((row) => urgencyOf(stateAt(factsOf(row), now))).join("") : "",
  );
  return useMemo(
    () =>
      byName(
        machines.map((machine, index) =>
          entryOf(
            machine,
            isLive ? stateOf(digits.charAt(index)) : stateAt(factsOf(machine, null), 0),
          ),
        ),
      ),
    [machines, digits, isLive, byName, entryOf],
  );
}

/** One entry for a row and its state, however often they are asked for. */
function createEntries(): (machine: MachineRow, state: MachineState) => FleetEntry {
  const known = new WeakMap<MachineRow, FleetEntry>();
  return (machine, state) => {
    const last = known.get(machine);
    if (last?.state === state) return last;
    const entry = { machine, state };
    known.set(machine, entry);
    return entry;
  };
}

function stateOf(digit: string): MachineState {
  return statesByUrgency[Number(digit)] ?? "offline";
}
