/** In how many slices the fleet came last time: so that rows can be asked for before their number is known. */
import { readStored, writeStored } from "@/lib/stored.ts";
import { MAX_SLICES } from "../../../core/slices.ts";

const STORAGE_KEY = "rollcall.fleet.slices";

/** Null in a browser that has shown no fleet yet. */
export function readSliceCount(): number | null {
  const stored = readStored(STORAGE_KEY);
  const isCount = typeof stored === "number" && Number.isInteger(Math.log2(stored));
  return isCount && stored >= 1 && stored <= MAX_SLICES ? stored : null;
}

export function rememberSliceCount(count: number): void {
  if (count !== readSliceCount()) writeStored(STORAGE_KEY, count);
}
