/** What stands between an incident and those who want to hear of it. It gates what is told, never what is tracked. */
import { SECOND } from "../../core/time.ts";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { QueryCtx } from "../_generated/server.js";
import type { Suppression } from "../validators.ts";
import { activeFor } from "./maintenanceRows.ts";
import { isLate } from "../../core/status.ts";
import { timingFor } from "./settings.ts";

/** Room for the sweep to have seen the parent's own deadline. */
const PARENT_SLACK_MS = 15 * SECOND;

export type Obstacle =
  /** Nobody is told; `until` is when to look again, where that is known. */
  | { kind: "suppressed"; by: Suppression; until: number | null; parent: Id<"machines"> | null }
  /** The parent is late: whether it is down as well shows when its own deadline passes. */
  | { kind: "unsure"; until: number; parent: Id<"machines"> };

export async function obstacleOf(
  ctx: QueryCtx,
  {
    machine,
    windows,
    now,
  }: { machine: Doc<"machines">; windows: Doc<"maintenanceWindows">[]; now: number },
): Promise<Obstacle | null> {
  if (machine.pausedAt !== undefined) {
    return { kind: "suppressed", by: { kind: "paused" }, until: null, parent: null };
  }
  const active = activeFor(windows, machine, now);
  if (active !== null) {
    const by = { kind: "maintenance" as const, ...active };
    return { kind: "suppressed", by, until: active.until, parent: null };
  }
  return machine.parent === undefined ? null : await parentObstacle(ctx, machine.parent, now);
}

/** One step up is enough: a parent behind a silent parent is silent itself. */
async function parentObstacle(
  ctx: QueryCtx,
  parentId: Id<"machines">,
  now: number,
): Promise<Obstacle | null> {
  const parent = await ctx.db.get("machines", parentId);
  if (parent === null || parent.shelf !== undefined) return null;
  const pulse = await ctx.db
    .query("pulses")
    .withIndex("by_machine", (q) => q.eq("machine", parentId))
    .unique();
  if (pulse?.lastHeartbeatAt === undefined) return null;
  if (!pulse.isOnline) {
    const by = { kind: "parentDown" as const, parent: parent.name };
    return { kind: "suppressed", by, until: null, parent: parentId };
  }
  const { heartbeatIntervalMs, offlineThresholdMs } = timingFor(parent);
  if (!isLate({ lastSeenAt: pulse.lastHeartbeatAt, heartbeatIntervalMs }, now)) return null;
  const deadlineAt = pulse.deadlineAt ?? now + offlineThresholdMs;
  return { kind: "unsure", until: Math.max(deadlineAt, now) + PARENT_SLACK_MS, parent: parentId };
}
