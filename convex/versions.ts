/** Public functions on versions. What runs now: see operators.versions. */
import { v } from "convex/values";
import { viewerQuery } from "./functions.ts";
import * as Versions from "./model/versions.ts";

/** Changes of version from `from` to `to` (ms), added up per step, for rollOut of core/versions.ts. */
export const changes = viewerQuery({
  args: { from: v.number(), to: v.number() },
  returns: v.object({
    changes: v.array(
      v.object({
        at: v.number(),
        from: v.union(v.string(), v.null()),
        to: v.union(v.string(), v.null()),
        machines: v.number(),
      }),
    ),
    isTruncated: v.boolean(),
  }),
  handler: async (ctx, { from, to }) => {
    const { workspaceId } = ctx.member;
    return await Versions.changes(ctx, { workspaceId, from, to });
  },
});
