/**
 * The late stage: where a channel wants to hear of machines past their interval, their heartbeats set the earlier of
 * two deadlines. Everywhere else it costs nothing.
 */
import { internal } from "../_generated/api.js";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import { ofWorkspace } from "./channelRows.ts";
import { preferencesOf } from "./preferences.ts";

/** Machines told of the change in one transaction. */
const BATCH = 100;

/** Whether a channel of the workspace wants to hear of late machines. */
export async function isWatched(ctx: QueryCtx, workspaceId: Id<"workspaces">): Promise<boolean> {
  const channels = await ofWorkspace(ctx, workspaceId);
  return channels.some((channel) => {
    const { events, isOff } = preferencesOf(channel);
    return !isOff && events.includes("machine.late");
  });
}

/** After a change of a channel that wants to hear of late machines, or did: has them watched, or no longer. */
export async function follow(
  ctx: MutationCtx,
  ...versions: Pick<Doc<"channels">, "workspaceId" | "events">[]
): Promise<void> {
  const concerned = versions.find(({ events }) => events?.includes("machine.late") === true);
  if (concerned === undefined) return;
  const { workspaceId } = concerned;
  await ctx.scheduler.runAfter(0, internal.jobs.lateStage.apply, { workspaceId });
}

/** One batch; the cursor of the next, or null at the end. Takes effect with each machine's next heartbeat. */
export async function applyBatch(
  ctx: MutationCtx,
  { workspaceId, cursor }: { workspaceId: Id<"workspaces">; cursor: string | null },
): Promise<string | null> {
  const watchesLate = (await isWatched(ctx, workspaceId)) ? true : undefined;
  const result = await ctx.db
    .query("machines")
    .withIndex("by_workspaceId_and_shelf_and_machineId", (q) => q.eq("workspaceId", workspaceId))
    .paginate({ cursor, numItems: BATCH });
  for (const machine of result.page) await mark(ctx, machine, watchesLate);
  return result.isDone ? null : result.continueCursor;
}

async function mark(
  ctx: MutationCtx,
  machine: Doc<"machines">,
  watchesLate: true | undefined,
): Promise<void> {
  const pulse = await ctx.db
    .query("pulses")
    .withIndex("by_machine", (q) => q.eq("machine", machine._id))
    .unique();
  if (pulse === null || pulse.watchesLate === watchesLate) return;
  await ctx.db.patch("pulses", pulse._id, { watchesLate });
}
