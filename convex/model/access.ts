/** Who is calling, and which workspace that lets them into. Used by the builders in functions.ts. */
import { getAuthSessionId, getAuthUserId } from "@convex-dev/auth/server";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { QueryCtx } from "../_generated/server.js";
import type { Role } from "../validators.ts";
import { fail } from "./fail.ts";

export interface Member {
  user: Doc<"users">;
  workspaceId: Id<"workspaces">;
  role: Role;
}

/** Who calls an action, which has no database. */
export interface Caller {
  userId: Id<"users">;
  sessionId: Id<"authSessions">;
  email: string;
  hasPassword: boolean;
}

const rank: Record<Role, number> = { viewer: 0, member: 1, admin: 2, owner: 3 };

/**
 * The signed-in user, or null: for a stranger, for a session that was ended (its token would be good for an hour yet),
 * and for a user that is gone or being deleted.
 */
export async function currentUser(ctx: QueryCtx): Promise<Doc<"users"> | null> {
  const user = await userOfSession(ctx);
  return user?.deletedAt === undefined ? user : null;
}

/** As `currentUser`, and whoever is being deleted: to watch how far that has come. */
export async function userOfSession(ctx: QueryCtx): Promise<Doc<"users"> | null> {
  const [userId, session] = [await getAuthUserId(ctx), await currentSession(ctx)];
  if (userId === null || session?.userId !== userId) return null;
  return await ctx.db.get("users", session.userId);
}

export async function currentSession(ctx: QueryCtx): Promise<Doc<"authSessions"> | null> {
  const sessionId = await getAuthSessionId(ctx);
  const id = sessionId === null ? null : ctx.db.normalizeId("authSessions", sessionId);
  return id === null ? null : await ctx.db.get("authSessions", id);
}

/** @throws AppError notSignedIn */
export async function requireUser(ctx: QueryCtx): Promise<Doc<"users">> {
  const user = await currentUser(ctx);
  return user ?? refuseStranger();
}

export function refuseStranger(): never {
  return fail({ kind: "notSignedIn", message: "Sign in to continue." });
}

/** The workspace that a user works in when none is named: the one that they chose, or the first that they joined. */
export async function currentMembership(
  ctx: QueryCtx,
  { _id: userId, currentWorkspaceId }: Doc<"users">,
): Promise<Doc<"members"> | null> {
  const chosen =
    currentWorkspaceId === undefined
      ? null
      : await membershipIn(ctx, { userId, workspaceId: currentWorkspaceId });
  return (
    chosen ??
    (await ctx.db
      .query("members")
      .withIndex("by_userId", (q) => q.eq("userId", userId))
      .first())
  );
}

export async function membershipIn(
  ctx: QueryCtx,
  { userId, workspaceId }: { userId: Id<"users">; workspaceId: Id<"workspaces"> },
): Promise<Doc<"members"> | null> {
  return await ctx.db
    .query("members")
    .withIndex("by_workspaceId_and_userId", (q) =>
      q.eq("workspaceId", workspaceId).eq("userId", userId),
    )
    .unique();
}

/** Refuses strangers (notSignedIn), outsiders (notFound: a workspace does not tell that it exists) and lower roles. */
export async function requireMember(
  ctx: QueryCtx,
  { workspaceId, role = "viewer" }: { workspaceId?: Id<"workspaces"> | undefined; role?: Role },
): Promise<Member> {
  const user = await requireUser(ctx);
  const membership =
    workspaceId === undefined
      ? await currentMembership(ctx, user)
      : await membershipIn(ctx, { userId: user._id, workspaceId });
  if (membership === null) {
    return fail({ kind: "notFound", message: "There is no such workspace among yours." });
  }
  requireRole(membership, role);
  return { user, workspaceId: membership.workspaceId, role: membership.role };
}

/** Whether somebody has a role, or a higher one. */
export function hasRole(member: Pick<Member, "role">, role: Role): boolean {
  return rank[member.role] >= rank[role];
}

/** Refuses (forbidden) whoever has a lower role. */
export function requireRole(member: Pick<Member, "role">, role: Role): void {
  if (hasRole(member, role)) return;
  fail({ kind: "forbidden", message: `This needs the role ${role}; yours is ${member.role}.` });
}
