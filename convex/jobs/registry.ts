/** What happens to machines later: rotations end, silent ones are cleaned up, deleted ones go for good. In batches. */
import { v } from "convex/values";
import { internal } from "../_generated/api.js";
import { internalMutation } from "../functions.ts";
import * as Audit from "../model/audit.ts";
import * as CleanUps from "../model/cleanUps.ts";
import * as Secrets from "../model/secrets.ts";
import * as Shelves from "../model/shelves.ts";

/** Each is a handful of rows, and its history follows on its own. */
const PURGE_BATCH = 100;
/** Enough for every installation on one machine. */
const MAX_CLEAN_UPS = 900;

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

/** Starts the clean-up of each workspace that wants it. */
export const startCleanUps = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    for (const { _id } of await ctx.db.query("cleanUps").take(MAX_CLEAN_UPS)) {
      await ctx.scheduler.runAfter(0, internal.jobs.registry.cleanUp, {
        cleanUpId: _id,
        cursor: null,
      });
    }
    return null;
  },
});

/** One batch of one workspace's clean-up. */
export const cleanUp = internalMutation({
  args: { cleanUpId: v.id("cleanUps"), cursor: v.union(v.string(), v.null()) },
  returns: v.null(),
  handler: async (ctx, { cleanUpId, cursor }) => {
    const cleanUp = await ctx.db.get("cleanUps", cleanUpId);
    if (cleanUp === null) return null;
    const { workspaceId } = cleanUp;
    const actor = { kind: "system" as const, name: "clean-up" };
    const next = await Audit.during(
      ctx,
      { actor, action: "cleanUps.run", workspaceId },
      async (watched) => await CleanUps.run(watched, { cleanUp, cursor, now: Date.now() }),
    );
    if (next !== null) {
      const job = internal.jobs.registry.cleanUp;
      await ctx.scheduler.runAfter(0, job, { cleanUpId, cursor: next });
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
