/** Removes what is old or belongs to a removed machine, in batches that schedule themselves. */
import { v } from "convex/values";
import { DAY } from "../../core/time.ts";
import { internal } from "../_generated/api.js";
import type { Id } from "../_generated/dataModel.js";
import type { MutationCtx } from "../_generated/server.js";
import { internalMutation } from "../functions.ts";
import { SAMPLE_LIFETIME_MS } from "../model/pulses.ts";

/** Rows removed in one transaction. */
const BATCH = 500;
const DELIVERY_LIFETIME_MS = 30 * DAY;

/** Samples after a day, deliveries after thirty. */
export const removeOld = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    const now = Date.now();
    const samples = await ctx.db
      .query("samples")
      .withIndex("by_creation_time", (q) => q.lt("_creationTime", now - SAMPLE_LIFETIME_MS))
      .take(BATCH);
    for (const { _id } of samples) await ctx.db.delete("samples", _id);
    const deliveries = await ctx.db
      .query("deliveries")
      .withIndex("by_creation_time", (q) => q.lt("_creationTime", now - DELIVERY_LIFETIME_MS))
      .take(BATCH);
    for (const { _id } of deliveries) await ctx.db.delete("deliveries", _id);
    if (samples.length === BATCH || deliveries.length === BATCH) {
      await ctx.scheduler.runAfter(0, internal.jobs.retain.removeOld, {});
    }
    return null;
  },
});

/** The history of a machine that was removed. What was told about it stays in the delivery log. */
export const forgetMachine = internalMutation({
  args: { machine: v.id("machines") },
  returns: v.null(),
  handler: async (ctx, { machine }) => {
    const removed =
      (await forgetSamples(ctx, machine)) +
      (await forgetChanges(ctx, machine)) +
      (await forgetIncidents(ctx, machine));
    if (removed > 0) {
      await ctx.scheduler.runAfter(0, internal.jobs.retain.forgetMachine, { machine });
    }
    return null;
  },
});

async function forgetSamples(ctx: MutationCtx, machine: Id<"machines">): Promise<number> {
  const rows = await ctx.db
    .query("samples")
    .withIndex("by_machine_and_at", (q) => q.eq("machine", machine))
    .take(BATCH);
  for (const { _id } of rows) await ctx.db.delete("samples", _id);
  return rows.length;
}

async function forgetChanges(ctx: MutationCtx, machine: Id<"machines">): Promise<number> {
  const rows = await ctx.db
    .query("statusChanges")
    .withIndex("by_machine_and_at", (q) => q.eq("machine", machine))
    .take(BATCH);
  for (const { _id } of rows) await ctx.db.delete("statusChanges", _id);
  return rows.length;
}

async function forgetIncidents(ctx: MutationCtx, machine: Id<"machines">): Promise<number> {
  const rows = await ctx.db
    .query("incidents")
    .withIndex("by_machine", (q) => q.eq("machine", machine))
    .take(BATCH);
  for (const { _id } of rows) await ctx.db.delete("incidents", _id);
  return rows.length;
}
