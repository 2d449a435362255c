/**
 * How far back the changes of machines reach. What a machine was at the horizon is told by its last change before it:
 * that one stays, marked as the first that is kept, and those before it go. So one change a machine is kept for good;
 * each is looked at once, when the horizon passes it, and not again with every batch.
 */
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";

export type Changes = "statusChanges" | "versionChanges";

/** As a rule there is one. */
const MAX_OLDER = 50;

/**
 * Moves the horizon over the changes that were made before a moment (ms). Answers how many were looked at: as many as
 * `limit`, and there may be more.
 */
export async function pass(
  ctx: MutationCtx,
  table: Changes,
  { before, limit }: { before: number; limit: number },
): Promise<number> {
  const passed = (await find(ctx))?.[table] ?? 0;
  const changes = await ctx.db
    .query(table)
    .withIndex("by_creation_time", (q) => q.gt("_creationTime", passed).lt("_creationTime", before))
    .take(limit);
  let until = passed;
  for (const change of changes) {
    const older = await olderThan(ctx, table, change);
    for (const { _id } of older) await ctx.db.delete(table, _id);
    if (older.length === MAX_OLDER) {
      await setPassed(ctx, table, until);
      return limit;
    }
    if (older.length > 0) await ctx.db.patch(table, change._id, { isFirstKept: true });
    until = change._creationTime;
  }
  if (until > passed) await setPassed(ctx, table, until);
  return changes.length;
}

/** Of the same machine. */
async function olderThan(
  ctx: QueryCtx,
  table: Changes,
  { machine, at }: Doc<Changes>,
): Promise<{ _id: Id<Changes> }[]> {
  return await ctx.db
    .query(table)
    .withIndex("by_machine_and_at", (q) => q.eq("machine", machine).lt("at", at))
    .take(MAX_OLDER);
}

async function setPassed(ctx: MutationCtx, table: Changes, until: number): Promise<void> {
  const horizons = await find(ctx);
  if (horizons === null) {
    await ctx.db.insert("horizons", { statusChanges: 0, versionChanges: 0, [table]: until });
  } else await ctx.db.patch("horizons", horizons._id, { [table]: until });
}

async function find(ctx: QueryCtx): Promise<Doc<"horizons"> | null> {
  return await ctx.db.query("horizons").first();
}
