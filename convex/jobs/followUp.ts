/** Looks at open incidents again when their time has come. Driven by the sweep's loop. */
import { v } from "convex/values";
import { MINUTE } from "../../core/time.ts";
import { internal } from "../_generated/api.js";
import type { Id } from "../_generated/dataModel.js";
import type { MutationCtx } from "../_generated/server.js";
import { internalMutation } from "../functions.ts";
import * as Desk from "../model/desk.ts";
import * as FollowUps from "../model/followUps.ts";

/** Bounds the transaction: each incident reads and writes a few rows per channel. */
const BATCH = 40;
/** An incident that cannot be handled waits this long, so that it neither stops nor fills every round. */
const PARK_MS = 10 * MINUTE;

/** One round; the next follows at once while more is due. */
export const runDue = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    const now = Date.now();
    const due = await ctx.db
      .query("incidents")
      .withIndex("by_followUpAt", (q) => q.gte("followUpAt", 0).lte("followUpAt", now))
      .take(BATCH);
    const incidentIds = due.map(({ _id }) => _id);
    if (incidentIds.length > 0) await followOrPark(ctx, { incidentIds, now });
    if (due.length === BATCH) await ctx.scheduler.runAfter(0, internal.jobs.followUp.runDue, {});
    return null;
  },
});

/** Decides some incidents anew. A transaction of its own inside the round's, so that it fails alone. */
export const follow = internalMutation({
  args: { incidentIds: v.array(v.id("incidents")), now: v.number() },
  returns: v.null(),
  handler: async (ctx, { incidentIds, now }) => {
    const desk = Desk.open(ctx, now);
    for (const incidentId of incidentIds) await FollowUps.run(desk, incidentId);
    await Desk.close(desk);
    return null;
  },
});

/** A parent is back: wakes the incidents of its children, in batches. */
export const unblock = internalMutation({
  args: { parent: v.id("machines") },
  returns: v.null(),
  handler: async (ctx, { parent }) => {
    const { isMoreLeft } = await FollowUps.unblock(ctx, parent, Date.now());
    if (isMoreLeft) await ctx.scheduler.runAfter(0, internal.jobs.followUp.unblock, { parent });
    return null;
  },
});

async function followOrPark(
  ctx: MutationCtx,
  { incidentIds, now }: { incidentIds: Id<"incidents">[]; now: number },
): Promise<void> {
  try {
    await ctx.runMutation(internal.jobs.followUp.follow, { incidentIds, now });
  } catch (error) {
    console.error("a batch of follow-ups failed, taking each alone:", error);
    for (const incidentId of incidentIds) await followAloneOrPark(ctx, incidentId, now);
  }
}

async function followAloneOrPark(
  ctx: MutationCtx,
  incidentId: Id<"incidents">,
  now: number,
): Promise<void> {
  try {
    await ctx.runMutation(internal.jobs.followUp.follow, { incidentIds: [incidentId], now });
  } catch (error) {
    console.error(`incident ${incidentId} cannot be followed up, parked:`, error);
    await ctx.db.patch("incidents", incidentId, { followUpAt: now + PARK_MS });
  }
}
