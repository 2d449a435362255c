/** What the REST API reads of incidents. Access is checked ahead: see access.ts. */
import { v, type ObjectType } from "convex/values";
import type { Incident } from "../../core/restApi/schemas.ts";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { QueryCtx } from "../_generated/server.js";
import { internalQuery } from "../functions.ts";
import * as Machines from "../model/machines.ts";
import { PAGE_ROWS, pick, type Page } from "./collect.ts";

const pageArgs = {
  workspaceId: v.id("workspaces"),
  cursor: v.union(v.string(), v.null()),
  limit: v.number(),
  state: v.optional(v.union(v.literal("open"), v.literal("closed"))),
  machineId: v.optional(v.string()),
};
type PageArgs = ObjectType<typeof pageArgs>;

/** Latest first; the cursor is the creation time of the last that was looked at, after its wave where all are open. */
export const page = internalQuery({
  args: pageArgs,
  handler: async (ctx, args): Promise<Page<Incident>> => {
    const { workspaceId, cursor, limit, state, machineId } = args;
    if (state === "open" && machineId === undefined) return await openPage(ctx, args);
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

/** Those that are open have an index of their own: what is over, however much, is not read. */
async function openPage(
  ctx: QueryCtx,
  { workspaceId, cursor, limit }: PageArgs,
): Promise<Page<Incident>> {
  const place = cursor === null ? null : placeOf(cursor);
  if (place !== null && !(place.createdAt >= 0)) return { rows: [], next: null };
  const found = await openAfter(ctx, workspaceId, place);
  return await pick({
    found,
    limit,
    isLast: found.length < PAGE_ROWS,
    cursorOf: ({ wave, _creationTime }) => `${wave ?? ""}:${_creationTime}`,
    toRow: async (incident) => await Promise.resolve(rowOf(incident, "open")),
  });
}

interface Place {
  wave: number | undefined;
  createdAt: number;
}

/** NaN for what is no cursor of ours. */
function placeOf(cursor: string): Place {
  const [wave = "", createdAt = "x"] = cursor.split(":");
  return { wave: wave === "" ? undefined : Number(wave), createdAt: Number(createdAt) };
}

/** Waves do not overlap, so that the order of the index is that of time. */
async function openAfter(
  ctx: QueryCtx,
  workspaceId: Id<"workspaces">,
  place: Place | null,
): Promise<Doc<"incidents">[]> {
  const incidents = ctx.db.query("incidents");
  if (place === null) {
    const all = incidents.withIndex("by_closedAt_and_workspaceId_and_wave", (q) =>
      q.eq("closedAt", undefined).eq("workspaceId", workspaceId),
    );
    return await all.order("desc").take(PAGE_ROWS);
  }
  const { wave, createdAt } = place;
  const sameWave = incidents.withIndex("by_closedAt_and_workspaceId_and_wave", (q) =>
    q
      .eq("closedAt", undefined)
      .eq("workspaceId", workspaceId)
      .eq("wave", wave)
      .lt("_creationTime", createdAt),
  );
  const found = await sameWave.order("desc").take(PAGE_ROWS);
  if (wave === undefined) return found;
  const earlier = ctx.db
    .query("incidents")
    .withIndex("by_closedAt_and_workspaceId_and_wave", (q) =>
      q.eq("closedAt", undefined).eq("workspaceId", workspaceId).lt("wave", wave),
    );
  return [...found, ...(await earlier.order("desc").take(PAGE_ROWS - found.length))];
}

function rowOf(incident: Doc<"incidents">, state: "open" | "closed" | undefined): Incident | null {
  const { _id, machineId, machineName, openedAt, closedAt = null, reason } = incident;
  const isWanted = state === undefined || (state === "open") === (closedAt === null);
  return isWanted ? { incidentId: _id, machineId, machineName, openedAt, closedAt, reason } : null;
}
