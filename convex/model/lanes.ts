/** One lane per channel: its place in the queue and its health. A dead channel holds up its own lane only. */
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";

type Channel = Pick<Doc<"channels">, "_id" | "workspaceId">;

export async function find(ctx: QueryCtx, channelId: Id<"channels">): Promise<Doc<"lanes"> | null> {
  return await ctx.db
    .query("lanes")
    .withIndex("by_channelId", (q) => q.eq("channelId", channelId))
    .unique();
}

/** The channel's lane, made where there is none. */
export async function ensure(ctx: MutationCtx, channel: Channel): Promise<Doc<"lanes">> {
  const { _id: channelId, workspaceId } = channel;
  const lane = await find(ctx, channelId);
  if (lane !== null) return lane;
  const id = await ctx.db.insert("lanes", { workspaceId, channelId, failures: 0 });
  const made = await ctx.db.get("lanes", id);
  if (made === null) throw new Error("a lane just inserted is missing");
  return made;
}

/** Has the lane looked at no later than `at` (milliseconds). */
export async function wakeAt(ctx: MutationCtx, channel: Channel, at: number): Promise<void> {
  const lane = await ensure(ctx, channel);
  if (lane.dueAt === undefined || lane.dueAt > at) {
    await ctx.db.patch("lanes", lane._id, { dueAt: at });
  }
}

/** Lanes that have something to send by now, those that wait longest first. */
export async function due(ctx: QueryCtx, now: number, limit: number): Promise<Doc<"lanes">[]> {
  return await ctx.db
    .query("lanes")
    .withIndex("by_dueAt", (q) => q.gte("dueAt", 0).lte("dueAt", now))
    .take(limit);
}

/** Puts the lane where its next queued delivery is, or out of the queue. */
export async function rearm(ctx: MutationCtx, lane: Doc<"lanes">): Promise<void> {
  const next = await ctx.db
    .query("deliveries")
    .withIndex("by_state_and_channelId_and_dueAt", (q) =>
      q.eq("state", "queued").eq("channelId", lane.channelId).gte("dueAt", 0),
    )
    .first();
  await park(ctx, lane, next?.dueAt);
}

/** Out of the queue until something is settled, or until `dueAt`. */
export async function park(
  ctx: MutationCtx,
  lane: Doc<"lanes">,
  dueAt: number | undefined,
): Promise<void> {
  if (lane.dueAt !== dueAt) await ctx.db.patch("lanes", lane._id, { dueAt });
}
