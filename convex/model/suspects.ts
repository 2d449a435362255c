/** Whether more silences are likely to follow: a machine that beats as it should will not fall silent within seconds. */
import { isLate } from "../../core/status.ts";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { QueryCtx } from "../_generated/server.js";
import { timingFor } from "./settings.ts";

/** Where so many rows give no answer, it is "late": a message that waits a little is the lesser harm. */
const LOOKED_AT = 64;

/** Overdue: the sweep will flip it in this round. Late: it may fall silent within the time asked for. */
export type Suspicion = "overdue" | "late" | null;

/** The worst that can be said of the workspace's machines that would fall silent within so many milliseconds. */
export async function suspicionOf(
  ctx: QueryCtx,
  { workspaceId, now, withinMs }: { workspaceId: Id<"workspaces">; now: number; withinMs: number },
): Promise<Suspicion> {
  const pulses = await ctx.db
    .query("pulses")
    .withIndex("by_deadlineAt", (q) => q.gte("deadlineAt", 0).lte("deadlineAt", now + withinMs))
    .take(LOOKED_AT);
  // In the order of their deadlines, so that the first that is overdue comes before those that are late.
  for (const pulse of pulses) {
    const machine = await ctx.db.get("machines", pulse.machine);
    if (machine?.workspaceId !== workspaceId) continue;
    if (pulse.deadlineAt !== undefined && pulse.deadlineAt <= now) return "overdue";
    if (isSuspect(pulse, machine, now)) return "late";
  }
  return pulses.length === LOOKED_AT ? "late" : null;
}

function isSuspect(pulse: Doc<"pulses">, machine: Doc<"machines">, now: number): boolean {
  if (!pulse.isOnline) return true;
  const { heartbeatIntervalMs } = timingFor(machine);
  return isLate({ lastSeenAt: pulse.lastHeartbeatAt ?? null, heartbeatIntervalMs }, now);
}
