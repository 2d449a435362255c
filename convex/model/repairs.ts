/** What reconciliation found, for people to see. */
import type { Id } from "../_generated/dataModel.js";
import type { QueryCtx } from "../_generated/server.js";

const MAX_LISTED = 50;

export async function latest(ctx: QueryCtx, workspaceId: Id<"workspaces">) {
  const rows = await ctx.db
    .query("repairs")
    .withIndex("by_workspaceId", (q) => q.eq("workspaceId", workspaceId))
    .order("desc")
    .take(MAX_LISTED);
  return rows.map(({ _creationTime: at, subject, problem }) => ({ at, subject, problem }));
}
