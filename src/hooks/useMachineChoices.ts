import { useMemo } from "react";
import { api } from "@/lib/backend.ts";
import { useLiveQuery } from "./useLiveQuery.ts";

export interface MachineChoice {
  machineId: string;
  name: string;
  tags: string[];
}

/** The fleet's machines by name, to choose among; none while they load, and of fleets too large for one list. */
export function useMachineChoices(): readonly MachineChoice[] {
  const { data } = useLiveQuery(api.machines.list, {});
  return useMemo(
    () =>
      (data ?? none)
        .map(({ machineId, name, tags }) => ({ machineId, name, tags }))
        .sort((left, right) => left.name.localeCompare(right.name)),
    [data],
  );
}

/** All tags in use, each once. */
export function tagsOf(machines: readonly MachineChoice[]): string[] {
  return [...new Set(machines.flatMap(({ tags }) => tags))].sort();
}

const none: MachineChoice[] = [];
