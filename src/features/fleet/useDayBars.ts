import { createContext, use, useMemo } from "react";
import { useKept } from "@/hooks/useKept.ts";
import { useLiveQueries } from "@/hooks/useLiveQuery.ts";
import { useNowSelect } from "@/hooks/useNow.ts";
import { api } from "@/lib/backend.ts";
import { MINUTE } from "../../../core/time.ts";
import { type FleetEntry } from "./fleetView.ts";
import { PULSE_CHUNK } from "./usePulses.ts";

/** Half a cell: finer would ask all over again for a picture that looks the same. */
const UNTIL_STEP_MS = 15 * MINUTE;

export type DayBars = ReadonlyMap<string, { cells: string; uptime: number | null }>;

const none: DayBars = new Map();

/** The last 24 hours of the rows on screen, for the cells of that column. */
export const DayBarsContext = createContext<DayBars>(none);
export const useDayBar = (machineId: string) => use(DayBarsContext).get(machineId);

/** Of the rows in the range. Each chunk is shown as it arrives; until then, what was known before stays. */
export function useDayBars(
  entries: readonly FleetEntry[],
  range: { first: number; end: number } | null,
): DayBars {
  const machineIds = useMemo(
    () =>
      range === null
        ? []
        : entries.slice(range.first, range.end).map(({ machine }) => machine.machineId),
    [entries, range],
  );
  const until = useNowSelect((now) => Math.ceil(now / UNTIL_STEP_MS) * UNTIL_STEP_MS);
  const args = useMemo(() => {
    const count = Math.ceil(machineIds.length / PULSE_CHUNK);
    return Array.from({ length: count }, (_, index) => ({
      machineIds: machineIds.slice(index * PULSE_CHUNK, (index + 1) * PULSE_CHUNK).sort(),
      until,
    }));
  }, [machineIds, until]);
  const results = useLiveQueries(api.uptime.bars, args);
  const [arrived, isComplete] = useMemo(() => {
    const bars = results.flatMap((result) => (Array.isArray(result) ? result : []));
    const map: DayBars = new Map(bars.map((bar) => [bar.machineId, bar]));
    return [map, results.length > 0 && results.every(Array.isArray)] as const;
  }, [results]);
  const known = useKept(isComplete ? arrived : undefined) ?? none;
  return useMemo(
    () => (isComplete ? arrived : new Map([...known, ...arrived])),
    [isComplete, arrived, known],
  );
}
