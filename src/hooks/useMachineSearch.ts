import { useConvex } from "convex/react";
import { type FunctionReturnType } from "convex/server";
import { useEffect, useState } from "react";
import { api } from "@/lib/backend.ts";

export type FoundMachine = FunctionReturnType<typeof api.operators.search>["page"][number];

export interface MachineSearch {
  machines: FoundMachine[];
  state: "idle" | "searching" | "done" | "failed";
}

const ENOUGH = 8;
/** A page is read by index and searched in the backend: ten thousand machines are twenty of them. */
const PAGE_SIZE = 500;
/** Whoever types on has not asked yet. */
const PAUSE_MS = 120;
const idle: MachineSearch = { machines: [], state: "idle" };

/** Machines with a text in anything that is known of them, the first few, asked for once and not subscribed to. */
export function useMachineSearch(text: string): MachineSearch {
  const convex = useConvex();
  const wanted = text.trim();
  const [found, setFound] = useState<{ wanted: string; search: MachineSearch }>({
    wanted: "",
    search: idle,
  });
  useEffect(() => {
    if (wanted === "") return;
    let isGone = false;
    const search = async () => {
      let machines: FoundMachine[] = [];
      for (let cursor: string | null = null, isDone = false; !isDone && !isGone;) {
        const page: FunctionReturnType<typeof api.operators.search> = await convex.query(
          api.operators.search,
          { text: wanted, paginationOpts: { numItems: PAGE_SIZE, cursor } },
        );
        machines = [...machines, ...page.page].slice(0, ENOUGH);
        isDone = page.isDone || machines.length >= ENOUGH;
        cursor = page.continueCursor;
      }
      if (!isGone) setFound({ wanted, search: { machines, state: "done" } });
    };
    const timer = setTimeout(() => {
      search().catch(() => {
        if (!isGone) setFound({ wanted, search: { machines: [], state: "failed" } });
      });
    }, PAUSE_MS);
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [convex, wanted]);
  if (wanted === "") return idle;
  // What was found for fewer letters stays on screen until there is more to say.
  return found.wanted === wanted ? found.search : { ...found.search, state: "searching" };
}
