/**
 * The signed-in user's machines, live (S3.2, S3.3). A small fleet is one list; a big one is read in slices, so that a
 * machine that changes sends its own slice again and not ten thousand rows.
 */
import { useEffect, useMemo, useState } from "react";
import { unpackRows } from "../../../core/packedRows.ts";
import { sliceCount } from "../../../core/slices.ts";
import { useLiveQueries, useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { api, type MachineRow } from "@/lib/backend.ts";
import { keepSame } from "./sameRows.ts";
import { readSliceCount, rememberSliceCount } from "./sliceMemory.ts";

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
  const [unpack] = useState(createUnpacker);
  const [keep] = useState(createKeeper);
  const list = useLiveQuery(api.machines.list, of === 1 ? {} : "skip");
  const slices = useLiveQueries(
    api.machines.slice,
    useMemo(
      () =>
        of === null || of === 1 ? [] : Array.from({ length: of }, (_, slice) => ({ slice, of })),
      [of],
    ),
  );
  const listed = useMemo(() => keep(list.data ?? none), [list.data, keep]);
  const sliced = useMemo(() => unpack(slices.filter(isText)), [slices, unpack]);

  // Before the counts are known what was asked is a guess, which may ask for too long a list.
  const listError = counts.data === undefined ? null : list.error;
  const error = counts.error ?? listError ?? slices.find((slice) => slice instanceof Error) ?? null;
  const machines = of === 1 ? listed : sliced;
  const hasArrived = of === 1 ? list.data !== undefined : slices.some(isText);
  return {
    machines: error === null ? machines : none,
    loading: error === null && !hasArrived,
    error,
    total: Math.max(machines.length, counts.data?.total ?? 0),
  };
}

const isText = (slice: unknown) => typeof slice === "string";

function createKeeper(): (rows: MachineRow[]) => MachineRow[] {
  let last = none;
  return (rows) => (last = keepSame(rows, last));
}

/** Rows of all texts; a text that was there before is not read again. */
function createUnpacker(): (texts: string[]) => MachineRow[] {
  let known = new Map<string, MachineRow[]>();
  return (texts) => {
    const wanted = new Set(texts);
    const replaced = [...known].flatMap(([text, rows]) => (wanted.has(text) ? [] : rows));
    const read = (text: string) => keepSame(unpackRows<MachineRow>(text), replaced);
    known = new Map(texts.map((text) => [text, known.get(text) ?? read(text)]));
    return [...known.values()].flat();
  };
}

/**
 * Grows with the fleet and never shrinks: other slices would be a fresh start for all of them. Until the counts say how
 * many there are it is as many as last time, so that counts and rows are asked for at once.
 */
function useSliceCount(total: number | undefined): number | null {
  const [lastTime] = useState(readSliceCount);
  const [kept, setKept] = useState<number | null>(null);
  const wanted = total === undefined ? null : Math.max(sliceCount(total), kept ?? 0);
  if (wanted !== null && wanted !== kept) setKept(wanted);
  useEffect(() => {
    if (kept !== null) rememberSliceCount(kept);
  }, [kept]);
  return wanted ?? kept ?? lastTime;
}
