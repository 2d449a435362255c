import { useMemo, useState } from "react";
import { useLiveQueries } from "@/hooks/useLiveQuery.ts";
import { api, type Pulse } from "@/lib/backend.ts";

/** Small chunks: a heartbeat sends only its own chunk again. The backend takes at most 100 ids. */
export const PULSE_CHUNK = 50;

export type Pulses = ReadonlyMap<string, Pulse>;

const none: Pulses = new Map();

/**
 * The last heartbeats of these machines by machine id, live. A machine that has none, or not yet, is missing. While
 * other machines are asked for, what was known before stays: a list that is scrolled shows no holes.
 */
export function usePulses(machineIds: string[]): Pulses {
  const [known, setKnown] = useState(none);
  const results = useLiveQueries(
    api.pulses.list,
    useMemo(() => chunksOf(machineIds), [machineIds]),
  );
  const isComplete = results.every(Array.isArray);
  const fresh = useMemo(() => {
    const pulses = results.flatMap((result) => (Array.isArray(result) ? result : []));
    return new Map(pulses.map((pulse) => [pulse.machineId, pulse]));
  }, [results]);
  if (isComplete && known !== fresh) setKnown(fresh);
  return useMemo(
    () => (isComplete ? fresh : new Map([...known, ...fresh])),
    [isComplete, fresh, known],
  );
}

// Each chunk is sorted, so that another order of the same machines asks nothing anew.
function chunksOf(machineIds: string[]): { machineIds: string[] }[] {
  const count = Math.ceil(machineIds.length / PULSE_CHUNK);
  return Array.from({ length: count }, (_, index) => ({
    machineIds: machineIds.slice(index * PULSE_CHUNK, (index + 1) * PULSE_CHUNK).sort(),
  }));
}
