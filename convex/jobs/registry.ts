/** What happens to machines later: rotations end, deleted machines go for good. Batches schedule themselves. */
import { v } from "convex/values";
import { internal } from "../_generated/api.js";
import { internalMutation } from "../functions.ts";
import * as Secrets from "../model/secrets.ts";
import * as Shelves from "../model/shelves.ts";

/** Each is a handful of rows, and its history follows on its own. */
const PURGE_BATCH = 100;

/** Deleted machines whose thirty days are over. */
export const purgeDeleted = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    const due = await ctx.db
      .query("machines")
      .withIndex("by_purgeAt", (q) => q.gt("purgeAt", 0).lte("purgeAt", Date.now()))
      .take(PURGE_BATCH);
    for (const machine of due) await Shelves.purge(ctx, machine);
    if (due.length === PURGE_BATCH) {
      await ctx.scheduler.runAfter(0, internal.jobs.registry.purgeDeleted, {});
    }
    return null;
  },
});

/** The end of a rotation's overlap, unless another rotation came between. */
export const forgetPreviousSecret = internalMutation({
  args: { machine: v.id("machines"), secretHash: v.string() },
  returns: v.null(),
  handler: async (ctx, { machine: _id, secretHash }) => {
    const machine = await ctx.db.get("machines", _id);
    if (machine?.previousSecretHash === secretHash) await Secrets.revokePrevious(ctx, machine);
    return null;
  },
});
