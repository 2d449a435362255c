/** After the host's clock went back: what the old clock set for later would come much too late. */
import { v } from "convex/values";
import { internal } from "../_generated/api.js";
import { internalMutation } from "../functions.ts";
import * as SelfHeartbeats from "../model/selfHeartbeats.ts";
import { timingFor } from "../model/settings.ts";

const BATCH = 100;

/** Gives each machine whose deadline lies too far ahead a full threshold from now; our own heartbeat is due at once. */
export const rearm = internalMutation({
  args: { now: v.number(), cursor: v.optional(v.string()) },
  returns: v.null(),
  handler: async (ctx, { now, cursor }) => {
    if (cursor === undefined) await SelfHeartbeats.pullBack(ctx, now);
    const result = await ctx.db
      .query("pulses")
      .withIndex("by_deadlineAt", (q) => q.gt("deadlineAt", now))
      .paginate({ cursor: cursor ?? null, numItems: BATCH });
    for (const { _id, machine: machineDoc, isOnline, lastHeartbeatAt = now } of result.page) {
      const machine = await ctx.db.get("machines", machineDoc);
      if (machine === null || !isOnline || lastHeartbeatAt <= now) continue;
      const deadlineAt = now + timingFor(machine).offlineThresholdMs;
      await ctx.db.patch("pulses", _id, { deadlineAt, lastHeartbeatAt: now });
    }
    if (!result.isDone) {
      const args = { now, cursor: result.continueCursor };
      await ctx.scheduler.runAfter(0, internal.jobs.clock.rearm, args);
    }
    return null;
  },
});
