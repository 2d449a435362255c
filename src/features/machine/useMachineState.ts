import { type MachineState, stateAt } from "../../../core/status.ts";
import { useNowSelect } from "@/hooks/useNow.ts";
import { type MachineDetails } from "@/lib/backend.ts";
import { factsOf } from "@/lib/machineState.ts";

/** When the machine's last heartbeat came: the pulse knows it exactly, the row as of the last change. */
export function lastSeenOf(machine: MachineDetails): number | null {
  return machine.pulse?.lastHeartbeatAt ?? machine.lastSeen;
}

/** The machine's state by the page's clock. */
export function useMachineState(machine: MachineDetails): MachineState {
  return useNowSelect((now) => stateAt(factsOf(machine, lastSeenOf(machine)), now));
}
