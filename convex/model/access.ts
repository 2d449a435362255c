/** Who is calling, and which workspace that lets them into. Used by the builders in functions.ts. */
import { getAuthUserId } from "@convex-dev/auth/server";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { QueryCtx } from "../_generated/server.js";
import type { Role } from "../validators.ts";
import { fail } from "./fail.ts";

export interface Member {
  user: Doc<"users">;
  workspaceId: Id<"workspaces">;
  role: Role;
}

const rank: Record<Role, number> = { viewer: 0, member: 1, admin: 2, owner: 3 };

/** The signed-in user, or null for a stranger and for a session whose user is gone. */
export async function currentUser(ctx: QueryCtx): Promise<Doc<"users"> | null> {
  const userId = await getAuthUserId(ctx);
  const id = userId === null ? null : ctx.db.normalizeId("users", userId);
  return id === null ? null : await ctx.db.get("users", id);
}

/** The workspace that a user works in when none is named: the first that they joined, their personal one. */
export async function currentMembership(
  ctx: QueryCtx,
  userId: Id<"users">,
): Promise<Doc<"members"> | null> {
  return await ctx.db
    .query("members")
    .withIndex("by_userId", (q) => q.eq("userId", userId))
    .first();
}

/** Refuses strangers (notSignedIn), outsiders (notFound: a workspace does not tell that it exists) and lower roles. */
export async function requireMember(
  ctx: QueryCtx,
  { workspaceId, role = "viewer" }: { workspaceId?: Id<"workspaces"> | undefined; role?: Role },
): Promise<Member> {
  const user = await currentUser(ctx);
  if (user === null) return fail({ kind: "notSignedIn", message: "Sign in to continue." });
  const membership =
    workspaceId === undefined
      ? await currentMembership(ctx, user._id)
      : await ctx.db
          .query("members")
          .withIndex("by_workspaceId_and_userId", (q) =>
            q.eq("workspaceId", workspaceId).eq("userId", user._id),
          )
          .unique();
  if (membership === null) {
    return fail({ kind: "notFound", message: "There is no such workspace among yours." });
  }
  if (rank[membership.role] < rank[role]) {
    return fail({
      kind: "forbidden",
      message: `This needs the role ${role}; yours is ${membership.role}.`,
    });
  }
  return { user, workspaceId: membership.workspaceId, role: membership.role };
}
