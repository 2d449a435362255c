/** Counts per workspace, moved by the changes themselves: nobody scans machines to count them. */
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";

/** Enough for every installation on one machine; a sum over more workspaces would be a scan. */
const MAX_WORKSPACES_SUMMED = 1_000;

/** Moves the counts; a negative number takes away. */
export async function count(
  ctx: MutationCtx,
  {
    workspaceId,
    machines = 0,
    online = 0,
  }: { workspaceId: Id<"workspaces">; machines?: number; online?: number },
): Promise<void> {
  const fleet = await find(ctx, workspaceId);
  if (fleet === null) await ctx.db.insert("fleets", { workspaceId, machines, online });
  else {
    await ctx.db.patch("fleets", fleet._id, {
      machines: fleet.machines + machines,
      online: fleet.online + online,
    });
  }
}

/** Machines in one workspace. */
export async function sizeOf(ctx: QueryCtx, workspaceId: Id<"workspaces">): Promise<number> {
  return (await find(ctx, workspaceId))?.machines ?? 0;
}

/** Machines of one workspace that are online, and all of its fleet. */
export async function countsOf(
  ctx: QueryCtx,
  workspaceId: Id<"workspaces">,
): Promise<{ active: number; total: number }> {
  const fleet = await find(ctx, workspaceId);
  return { active: fleet?.online ?? 0, total: fleet?.machines ?? 0 };
}

/** Machines of the whole installation, without names: safe to tell anybody. */
export async function total(ctx: QueryCtx): Promise<{ active: number; total: number }> {
  const fleets = await ctx.db.query("fleets").take(MAX_WORKSPACES_SUMMED);
  return fleets.reduce(
    (sum, fleet) => ({ active: sum.active + fleet.online, total: sum.total + fleet.machines }),
    { active: 0, total: 0 },
  );
}

async function find(ctx: QueryCtx, workspaceId: Id<"workspaces">): Promise<Doc<"fleets"> | null> {
  return await ctx.db
    .query("fleets")
    .withIndex("by_workspaceId", (q) => q.eq("workspaceId", workspaceId))
    .unique();
}
