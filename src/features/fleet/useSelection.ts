import { useCallback, useMemo, useState } from "react";
import { type FleetEntry } from "./fleetView.ts";

export interface Selection {
  ids: ReadonlySet<string>;
  /** With `isRange`, everything between the last one and this one follows it. */
  toggle: (machineId: string, isRange: boolean) => void;
  replace: (machineIds: string[]) => void;
  clear: () => void;
}

const nobody: ReadonlySet<string> = new Set();

/** Which machines of the list are chosen. Those that the filter hides are not: what is acted on can be seen. */
export function useSelection(listed: readonly FleetEntry[]): Selection {
  const listedIds = useMemo(() => listed.map(({ machine }) => machine.machineId), [listed]);
  const [chosen, setChosen] = useState(nobody);
  const [anchor, setAnchor] = useState<string | null>(null);
  const ids = useMemo(
    () => (chosen.size === 0 ? nobody : new Set(listedIds.filter((id) => chosen.has(id)))),
    [chosen, listedIds],
  );
  const toggle = useCallback(
    (machineId: string, isRange: boolean) => {
      const next = new Set(ids);
      const isOn = !next.has(machineId);
      const concerned = isRange ? between(listedIds, anchor, machineId) : [machineId];
      for (const id of concerned) {
        if (isOn) next.add(id);
        else next.delete(id);
      }
      setChosen(next);
      setAnchor(machineId);
    },
    [ids, listedIds, anchor],
  );
  return {
    ids,
    toggle,
    replace: (machineIds) => setChosen(new Set(machineIds)),
    clear: () => setChosen(nobody),
  };
}

function between(listedIds: string[], from: string | null, to: string): string[] {
  const ends = [listedIds.indexOf(from ?? to), listedIds.indexOf(to)].sort((a, b) => a - b);
  const [first = -1, last = -1] = ends;
  return first < 0 ? [to] : listedIds.slice(first, last + 1);
}
