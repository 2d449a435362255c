import { useCallback } from "react";
import { useSearchParams } from "react-router";
import { writeMoment } from "./past/moment.ts";
import { type Order, type SortKey, sortKeys } from "./fleetView.ts";

export const layouts = ["table", "cards", "wall"] as const;
export type Layout = (typeof layouts)[number];

export interface FleetQuery {
  query: string;
  setQuery: (query: string) => void;
  sort: Order;
  /** Sorts by this; a second time turns it round, a third goes back to problems first. */
  toggleSort: (key: SortKey) => void;
  layout: Layout;
  setLayout: (layout: Layout) => void;
  /** The machine in the side panel. */
  opened: string | null;
  setOpened: (machineId: string | null) => void;
  /** The moment that is shown instead of now, as the address has it. */
  at: string | null;
  setAt: (at: number | null) => void;
  /** All of it as the address has it, without the opened machine: what a saved view remembers. */
  search: string;
  setSearch: (search: string) => void;
}

/** Filter, order and layout of the fleet list. They live in the address, so that a link shows the same. */
export function useFleetQuery(): FleetQuery {
  const [params, setParams] = useSearchParams();
  const sort = readSort(params.get("sort"));

  const set = useCallback(
    (name: string, value: string) =>
      setParams(
        (previous) => {
          if (value === "") previous.delete(name);
          else previous.set(name, value);
          return previous;
        },
        { replace: true, preventScrollReset: true },
      ),
    [setParams],
  );
  const setOpened = useCallback(
    (machineId: string | null) => set("machine", machineId ?? ""),
    [set],
  );

  const viewParams = new URLSearchParams(params);
  viewParams.delete("machine");
  viewParams.delete("at");
  return {
    query: params.get("q") ?? "",
    setQuery: (next) => set("q", next),
    sort,
    toggleSort: (key) => {
      if (sort.key !== key) set("sort", key);
      else set("sort", sort.isReversed ? "" : `-${key}`);
    },
    layout: layouts.find((layout) => layout === params.get("view")) ?? "table",
    setLayout: (layout) => set("view", layout === "table" ? "" : layout),
    opened: params.get("machine"),
    setOpened,
    at: params.get("at"),
    setAt: (at) => set("at", at === null ? "" : writeMoment(at)),
    search: viewParams.toString(),
    setSearch: (search) => setParams(new URLSearchParams(search)),
  };
}

function readSort(text: string | null): Order {
  const name = text?.replace(/^-/, "");
  const key = sortKeys.find((candidate) => candidate === name) ?? "urgency";
  return { key, isReversed: text?.startsWith("-") ?? false };
}
