import { useSearchParams } from "react-router";
import { type SortKey } from "./fleetView.ts";

const sortKeys: readonly SortKey[] = ["urgency", "name", "lastSeen", "version"];

export interface FleetQuery {
  query: string;
  setQuery: (query: string) => void;
  sort: { key: SortKey; isReversed: boolean };
  /** Sorts by this; a second time turns it round, a third goes back to problems first. */
  toggleSort: (key: SortKey) => void;
}

/** Filter and order of the fleet list. They live in the address, so that a link shows the same. */
export function useFleetQuery(): FleetQuery {
  const [params, setParams] = useSearchParams();
  const query = params.get("q") ?? "";
  const sort = readSort(params.get("sort"));

  const set = (name: string, value: string) =>
    setParams(
      (previous) => {
        if (value === "") previous.delete(name);
        else previous.set(name, value);
        return previous;
      },
      { replace: true },
    );

  return {
    query,
    setQuery: (next) => set("q", next),
    sort,
    toggleSort: (key) => {
      if (sort.key !== key) set("sort", key);
      else set("sort", sort.isReversed ? "" : `-${key}`);
    },
  };
}

function readSort(text: string | null): FleetQuery["sort"] {
  const name = text?.replace(/^-/, "");
  const key = sortKeys.find((candidate) => candidate === name) ?? "urgency";
  return { key, isReversed: text?.startsWith("-") ?? false };
}
