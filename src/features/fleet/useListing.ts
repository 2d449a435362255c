import { useDeferredValue, useMemo } from "react";
import { useNowSelect } from "@/hooks/useNow.ts";
import { type MachineRow } from "@/lib/backend.ts";
import { isLiveList } from "@/lib/machineState.ts";
import { SECOND } from "../../../core/time.ts";
import { dependsOnTime, filterFleet } from "./fleetFilter.ts";
import { parseFilter } from "./filterQuery.ts";
import {
  countStates,
  type FleetEntry,
  type Order,
  sortFleet,
  type StateCounts,
} from "./fleetView.ts";
import { useFleetEntries } from "./useFleetEntries.ts";
import { type Pulses, usePulses } from "./usePulses.ts";

/** How often a filter like `seen>10m` looks at the clock again. */
const TIME_STEP_MS = 5 * SECOND;

export interface Listing {
  /** All machines by name. */
  entries: FleetEntry[];
  counts: StateCounts;
  /** Those that the filter keeps, in the chosen order. */
  matching: FleetEntry[];
  pulses: Pulses;
  problems: string[];
}

/** From rows to what the list shows. Typing comes first: a large list follows a moment later. */
export function useListing(
  machines: MachineRow[],
  {
    query,
    sort,
    range,
    opened,
  }: {
    query: string;
    sort: Order;
    range: { first: number; end: number };
    opened: string | null;
  },
): Listing {
  const isLive = isLiveList(machines.length);
  const entries = useFleetEntries(machines);
  const counts = useMemo(() => countStates(entries), [entries]);
  const parsed = useMemo(() => parseFilter(query), [query]);
  const listed = useDeferredValue(parsed);
  const now = useNowSelect((time) =>
    dependsOnTime(listed) ? Math.floor(time / TIME_STEP_MS) * TIME_STEP_MS : 0,
  );
  // A small fleet is watched as a whole, so that filtering asks nothing anew.
  const allIds = useMemo(
    () => (isLive ? entries.map(({ machine }) => machine.machineId) : []),
    [isLive, entries],
  );
  const allPulses = usePulses(allIds);
  const { key, isReversed } = sort;
  const matching = useMemo(() => {
    const kept = filterFleet(entries, listed, { now, pulses: allPulses });
    return sortFleet(kept, { key, isReversed }, allPulses);
  }, [entries, listed, now, allPulses, key, isReversed]);
  const shownIds = useMemo(() => {
    if (isLive) return [];
    const ids = matching.slice(range.first, range.end).map(({ machine }) => machine.machineId);
    return opened === null || ids.includes(opened) ? ids : [...ids, opened];
  }, [isLive, matching, range.first, range.end, opened]);
  const shownPulses = usePulses(shownIds);
  return {
    entries,
    counts,
    matching,
    pulses: isLive ? allPulses : shownPulses,
    problems: parsed.problems,
  };
}
