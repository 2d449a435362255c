import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { api, type MachineRow } from "@/lib/backend.ts";

const none: MachineRow[] = [];

/** The signed-in user's machines, live (S3.3). While loading or failed, `machines` is empty: look at the other two. */
export function useMachines(): { machines: MachineRow[]; loading: boolean; error: Error | null } {
  const { data, loading, error } = useLiveQuery(api.machines.list, {});
  return { machines: data ?? none, loading, error };
}
