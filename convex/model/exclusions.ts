/** Times that count for nobody: our own outages, and maintenance. Read once per call, however many machines ask. */
import { isFor, type Target } from "../../core/maintenance.ts";
import { occurrencesOf } from "../../core/occurrences.ts";
import type { Interval } from "../../core/silences.ts";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { QueryCtx } from "../_generated/server.js";
import * as MaintenanceRows from "./maintenanceRows.ts";
import * as Outages from "./outages.ts";

export interface Exclusions {
  outages: () => Promise<Interval[]>;
  maintenanceOf: (machine: Doc<"machines">) => Promise<Interval[]>;
}

type Windows = { target: Target; intervals: Interval[] }[];

/** What to leave out of the record of machines within a stretch of time. */
export function within(ctx: QueryCtx, stretch: Interval): Exclusions {
  let outages: Promise<Interval[]> | undefined;
  const windows = new Map<Id<"workspaces">, Promise<Windows>>();
  const windowsOf = (workspaceId: Id<"workspaces">): Promise<Windows> => {
    const known = windows.get(workspaceId) ?? readWindows(ctx, workspaceId, stretch);
    windows.set(workspaceId, known);
    return known;
  };
  return {
    outages: async () => await (outages ??= Outages.between(ctx, stretch)),
    maintenanceOf: async (machine) =>
      (await windowsOf(machine.workspaceId))
        .filter(({ target }) => isFor(target, machine))
        .flatMap(({ intervals }) => intervals),
  };
}

async function readWindows(
  ctx: QueryCtx,
  workspaceId: Id<"workspaces">,
  stretch: Interval,
): Promise<Windows> {
  const rows = await MaintenanceRows.ofWorkspace(ctx, workspaceId);
  return rows.map(({ machineIds, tags, schedule }) => ({
    target: { machineIds, tags },
    intervals: occurrencesOf(schedule, stretch),
  }));
}
