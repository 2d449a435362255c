/** Tells all machines of a workspace whether somebody wants to hear when they are late, in batches. */
import { v } from "convex/values";
import { internal } from "../_generated/api.js";
import { internalMutation } from "../functions.ts";
import * as LateStage from "../model/lateStage.ts";

export const apply = internalMutation({
  args: { workspaceId: v.id("workspaces"), cursor: v.optional(v.string()) },
  returns: v.null(),
  handler: async (ctx, { workspaceId, cursor = null }) => {
    const next = await LateStage.applyBatch(ctx, { workspaceId, cursor });
    if (next !== null) {
      const args = { workspaceId, cursor: next };
      await ctx.scheduler.runAfter(0, internal.jobs.lateStage.apply, args);
    }
    return null;
  },
});
