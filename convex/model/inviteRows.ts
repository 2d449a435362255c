/** The rows of invites, for those who let people in and out. People's side is in invites.ts. */
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";

export const MAX_INVITES = 200;

/** Latest first, those that were accepted or have expired too. */
export async function ofWorkspace(
  ctx: QueryCtx,
  workspaceId: Id<"workspaces">,
): Promise<Doc<"invites">[]> {
  return await ctx.db
    .query("invites")
    .withIndex("by_workspaceId", (q) => q.eq("workspaceId", workspaceId))
    .order("desc")
    .take(MAX_INVITES);
}

/** Those that somebody made and nobody has accepted: whoever may not invite any more must not come back by their own link. */
export async function withdraw(
  ctx: MutationCtx,
  { workspaceId, userId }: { workspaceId: Id<"workspaces">; userId: Id<"users"> },
): Promise<void> {
  for (const { _id, createdBy, acceptedBy } of await ofWorkspace(ctx, workspaceId)) {
    if (createdBy === userId && acceptedBy === undefined) await ctx.db.delete("invites", _id);
  }
}
