/** The rows of channels, for those who decide and send. People's side is in channels.ts. */
import type { Doc, Id } from "../_generated/dataModel.js";
import type { QueryCtx } from "../_generated/server.js";

/** Each decision is one row per channel, written while a sweep holds its transaction. */
export const MAX_CHANNELS = 50;
/** Of all people together, and of each: one that is greedy takes nothing from the workspace's own. */
export const MAX_PERSONAL_CHANNELS = 50;
export const MAX_PERSONAL_CHANNELS_EACH = 10;

/** Everybody's, personal ones too. */
export async function ofWorkspace(
  ctx: QueryCtx,
  workspaceId: Id<"workspaces">,
): Promise<Doc<"channels">[]> {
  return await ctx.db
    .query("channels")
    .withIndex("by_workspaceId", (q) => q.eq("workspaceId", workspaceId))
    .take(MAX_CHANNELS + MAX_PERSONAL_CHANNELS);
}

/** The personal ones of one person in one workspace. */
export async function personalOf(
  ctx: QueryCtx,
  { userId, workspaceId }: { userId: Id<"users">; workspaceId: Id<"workspaces"> },
): Promise<Doc<"channels">[]> {
  return await ctx.db
    .query("channels")
    .withIndex("by_userId_and_workspaceId", (q) =>
      q.eq("userId", userId).eq("workspaceId", workspaceId),
    )
    .take(MAX_PERSONAL_CHANNELS_EACH);
}

/** Whether somebody may see it: what is personal is its owner's alone. */
export function isVisibleTo(
  row: { userId?: Id<"users"> | undefined },
  { user }: { user: Pick<Doc<"users">, "_id"> },
): boolean {
  return row.userId === undefined || row.userId === user._id;
}
