/** Whether more silences are likely to follow: a machine that beats as it should will not fall silent within seconds. */
import { isLate } from "../../core/status.ts";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { QueryCtx } from "../_generated/server.js";
import { timingFor } from "./settings.ts";

/** Where so many rows give no answer, the answer is yes: a message that waits a little is the lesser harm. */
const LOOKED_AT = 64;

/** Whether a machine of the workspace is late and would fall silent within so many milliseconds, or should have. */
export async function isAnyoneLate(
  ctx: QueryCtx,
  { workspaceId, now, withinMs }: { workspaceId: Id<"workspaces">; now: number; withinMs: number },
): Promise<boolean> {
  const pulses = await ctx.db
    .query("pulses")
    .withIndex("by_deadlineAt", (q) => q.gte("deadlineAt", 0).lte("deadlineAt", now + withinMs))
    .take(LOOKED_AT);
  for (const pulse of pulses) {
    const machine = await ctx.db.get("machines", pulse.machine);
    if (machine?.workspaceId === workspaceId && isSuspect(pulse, machine, now)) return true;
  }
  return pulses.length === LOOKED_AT;
}

function isSuspect(pulse: Doc<"pulses">, machine: Doc<"machines">, now: number): boolean {
  const isOverdue = pulse.deadlineAt !== undefined && pulse.deadlineAt <= now;
  if (isOverdue || !pulse.isOnline) return true;
  const { heartbeatIntervalMs } = timingFor(machine);
  return isLate({ lastSeenAt: pulse.lastHeartbeatAt ?? null, heartbeatIntervalMs }, now);
}
