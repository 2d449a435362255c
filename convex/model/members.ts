/** Who is in a workspace and what they may do there. */
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import type { Role } from "../validators.ts";
import type { Member } from "./access.ts";
import * as Channels from "./channels.ts";
import { fail } from "./fail.ts";
import * as InviteRows from "./inviteRows.ts";
import * as KeyMakers from "./keyMakers.ts";
import * as Workspaces from "./workspaces.ts";

/** Keys of the workspace that somebody made and that are still valid. */
interface KeysLeft {
  keysLeft: number;
}

/** There is one owner: ownership is transferred, not given. */
export type GivenRole = Exclude<Role, "owner">;

export async function ofWorkspace(
  ctx: QueryCtx,
  workspaceId: Id<"workspaces">,
): Promise<Doc<"members">[]> {
  return await ctx.db
    .query("members")
    .withIndex("by_workspaceId_and_userId", (q) => q.eq("workspaceId", workspaceId))
    .take(Workspaces.MAX_MEMBERS);
}

/** With names and addresses, in the order in which they joined. */
export async function list(ctx: QueryCtx, { workspaceId, user: you }: Member) {
  const rows = await Promise.all(
    (await ofWorkspace(ctx, workspaceId)).map(async ({ _id, _creationTime, userId, role }) => {
      const user = await ctx.db.get("users", userId);
      return {
        memberId: _id,
        userId,
        name: user?.name ?? "",
        email: user?.email ?? "",
        role,
        joinedAt: _creationTime,
        isYou: userId === you._id,
      };
    }),
  );
  return rows.sort((left, right) => left.joinedAt - right.joinedAt);
}

export async function setRole(
  ctx: MutationCtx,
  { member, memberId, role }: { member: Member; memberId: Id<"members">; role: GivenRole },
): Promise<KeysLeft> {
  const row = await getOther(ctx, { member, memberId });
  await ctx.db.patch("members", row._id, { role });
  if (role === "viewer") await Channels.removePersonal(ctx, row);
  if (role === "admin") return { keysLeft: 0 };
  await InviteRows.withdraw(ctx, row);
  return await keysOf(ctx, row);
}

export async function remove(
  ctx: MutationCtx,
  { member, memberId }: { member: Member; memberId: Id<"members"> },
): Promise<KeysLeft> {
  const row = await getOther(ctx, { member, memberId });
  await takeOut(ctx, row);
  return await keysOf(ctx, row);
}

/** The owner stays until the workspace is somebody else's or gone. */
export async function leave(ctx: MutationCtx, membership: Doc<"members">): Promise<void> {
  if (membership.role === "owner") {
    fail({
      kind: "invalid",
      field: "workspaceId",
      message: "You own this workspace. Transfer it to somebody else, or delete it.",
    });
  }
  await takeOut(ctx, membership);
}

/** Makes somebody else the owner; who was it stays as an admin. */
export async function transfer(
  ctx: MutationCtx,
  { member, memberId }: { member: Member; memberId: Id<"members"> },
): Promise<void> {
  const heir = await get(ctx, { member, memberId });
  const { workspaceId } = member;
  const owner = await Workspaces.requireMembership(ctx, { workspaceId, userId: member.user._id });
  if (heir._id === owner._id) return;
  await ctx.db.patch("members", owner._id, { role: "admin" });
  await ctx.db.patch("members", heir._id, { role: "owner" });
}

/** Adds a user, unless they are in already. */
export async function add(
  ctx: MutationCtx,
  { workspaceId, userId, role }: { workspaceId: Id<"workspaces">; userId: Id<"users">; role: Role },
): Promise<void> {
  if ((await ofWorkspace(ctx, workspaceId)).length >= Workspaces.MAX_MEMBERS) {
    const message = `A workspace can have ${Workspaces.MAX_MEMBERS} members.`;
    fail({ kind: "limitReached", message });
  }
  await ctx.db.insert("members", { workspaceId, userId, role });
}

/** With what they made for themselves, and what they could come back by. */
export async function takeOut(ctx: MutationCtx, membership: Doc<"members">): Promise<void> {
  const { _id, userId } = membership;
  await ctx.db.delete("members", _id);
  await Channels.removePersonal(ctx, membership);
  await InviteRows.withdraw(ctx, membership);
  await Workspaces.ensureOne(ctx, userId);
}

async function keysOf(ctx: QueryCtx, { workspaceId, userId }: Doc<"members">): Promise<KeysLeft> {
  return { keysLeft: await KeyMakers.countValid(ctx, { workspaceId, userId, now: Date.now() }) };
}

/** Somebody of the workspace who is neither its owner nor the caller. */
async function getOther(
  ctx: QueryCtx,
  { member, memberId }: { member: Member; memberId: Id<"members"> },
): Promise<Doc<"members">> {
  const row = await get(ctx, { member, memberId });
  const isOwner = row.role === "owner";
  if (isOwner || row.userId === member.user._id) {
    fail({
      kind: "invalid",
      field: "memberId",
      message: isOwner
        ? "The owner stays the owner until they transfer the workspace."
        : "Ask somebody else to change your role, or leave.",
    });
  }
  return row;
}

async function get(
  ctx: QueryCtx,
  { member, memberId }: { member: Member; memberId: Id<"members"> },
): Promise<Doc<"members">> {
  const row = await ctx.db.get("members", memberId);
  if (row?.workspaceId !== member.workspaceId) {
    return fail({ kind: "notFound", message: "There is no such member." });
  }
  return row;
}
