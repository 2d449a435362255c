/** The monitor's own outages: nobody knows what machines did then, and nobody is blamed for it. */
import type { Interval } from "../../core/silences.ts";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";

/** More outages than this in one stretch of time, and the oldest are forgotten in the answer. */
const MAX_OUTAGES = 500;

/** From the last sweep before the outage to the first after it. */
export async function record(ctx: MutationCtx, { from, to }: Interval): Promise<void> {
  await ctx.db.insert("outages", { from, to });
}

/** Those that touch a stretch of time, oldest first. */
export async function between(ctx: QueryCtx, { from, to }: Interval): Promise<Interval[]> {
  const rows = await ctx.db
    .query("outages")
    .withIndex("by_to", (q) => q.gt("to", from))
    .order("desc")
    .take(MAX_OUTAGES);
  return rows
    .filter((outage) => outage.from < to)
    .map((outage) => ({ from: outage.from, to: outage.to }))
    .reverse();
}
