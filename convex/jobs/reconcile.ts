/** Walks over machines, incidents, lanes and fleets in small steps and repairs contradictions. Started by a cron. */
import { v } from "convex/values";
import { internal } from "../_generated/api.js";
import type { MutationCtx } from "../_generated/server.js";
import { internalMutation } from "../functions.ts";
import * as Reconciliation from "../model/reconciliation.ts";
import * as Sweeps from "../model/sweeps.ts";

const { BATCH } = Reconciliation;
/** A fleet whose counts are checked is read as a whole: beyond this it is left to its own book-keeping. */
const MAX_COUNTED = 2_000;
/** Heartbeats go first. */
const PAUSE_MS = 50;

const vPart = v.union(
  v.literal("machines"),
  v.literal("incidents"),
  v.literal("lanes"),
  v.literal("fleets"),
);
type Part = "machines" | "incidents" | "lanes" | "fleets";
type Step = { isDone: boolean; cursor: string };

export const run = internalMutation({
  args: { part: v.optional(vPart), cursor: v.optional(v.union(v.string(), v.null())) },
  returns: v.null(),
  handler: async (ctx, { part = "machines", cursor = null }) => {
    const step = await take(ctx, part, cursor);
    const next = step.isDone ? after(part) : part;
    if (next === null) {
      await Sweeps.recordReconciled(ctx, Date.now());
      return null;
    }
    await ctx.scheduler.runAfter(PAUSE_MS, internal.jobs.reconcile.run, {
      part: next,
      cursor: step.isDone ? null : step.cursor,
    });
    return null;
  },
});

async function take(ctx: MutationCtx, part: Part, cursor: string | null): Promise<Step> {
  const now = Date.now();
  const page = { cursor, numItems: BATCH };
  switch (part) {
    case "machines": {
      const result = await ctx.db.query("machines").paginate(page);
      for (const machine of result.page) await Reconciliation.checkMachine(ctx, machine, now);
      return { isDone: result.isDone, cursor: result.continueCursor };
    }
    case "incidents": {
      const result = await ctx.db
        .query("incidents")
        .withIndex("by_closedAt_and_workspaceId_and_wave", (q) => q.eq("closedAt", undefined))
        .paginate(page);
      for (const row of result.page) await Reconciliation.checkOpenIncident(ctx, row, now);
      return { isDone: result.isDone, cursor: result.continueCursor };
    }
    case "lanes": {
      const result = await ctx.db.query("lanes").paginate(page);
      for (const lane of result.page) await Reconciliation.checkLane(ctx, lane);
      return { isDone: result.isDone, cursor: result.continueCursor };
    }
    case "fleets": {
      const result = await ctx.db.query("fleets").paginate({ cursor, numItems: 1 });
      for (const { workspaceId, machines } of result.page) {
        if (machines > MAX_COUNTED) continue;
        const rows = await ctx.db
          .query("statuses")
          .withIndex("by_workspaceId_and_shelf_and_machineId", (q) =>
            q.eq("workspaceId", workspaceId).eq("shelf", undefined),
          )
          .take(MAX_COUNTED + 1);
        const online = rows.filter(({ status }) => status === "online").length;
        const counted = { machines: rows.length, online };
        if (rows.length <= MAX_COUNTED) {
          await Reconciliation.checkFleet(ctx, { workspaceId, counted });
        }
      }
      return { isDone: result.isDone, cursor: result.continueCursor };
    }
    default:
      return part satisfies never;
  }
}

function after(part: Part): Part | null {
  const order: Part[] = ["machines", "incidents", "lanes", "fleets"];
  return order[order.indexOf(part) + 1] ?? null;
}
