import { type MachineState, stateAt } from "../../../core/status.ts";
import { useNowSelect } from "@/hooks/useNow.ts";
import { type Pulse } from "@/lib/backend.ts";
import { factsOf } from "@/lib/machineState.ts";
import { type FleetEntry } from "./fleetView.ts";

/** The state with what the pulse adds: rows of a big fleet do not know when the machine last beat, so cannot be late. */
export function useSeenState(
  { machine, state }: FleetEntry,
  pulse: Pulse | undefined,
): MachineState {
  const seenState = useNowSelect((now) =>
    state === "online" && pulse !== undefined
      ? stateAt(factsOf(machine, pulse.lastHeartbeatAt), now)
      : state,
  );
  return seenState;
}
