import { type MachineState, stateAt } from "../../../core/status.ts";
import { useNowSelect } from "@/hooks/useNow.ts";
import { type MachineDetails } from "@/lib/backend.ts";
import { factsOf } from "@/lib/machineState.ts";

/** The machine's state by the page's clock. */
export function useMachineState(machine: MachineDetails): MachineState {
  return useNowSelect((now) => stateAt(factsOf(machine), now));
}
