import { useMemo } from "react";
import { useLiveQueries } from "@/hooks/useLiveQuery.ts";
import { api, type Pulse } from "@/lib/backend.ts";

/** Small chunks: a heartbeat sends only its own chunk again. The backend takes at most 100 ids. */
const CHUNK_SIZE = 50;

/** The last heartbeats of these machines by machine id, live. A machine that has none, or not yet, is missing. */
export function usePulses(machineIds: string[]): ReadonlyMap<string, Pulse> {
  const chunks = useMemo(() => chunksOf([...machineIds].sort()), [machineIds]);
  const results = useLiveQueries(api.pulses.list, chunks);
  return useMemo(() => {
    const pulses = results.flatMap((result) => (Array.isArray(result) ? result : []));
    return new Map(pulses.map((pulse) => [pulse.machineId, pulse]));
  }, [results]);
}

// Sorted before they are cut, so that another order of the same machines asks nothing anew.
function chunksOf(sortedIds: string[]): { machineIds: string[] }[] {
  const count = Math.ceil(sortedIds.length / CHUNK_SIZE);
  return Array.from({ length: count }, (_, index) => ({
    machineIds: sortedIds.slice(index * CHUNK_SIZE, (index + 1) * CHUNK_SIZE),
  }));
}
