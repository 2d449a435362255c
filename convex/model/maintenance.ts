/** Maintenance windows as people manage them. Whether one is active is always a matter of the clock. */
import {
  isFor,
  nextStart,
  type Schedule,
  scheduleProblem,
  type Target,
} from "../../core/maintenance.ts";
import { isMachineId } from "../../core/token.ts";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import type { Member } from "./access.ts";
import { fail } from "./fail.ts";
import * as Incidents from "./incidents.ts";
import { checkInstant } from "./instants.ts";
import { MAX_WINDOWS, ofWorkspace } from "./maintenanceRows.ts";
import { parseName, parseTags } from "./texts.ts";

/** Machines that one window may name; more share a tag. */
const MAX_NAMED = 500;
/** Open incidents that are decided anew at once when a window changes; others when their window would have ended. */
const MAX_RECONSIDERED = 500;
/** Machines that a preview looks at. */
const MAX_PREVIEWED = 2_000;

export interface NewWindow extends Target {
  name: string;
  schedule: Schedule;
}

export async function create(
  ctx: MutationCtx,
  { member, ...window }: NewWindow & { member: Member },
): Promise<Id<"maintenanceWindows">> {
  const { workspaceId, user } = member;
  if ((await ofWorkspace(ctx, workspaceId)).length >= MAX_WINDOWS) {
    fail({ kind: "limitReached", message: `A workspace can have ${MAX_WINDOWS} windows.` });
  }
  return await ctx.db.insert("maintenanceWindows", {
    workspaceId,
    ...parse(window),
    createdBy: user._id,
  });
}

/** Replaces the window. Those whom the old one kept from being told are decided anew. */
export async function update(
  ctx: MutationCtx,
  {
    member,
    windowId,
    ...window
  }: NewWindow & { member: Member; windowId: Id<"maintenanceWindows"> },
): Promise<void> {
  const { _id, workspaceId, createdBy } = await get(ctx, { member, windowId });
  await ctx.db.replace("maintenanceWindows", _id, { workspaceId, createdBy, ...parse(window) });
  await reconsider(ctx, workspaceId);
}

export async function remove(
  ctx: MutationCtx,
  { member, windowId }: { member: Member; windowId: Id<"maintenanceWindows"> },
): Promise<void> {
  const { _id, workspaceId } = await get(ctx, { member, windowId });
  await ctx.db.delete("maintenanceWindows", _id);
  await reconsider(ctx, workspaceId);
}

export async function list(ctx: QueryCtx, { workspaceId }: Member) {
  const windows = await ofWorkspace(ctx, workspaceId);
  return windows.map(({ _id, name, machineIds = [], tags = [], schedule }) => ({
    windowId: _id,
    name,
    machineIds,
    tags,
    schedule,
  }));
}

/** Whom a window would be for, and when it begins, before it is saved. `at` is the viewer's now. */
export async function preview(
  ctx: QueryCtx,
  { member, at, schedule, ...target }: Target & { member: Member; at: number; schedule: Schedule },
) {
  checkInstant(at, "at");
  const machines = await ctx.db
    .query("machines")
    .withIndex("by_workspaceId_and_shelf_and_machineId", (q) =>
      q.eq("workspaceId", member.workspaceId).eq("shelf", undefined),
    )
    .take(MAX_PREVIEWED);
  const problem = scheduleProblem(schedule);
  return {
    machines: machines.filter((machine) => isFor(target, machine)).length,
    isMore: machines.length === MAX_PREVIEWED,
    nextStart: problem === null ? nextStart(schedule, at) : null,
    problem,
  };
}

async function get(
  ctx: QueryCtx,
  { member, windowId }: { member: Member; windowId: Id<"maintenanceWindows"> },
): Promise<Doc<"maintenanceWindows">> {
  const window = await ctx.db.get("maintenanceWindows", windowId);
  if (window?.workspaceId !== member.workspaceId) {
    return fail({ kind: "notFound", message: "There is no such maintenance window." });
  }
  return window;
}

function parse({ name, machineIds = [], tags = [], schedule }: NewWindow) {
  const problem = scheduleProblem(schedule);
  if (problem !== null) fail({ kind: "invalid", field: "schedule", message: problem });
  if (machineIds.length > MAX_NAMED) {
    const message = `Name at most ${MAX_NAMED} machines; give them a tag instead.`;
    fail({ kind: "invalid", field: "machineIds", message });
  }
  if (!machineIds.every(isMachineId)) {
    fail({ kind: "invalid", field: "machineIds", message: "Name machines by their ids." });
  }
  return {
    name: parseName(name),
    machineIds: [...new Set(machineIds)],
    tags: parseTags(tags),
    schedule,
  };
}

async function reconsider(ctx: MutationCtx, workspaceId: Id<"workspaces">): Promise<void> {
  const now = Date.now();
  const open = await ctx.db
    .query("incidents")
    .withIndex("by_closedAt_and_workspaceId_and_wave", (q) =>
      q.eq("closedAt", undefined).eq("workspaceId", workspaceId),
    )
    .take(MAX_RECONSIDERED);
  for (const { _id, suppressedBy } of open) {
    if (suppressedBy?.kind === "maintenance") await Incidents.reconsider(ctx, _id, now);
  }
}
