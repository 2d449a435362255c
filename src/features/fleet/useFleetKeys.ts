import { useHotkey } from "@/hooks/useHotkey.ts";
import { useAcknowledge } from "@/hooks/useAcknowledge.ts";
import { type FleetEntry } from "./fleetView.ts";
import { type Selection } from "./useSelection.ts";

/** The list by keyboard: j and k go down and up, x chooses, a acknowledges, Escape closes the panel, then forgets the choice. */
export function useFleetKeys({
  entries,
  focusedId,
  openedId,
  selection,
  setFocused,
  setOpened,
}: {
  entries: FleetEntry[];
  focusedId: string | null;
  openedId: string | null;
  selection: Selection | null;
  setFocused: (machineId: string) => void;
  setOpened: (machineId: string | null) => void;
}): void {
  const acknowledge = useAcknowledge();
  const step = (by: number) => {
    const index = entries.findIndex(({ machine }) => machine.machineId === focusedId);
    const next = index < 0 ? 0 : Math.min(entries.length - 1, Math.max(0, index + by));
    const machineId = entries[next]?.machine.machineId;
    if (machineId === undefined) return;
    setFocused(machineId);
    // An open panel follows.
    if (openedId !== null) setOpened(machineId);
  };
  useHotkey("j", () => step(1));
  useHotkey("k", () => step(-1));
  useHotkey("x", () => {
    if (focusedId !== null) selection?.toggle(focusedId, false);
  });
  useHotkey("a", () => {
    const wantedId = openedId ?? focusedId;
    const entry = entries.find(({ machine }) => machine.machineId === wantedId);
    // Whoever may choose machines may acknowledge, too.
    if (entry !== undefined && selection !== null) void acknowledge(entry.machine);
  });
  useHotkey("Escape", () => {
    if (openedId !== null) setOpened(null);
    else selection?.clear();
  });
}
