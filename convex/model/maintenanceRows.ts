/** The rows of maintenance windows, for those who decide. People's side is in maintenance.ts. */
import { activeUntil, isFor } from "../../core/maintenance.ts";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { QueryCtx } from "../_generated/server.js";

export const MAX_WINDOWS = 100;

export async function ofWorkspace(
  ctx: QueryCtx,
  workspaceId: Id<"workspaces">,
): Promise<Doc<"maintenanceWindows">[]> {
  return await ctx.db
    .query("maintenanceWindows")
    .withIndex("by_workspaceId", (q) => q.eq("workspaceId", workspaceId))
    .take(MAX_WINDOWS);
}

/** The window that keeps the machine in maintenance longest, and until when (milliseconds); null where none does. */
export function activeFor(
  windows: Doc<"maintenanceWindows">[],
  machine: { machineId: string; tags: string[] },
  now: number,
): { window: string; until: number } | null {
  const active = windows
    .filter((window) => isFor(window, machine))
    .map(({ name, schedule }) => ({ window: name, until: activeUntil(schedule, now) ?? 0 }))
    .filter(({ until }) => until > now);
  return active.sort((left, right) => right.until - left.until)[0] ?? null;
}
