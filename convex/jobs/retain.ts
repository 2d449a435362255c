/** Removes what is old or belongs to a removed machine, in batches that schedule themselves. */
import { v } from "convex/values";
import { DAY, MINUTE } from "../../core/time.ts";
import { internal } from "../_generated/api.js";
import { internalMutation } from "../functions.ts";
import * as Forgetting from "../model/forgetting.ts";
import * as RateLimits from "../model/rateLimits.ts";

/** Shorter than the cron's interval: two rounds at once would only be in each other's way. */
const ROUND_MS = 4 * MINUTE;
/** Heartbeats go first. */
const PAUSE_MS = 20;

/** What is older than it is kept. A round that is not done when the next begins leaves the rest to it. */
export const removeOld = internalMutation({
  args: { startedAt: v.optional(v.number()) },
  returns: v.null(),
  handler: async (ctx, args) => {
    const now = Date.now();
    const startedAt = args.startedAt ?? now;
    const removed = await Forgetting.forgetOld(ctx, now);
    if (removed >= Forgetting.BATCH && now - startedAt < ROUND_MS) {
      await ctx.scheduler.runAfter(PAUSE_MS, internal.jobs.retain.removeOld, { startedAt });
    }
    return null;
  },
});

/** Who tried to sign in, or came with a wrong token: the limits on that are over within an hour. */
export const forgetLimits = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    await RateLimits.forgetOld(ctx, Date.now() - DAY);
    return null;
  },
});

/** The history of a machine that was removed. */
export const forgetMachine = internalMutation({
  args: { machine: v.id("machines") },
  returns: v.null(),
  handler: async (ctx, { machine }) => {
    if ((await Forgetting.forgetMachine(ctx, machine)) > 0) {
      await ctx.scheduler.runAfter(0, internal.jobs.retain.forgetMachine, { machine });
    }
    return null;
  },
});
