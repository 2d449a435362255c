/**
 * Removes machines that are silent for long, in workspaces that asked for it (S0.7): for autoscaled fleets. What it
 * would remove can be looked at first. Machines never seen and paused ones are left alone; what goes can be restored.
 */
import type { PaginationOptions } from "convex/server";
import { DAY, HOUR } from "../../core/time.ts";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import { bounded } from "./paging.ts";
import * as Shelves from "./shelves.ts";
import { parseDuration, parseTags } from "./texts.ts";

const SILENCE_LIMITS_MS = { min: HOUR, max: 365 * DAY };
const MAX_PAGE = 500;

/** What a clean-up takes: machines silent since before a time, with the tag if one is named. */
export interface Taking {
  silentSince: number;
  tag?: string | undefined;
}

export async function find(
  ctx: QueryCtx,
  workspaceId: Id<"workspaces">,
): Promise<Doc<"cleanUps"> | null> {
  return await ctx.db
    .query("cleanUps")
    .withIndex("by_workspaceId", (q) => q.eq("workspaceId", workspaceId))
    .unique();
}

/** Turns it on, or changes what it takes. It runs within the hour. */
export async function enable(
  ctx: MutationCtx,
  {
    workspaceId,
    silentForMs,
    tag,
  }: { workspaceId: Id<"workspaces">; silentForMs: number; tag?: string | undefined },
): Promise<void> {
  const settings = {
    silentForMs: parseDuration(silentForMs, { field: "silentForMs", ...SILENCE_LIMITS_MS }),
    tag: tag === undefined ? undefined : parseTags([tag])[0],
  };
  const before = await find(ctx, workspaceId);
  if (before === null) await ctx.db.insert("cleanUps", { workspaceId, ...settings });
  else await ctx.db.patch("cleanUps", before._id, settings);
}

export async function disable(ctx: MutationCtx, workspaceId: Id<"workspaces">): Promise<void> {
  const cleanUp = await find(ctx, workspaceId);
  if (cleanUp !== null) await ctx.db.delete("cleanUps", cleanUp._id);
}

/** One page of the machines that would go. */
export async function candidates(
  ctx: QueryCtx,
  {
    workspaceId,
    silentSince,
    tag,
    paginationOpts,
  }: Taking & { workspaceId: Id<"workspaces">; paginationOpts: PaginationOptions },
) {
  const silent = await ctx.db
    .query("statuses")
    .withIndex("by_workspaceId_and_shelf_and_status_and_since", (q) =>
      q
        .eq("workspaceId", workspaceId)
        .eq("shelf", undefined)
        .eq("status", "offline")
        .lt("since", silentSince),
    )
    .paginate(bounded(paginationOpts, MAX_PAGE));
  const rows = await Promise.all(
    silent.page.map(async (status) => {
      const machine = await ctx.db.get("machines", status.machine);
      const isTaken =
        machine !== null &&
        status.reason !== "waiting" &&
        machine.pausedAt === undefined &&
        (tag === undefined || machine.tags.includes(tag));
      return isTaken ? { machine, status } : null;
    }),
  );
  return { ...silent, page: rows.filter((row) => row !== null) };
}

/** Removes one page of them. Answers where to go on, or null when it is through. */
export async function run(
  ctx: MutationCtx,
  { cleanUp, cursor, now }: { cleanUp: Doc<"cleanUps">; cursor: string | null; now: number },
): Promise<string | null> {
  const { workspaceId, silentForMs, tag, _id } = cleanUp;
  const taking = { workspaceId, tag, silentSince: now - silentForMs };
  const paginationOpts = { cursor, numItems: MAX_PAGE / 5 };
  const { page, isDone, continueCursor } = await candidates(ctx, { ...taking, paginationOpts });
  for (const { machine } of page) {
    await Shelves.put(ctx, { machine, shelf: "deleted", shelvedBy: "cleanUp" });
  }
  const before = cursor === null ? 0 : (cleanUp.lastRemoved ?? 0);
  await ctx.db.patch("cleanUps", _id, { lastRunAt: now, lastRemoved: before + page.length });
  return isDone ? null : continueCursor;
}
