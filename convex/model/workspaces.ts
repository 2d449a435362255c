/** Workspaces: the tenants. Everybody has at least one; each has one owner. Who is in them is in members.ts. */
import type { Timing } from "../../core/status.ts";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import type { Role } from "../validators.ts";
import * as Access from "./access.ts";
import { fail } from "./fail.ts";
import { parseSettings } from "./machineSettings.ts";
import { parseName } from "./texts.ts";

/** A person can be in so many workspaces: lists are read whole. */
const MAX_MEMBERSHIPS = 100;
/** And a workspace can have so many people. */
export const MAX_MEMBERS = 1_000;

export interface Membership {
  workspaceId: Id<"workspaces">;
  name: string;
  role: Role;
}

/** A workspace of a user's own. */
export async function create(
  ctx: MutationCtx,
  { userId, name }: { userId: Id<"users">; name: string },
): Promise<Id<"workspaces">> {
  if ((await membershipsOf(ctx, userId)).length >= MAX_MEMBERSHIPS) {
    const message = `You can be in ${MAX_MEMBERSHIPS} workspaces at most.`;
    fail({ kind: "limitReached", message });
  }
  const workspaceId = await ctx.db.insert("workspaces", {
    name: parseName(name),
    createdBy: userId,
  });
  await ctx.db.insert("members", { workspaceId, userId, role: "owner" });
  return workspaceId;
}

/** Nobody is without a workspace: whoever left or lost their last one gets a new one of their own. */
export async function ensureOne(ctx: MutationCtx, userId: Id<"users">): Promise<void> {
  const user = await ctx.db.get("users", userId);
  if (user === null || user.deletedAt !== undefined) return;
  if ((await Access.currentMembership(ctx, user)) !== null) return;
  await create(ctx, { userId, name: user.name ?? "My machines" });
}

export async function membershipsOf(ctx: QueryCtx, userId: Id<"users">): Promise<Doc<"members">[]> {
  return await ctx.db
    .query("members")
    .withIndex("by_userId", (q) => q.eq("userId", userId))
    .take(MAX_MEMBERSHIPS);
}

/** The workspaces of a user, in the order in which they joined. */
export async function listOf(ctx: QueryCtx, userId: Id<"users">): Promise<Membership[]> {
  const rows = await Promise.all(
    (await membershipsOf(ctx, userId)).map(async ({ workspaceId, role }) => {
      const workspace = await ctx.db.get("workspaces", workspaceId);
      return workspace && { workspaceId, name: workspace.name, role };
    }),
  );
  return rows.filter((row) => row !== null);
}

/** What machines added from now on start with; null leaves it to the installation. Those that are there stay. */
export async function setDefaults(
  ctx: MutationCtx,
  {
    workspaceId,
    heartbeatIntervalMs,
    offlineThresholdMs,
  }: { workspaceId: Id<"workspaces"> } & { [Name in keyof Timing]: number | null },
): Promise<void> {
  const given = {
    ...(heartbeatIntervalMs !== null && { heartbeatIntervalMs }),
    ...(offlineThresholdMs !== null && { offlineThresholdMs }),
  };
  const cleared = { heartbeatIntervalMs: undefined, offlineThresholdMs: undefined };
  await ctx.db.patch("workspaces", workspaceId, { ...cleared, ...parseSettings(given) });
}

/** Makes it the one in which calls without a workspace work. Somebody else's does not exist. */
export async function select(
  ctx: MutationCtx,
  { user, workspaceId }: { user: Doc<"users">; workspaceId: Id<"workspaces"> },
): Promise<void> {
  await requireMembership(ctx, { userId: user._id, workspaceId });
  await ctx.db.patch("users", user._id, { currentWorkspaceId: workspaceId });
}

/** @throws AppError notFound for outsiders: a workspace does not tell that it exists. */
export async function requireMembership(
  ctx: QueryCtx,
  { userId, workspaceId }: { userId: Id<"users">; workspaceId: Id<"workspaces"> },
): Promise<Doc<"members">> {
  const membership = await Access.membershipIn(ctx, { userId, workspaceId });
  return (
    membership ?? fail({ kind: "notFound", message: "There is no such workspace among yours." })
  );
}
