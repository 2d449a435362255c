/**
 * Removes workspaces and accounts with everything in them, in batches that schedule themselves. A workspace is gone for
 * its people at once: its members go first. A row per removal tells how far it is.
 */
import { internal } from "../_generated/api.js";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import { fail } from "./fail.ts";
import * as Forgetting from "./forgetting.ts";
import * as Members from "./members.ts";
import * as Sessions from "./sessions.ts";
import * as Shelves from "./shelves.ts";
import * as WorkspaceRows from "./workspaceRows.ts";
import * as Workspaces from "./workspaces.ts";

const MAX_SHOWN = 50;
/** Machines taken out of the fleet in one transaction. */
const SHELF_BATCH = 50;

export async function removeWorkspace(
  ctx: MutationCtx,
  { workspaceId, startedBy }: { workspaceId: Id<"workspaces">; startedBy: Id<"users"> },
): Promise<void> {
  const removalId = await empty(ctx, { workspaceId, startedBy });
  await ctx.scheduler.runAfter(0, internal.jobs.removals.step, { removalId });
}

/** The account, its sessions, and the workspaces in which nobody else is. @throws AppError while others are in one. */
export async function removeAccount(ctx: MutationCtx, user: Doc<"users">): Promise<void> {
  const userId = user._id;
  const memberships = await Workspaces.membershipsOf(ctx, userId);
  const owned = memberships.filter(({ role }) => role === "owner");
  await checkSole(ctx, owned);
  await ctx.db.patch("users", userId, { deletedAt: Date.now() });
  for (const { workspaceId } of owned) await empty(ctx, { workspaceId, startedBy: userId });
  for (const membership of memberships.filter(({ role }) => role !== "owner")) {
    await Members.takeOut(ctx, membership);
  }
  const name = user.email ?? user.name ?? "";
  const removal = { userId, name, startedBy: userId, removedRows: 0 };
  const removalId = await ctx.db.insert("removals", removal);
  await ctx.scheduler.runAfter(0, internal.jobs.removals.step, { removalId });
}

/** One batch. Schedules the next until nothing is left. */
export async function step(ctx: MutationCtx, removal: Doc<"removals">): Promise<void> {
  const removed = await removeBatch(ctx, removal);
  if (removed === 0) {
    await finish(ctx, removal);
    return;
  }
  const removedRows = removal.removedRows + removed;
  await ctx.db.patch("removals", removal._id, { removedRows });
  await ctx.scheduler.runAfter(0, internal.jobs.removals.step, { removalId: removal._id });
}

export async function startedBy(ctx: QueryCtx, userId: Id<"users">): Promise<Doc<"removals">[]> {
  return await ctx.db
    .query("removals")
    .withIndex("by_startedBy", (q) => q.eq("startedBy", userId))
    .order("desc")
    .take(MAX_SHOWN);
}

/** Takes all people out and ends what else lets somebody in, at once: nobody sees the workspace any more. */
async function empty(
  ctx: MutationCtx,
  { workspaceId, startedBy }: { workspaceId: Id<"workspaces">; startedBy: Id<"users"> },
): Promise<Id<"removals">> {
  const workspace = await ctx.db.get("workspaces", workspaceId);
  for (const { _id, userId } of await Members.ofWorkspace(ctx, workspaceId)) {
    await ctx.db.delete("members", _id);
    await Workspaces.ensureOne(ctx, userId);
  }
  await WorkspaceRows.closeDoors(ctx, workspaceId);
  const name = workspace?.name ?? "";
  return await ctx.db.insert("removals", { workspaceId, name, startedBy, removedRows: 0 });
}

async function checkSole(ctx: QueryCtx, owned: Doc<"members">[]): Promise<void> {
  const shared: string[] = [];
  for (const { workspaceId } of owned) {
    const members = await Members.ofWorkspace(ctx, workspaceId);
    const workspace = members.length > 1 ? await ctx.db.get("workspaces", workspaceId) : null;
    if (workspace !== null) shared.push(workspace.name);
  }
  if (shared.length === 0) return;
  fail({
    kind: "invalid",
    field: "workspaces",
    message: `Others are in workspaces that you own: ${shared.join(", ")}. Transfer or delete them first.`,
  });
}

async function removeBatch(ctx: MutationCtx, removal: Doc<"removals">): Promise<number> {
  const { workspaceId, userId } = removal;
  if (workspaceId !== undefined) return await forgetWorkspace(ctx, workspaceId);
  if (userId === undefined) return 0;
  const rest = await startedBy(ctx, userId);
  const workspaces = rest.filter((other) => other.workspaceId !== undefined);
  for (const other of workspaces) {
    if (other.finishedAt !== undefined || other.workspaceId === undefined) continue;
    const removed = await forgetWorkspace(ctx, other.workspaceId);
    if (removed > 0) return removed;
    await finish(ctx, other);
    return 1;
  }
  return await forgetUser(ctx, userId);
}

async function finish(ctx: MutationCtx, { _id, userId }: Doc<"removals">): Promise<void> {
  if (userId === undefined) await ctx.db.patch("removals", _id, { finishedAt: Date.now() });
  else await ctx.db.delete("removals", _id);
}

/** One batch of a workspace; 0 when nothing is left of it. Machines stop first, so that no new history comes. */
async function forgetWorkspace(ctx: MutationCtx, workspaceId: Id<"workspaces">): Promise<number> {
  const machines = await ctx.db
    .query("machines")
    .withIndex("by_workspaceId_and_shelf_and_machineId", (q) => q.eq("workspaceId", workspaceId))
    .take(SHELF_BATCH);
  const active = machines.filter(({ shelf }) => shelf === undefined);
  for (const machine of active) await Shelves.put(ctx, { machine, shelf: "deleted" });
  if (active.length > 0) return active.length;
  const [machine] = machines;
  if (machine !== undefined) {
    const removed = await Forgetting.forgetMachine(ctx, machine._id);
    if (removed === 0) await Shelves.purge(ctx, machine);
    return Math.max(1, removed);
  }
  const removed = await WorkspaceRows.forget(ctx, workspaceId);
  if (removed > 0) return removed;
  if ((await ctx.db.get("workspaces", workspaceId)) === null) return 0;
  await ctx.db.delete("workspaces", workspaceId);
  return 1;
}

/** One batch of an account, and at last the user: from then on all of its sessions are nobody's. */
async function forgetUser(ctx: MutationCtx, userId: Id<"users">): Promise<number> {
  const removed = await Sessions.forget(ctx, userId, Forgetting.BATCH);
  if (removed > 0) return removed;
  for (const { _id, workspaceId } of await startedBy(ctx, userId)) {
    if (workspaceId !== undefined) await ctx.db.delete("removals", _id);
  }
  if ((await ctx.db.get("users", userId)) === null) return 0;
  await ctx.db.delete("users", userId);
  return 1;
}
