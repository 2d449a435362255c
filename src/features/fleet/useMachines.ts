/**
 * The signed-in user's machines, live (S3.2, S3.3). A small fleet is one list; a big one is read in slices, so that a
 * machine that changes sends its own slice again and not ten thousand rows.
 */
import { useMemo, useState } from "react";
import { sliceCount } from "../../../core/slices.ts";
import { useLiveQueries, useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { api, type MachineRow } from "@/lib/backend.ts";

export interface Machines {
  machines: MachineRow[];
  /** Nothing has arrived yet. */
  loading: boolean;
  error: Error | null;
  /** How many there are altogether: more than `machines` while slices are on their way. */
  total: number;
}

const none: MachineRow[] = [];

/** While loading or failed, `machines` is empty: look at the other two. */
export function useMachines(): Machines {
  const counts = useLiveQuery(api.machines.counts, {});
  const of = useSliceCount(counts.data?.total);
  const list = useLiveQuery(api.machines.list, of === 1 ? {} : "skip");
  const slices = useLiveQueries(
    api.machines.slice,
    useMemo(
      () =>
        of === null || of === 1 ? [] : Array.from({ length: of }, (_, slice) => ({ slice, of })),
      [of],
    ),
  );
  const sliced = useMemo(
    () => slices.flatMap((slice) => (Array.isArray(slice) ? slice : [])),
    [slices],
  );

  const error =
    counts.error ?? list.error ?? slices.find((slice) => slice instanceof Error) ?? null;
  const machines = of === 1 ? (list.data ?? none) : sliced;
  const hasArrived = of === 1 ? list.data !== undefined : slices.some(Array.isArray);
  return {
    machines: error === null ? machines : none,
    loading: error === null && !hasArrived,
    error,
    total: Math.max(machines.length, counts.data?.total ?? 0),
  };
}

/** Grows with the fleet and never shrinks: other slices would be a fresh start for all of them. */
function useSliceCount(total: number | undefined): number | null {
  const [kept, setKept] = useState<number | null>(null);
  const wanted = total === undefined ? null : sliceCount(total);
  const count = wanted === null ? kept : Math.max(wanted, kept ?? 0);
  if (count !== kept) setKept(count);
  return count;
}
