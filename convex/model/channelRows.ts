/** The rows of channels, for those who decide and send. People's side is in channels.ts. */
import type { Doc, Id } from "../_generated/dataModel.js";
import type { QueryCtx } from "../_generated/server.js";

/** Each decision is one row per channel, written while a sweep holds its transaction. */
export const MAX_CHANNELS = 50;

export async function ofWorkspace(
  ctx: QueryCtx,
  workspaceId: Id<"workspaces">,
): Promise<Doc<"channels">[]> {
  return await ctx.db
    .query("channels")
    .withIndex("by_workspaceId", (q) => q.eq("workspaceId", workspaceId))
    .take(MAX_CHANNELS);
}
