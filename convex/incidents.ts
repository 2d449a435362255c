/** Public functions on incidents. */
import { paginationOptsValidator, paginationResultValidator } from "convex/server";
import { v } from "convex/values";
import { viewerQuery } from "./functions.ts";
import { vIncidentReason } from "./validators.ts";

/** Latest first. */
export const list = viewerQuery({
  args: { paginationOpts: paginationOptsValidator },
  returns: paginationResultValidator(
    v.object({
      incidentId: v.id("incidents"),
      machineId: v.string(),
      machineName: v.string(),
      openedAt: v.number(),
      closedAt: v.union(v.number(), v.null()),
      reason: vIncidentReason,
    }),
  ),
  handler: async (ctx, { paginationOpts }) => {
    const { workspaceId } = ctx.member;
    const result = await ctx.db
      .query("incidents")
      .withIndex("by_workspaceId", (q) => q.eq("workspaceId", workspaceId))
      .order("desc")
      .paginate(paginationOpts);
    const page = result.page.map(({ _id, machineId, machineName, openedAt, closedAt, reason }) => ({
      incidentId: _id,
      machineId,
      machineName,
      openedAt,
      closedAt: closedAt ?? null,
      reason,
    }));
    return { ...result, page };
  },
});
