/** Removes workspaces and accounts, batch by batch. */
import { v } from "convex/values";
import { internalMutation } from "../functions.ts";
import * as Removals from "../model/removals.ts";

export const step = internalMutation({
  args: { removalId: v.id("removals") },
  returns: v.null(),
  handler: async (ctx, { removalId }) => {
    const removal = await ctx.db.get("removals", removalId);
    if (removal !== null) await Removals.step(ctx, removal);
    return null;
  },
});
