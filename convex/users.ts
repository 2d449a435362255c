/** Public functions on the caller. */
import { v } from "convex/values";
import { publicQuery } from "./functions.ts";
import * as Access from "./model/access.ts";
import { vRole } from "./validators.ts";

/** The caller and their workspace, or null: how the page learns that nobody is signed in. */
export const me = publicQuery({
  args: {},
  returns: v.union(
    v.null(),
    v.object({
      email: v.string(),
      name: v.string(),
      workspace: v.object({ workspaceId: v.id("workspaces"), name: v.string(), role: vRole }),
    }),
  ),
  handler: async (ctx) => {
    const user = await Access.currentUser(ctx);
    const membership = user && (await Access.currentMembership(ctx, user));
    const workspace = membership && (await ctx.db.get("workspaces", membership.workspaceId));
    if (user === null || membership === null || workspace === null) return null;
    const { _id: workspaceId, name } = workspace;
    return {
      email: user.email ?? "",
      name: user.name ?? "",
      workspace: { workspaceId, name, role: membership.role },
    };
  },
});
