import { useConvex } from "convex/react";
import { type FunctionReturnType } from "convex/server";
import { useEffect, useState } from "react";
import { api } from "@/lib/backend.ts";
import { isCausedByUs } from "./pastEntries.ts";

export type PastMachine = FunctionReturnType<typeof api.history.fleetAt>["page"][number];

export interface PastFleet {
  machines: PastMachine[];
  isComplete: boolean;
  /** The monitor itself was away at the moment. */
  isUnknown: boolean;
  error: unknown;
}

const PAGE_SIZE = 200;
const nothing: PastFleet = { machines: [], isComplete: false, isUnknown: false, error: null };

/**
 * The fleet at a moment, page after page. It is asked for once and not subscribed to: what was stays as it was. Until
 * the first page of another moment arrives, the one before stays on screen.
 */
export function usePastFleet(at: number): PastFleet & { isOfAnotherMoment: boolean } {
  const convex = useConvex();
  const [loaded, setLoaded] = useState<{ at: number; fleet: PastFleet }>({ at, fleet: nothing });
  useEffect(() => {
    let isGone = false;
    const load = async () => {
      let machines: PastMachine[] = [];
      for (let cursor: string | null = null, isDone = false; !isDone && !isGone;) {
        const page: FunctionReturnType<typeof api.history.fleetAt> = await convex.query(
          api.history.fleetAt,
          { at, paginationOpts: { numItems: PAGE_SIZE, cursor } },
        );
        machines = [...machines, ...page.page];
        ({ isDone, continueCursor: cursor } = page);
        const isUnknown = machines.some(isCausedByUs);
        const fleet = { machines, isComplete: isDone, isUnknown, error: null };
        if (!isGone) setLoaded({ at, fleet });
      }
    };
    load().catch((error: unknown) => {
      if (!isGone) setLoaded({ at, fleet: { ...nothing, error } });
    });
    return () => {
      isGone = true;
    };
  }, [convex, at]);
  return { ...loaded.fleet, isOfAnotherMoment: loaded.at !== at };
}
