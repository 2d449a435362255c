/** Shows what a mutation is about to do before the backend has answered; Convex takes it back with the answer. */
import { type OptimisticLocalStore } from "convex/browser";
import { api, type MachineRow } from "./backend.ts";

type Change = Partial<Pick<MachineRow, "pausedAt" | "tags">>;

/** Changes machines in the list of the fleet and on their own pages. Big fleets come packed, and wait for the answer. */
export function changeMachines(
  store: OptimisticLocalStore,
  machineIds: readonly string[],
  changeOf: (machine: Pick<MachineRow, "pausedAt" | "tags">) => Change,
): void {
  const ids = new Set(machineIds);
  const changed = (rows: MachineRow[]) =>
    rows.map((row) => (ids.has(row.machineId) ? { ...row, ...changeOf(row) } : row));
  for (const { args, value } of store.getAllQueries(api.machines.list)) {
    if (value !== undefined) store.setQuery(api.machines.list, args, changed(value));
  }
  for (const { args, value } of store.getAllQueries(api.machines.get)) {
    if (value == null || !ids.has(value.machineId)) continue;
    store.setQuery(api.machines.get, args, { ...value, ...changeOf(value) });
  }
}
