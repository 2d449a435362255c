/** What the REST API reads of incidents. Access is checked ahead: see access.ts. */
import { v } from "convex/values";
import type { Incident } from "../../core/restApi/schemas.ts";
import type { Doc } from "../_generated/dataModel.js";
import { internalQuery } from "../functions.ts";
import * as Machines from "../model/machines.ts";
import { PAGE_ROWS, pick, type Page } from "./collect.ts";

/** Latest first; the cursor is the creation time of the last that was looked at. */
export const page = internalQuery({
  args: {
    workspaceId: v.id("workspaces"),
    cursor: v.union(v.string(), v.null()),
    limit: v.number(),
    state: v.optional(v.union(v.literal("open"), v.literal("closed"))),
    machineId: v.optional(v.string()),
  },
  handler: async (ctx, args): Promise<Page<Incident>> => {
    const { workspaceId, cursor, limit, state, machineId } = args;
    const before = cursor === null ? Infinity : Number(cursor);
    const machine =
      machineId === undefined
        ? null
        : await Machines.find(ctx, { member: { workspaceId }, machineId });
    if (Number.isNaN(before) || (machineId !== undefined && machine === null)) {
      return { rows: [], next: null };
    }
    const incidents = ctx.db.query("incidents");
    const ordered =
      machine === null
        ? incidents.withIndex("by_workspaceId", (q) =>
            q.eq("workspaceId", workspaceId).lt("_creationTime", before),
          )
        : incidents.withIndex("by_machine", (q) =>
            q.eq("machine", machine._id).lt("_creationTime", before),
          );
    const found = await ordered.order("desc").take(PAGE_ROWS);
    return await pick({
      found,
      limit,
      isLast: found.length < PAGE_ROWS,
      cursorOf: ({ _creationTime }) => String(_creationTime),
      toRow: async (incident) => await Promise.resolve(rowOf(incident, state)),
    });
  },
});

function rowOf(incident: Doc<"incidents">, state: "open" | "closed" | undefined): Incident | null {
  const { _id, machineId, machineName, openedAt, closedAt = null, reason } = incident;
  const isWanted = state === undefined || (state === "open") === (closedAt === null);
  return isWanted ? { incidentId: _id, machineId, machineName, openedAt, closedAt, reason } : null;
}
