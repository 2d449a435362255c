/** Links that let one person into a workspace, signed up or not. The token is in the link only; here is its hash. */
import { DAY, HOUR } from "../../core/time.ts";
import { isSecret, SECRET_MIN_LENGTH } from "../../core/token.ts";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import * as Access from "./access.ts";
import type { Member } from "./access.ts";
import { sha256Hex } from "./credentials.ts";
import { fail } from "./fail.ts";
import * as InviteRows from "./inviteRows.ts";
import * as Members from "./members.ts";
import { parseDuration, parseEmail } from "./texts.ts";

const LIFETIME_LIMITS_MS = { min: HOUR, max: 30 * DAY };
const DEFAULT_LIFETIME_MS = 7 * DAY;

interface NewInvite {
  token: string;
  role: Members.GivenRole;
  email?: string | undefined;
  lifetimeMs?: number | undefined;
}

export async function create(
  ctx: MutationCtx,
  { member, token, role, email, lifetimeMs = DEFAULT_LIFETIME_MS }: NewInvite & { member: Member },
): Promise<Id<"invites">> {
  const { workspaceId, user } = member;
  if (!isSecret(token)) {
    const message = `The token must be a nanoid of ${SECRET_MIN_LENGTH} characters or more.`;
    fail({ kind: "invalid", field: "token", message });
  }
  if ((await InviteRows.ofWorkspace(ctx, workspaceId)).length >= InviteRows.MAX_INVITES) {
    fail({
      kind: "limitReached",
      message: `A workspace can have ${InviteRows.MAX_INVITES} invites.`,
    });
  }
  const lifetime = { field: "lifetimeMs", ...LIFETIME_LIMITS_MS };
  return await ctx.db.insert("invites", {
    workspaceId,
    tokenHash: await sha256Hex(token),
    role,
    ...(email === undefined ? {} : { email: parseEmail(email) }),
    createdBy: user._id,
    expiresAt: Date.now() + parseDuration(lifetimeMs, lifetime),
  });
}

/** For the admins' list: who made it for whom, and what became of it. */
export async function describe(ctx: QueryCtx, invite: Doc<"invites">) {
  const { acceptedBy, acceptedAt } = invite;
  return {
    inviteId: invite._id,
    role: invite.role,
    email: invite.email ?? null,
    createdAt: invite._creationTime,
    createdBy: await nameOf(ctx, invite.createdBy),
    expiresAt: invite.expiresAt,
    acceptedAt: acceptedAt ?? null,
    acceptedBy: acceptedBy === undefined ? null : await nameOf(ctx, acceptedBy),
  };
}

/** For whoever holds the link: where it leads. Null for a link that never was, or was revoked. */
export async function peek(ctx: QueryCtx, token: string) {
  const invite = await find(ctx, await sha256Hex(token));
  const workspace = invite && (await ctx.db.get("workspaces", invite.workspaceId));
  if (invite === null || workspace === null) return null;
  return {
    workspaceName: workspace.name,
    role: invite.role,
    invitedBy: await nameOf(ctx, invite.createdBy),
    expiresAt: invite.expiresAt,
    isAccepted: invite.acceptedBy !== undefined,
  };
}

export async function revoke(
  ctx: MutationCtx,
  { member, inviteId }: { member: Member; inviteId: Id<"invites"> },
): Promise<void> {
  const invite = await ctx.db.get("invites", inviteId);
  if (invite?.workspaceId !== member.workspaceId) {
    fail({ kind: "notFound", message: "There is no such invite." });
  }
  await ctx.db.delete("invites", inviteId);
}

/** An invite that can be accepted now, by its token's hash. */
export async function findOpen(ctx: QueryCtx, tokenHash: string): Promise<Doc<"invites"> | null> {
  const invite = await find(ctx, tokenHash);
  return invite !== null && isOpen(invite) ? invite : null;
}

/** An invite for an address that a provider vouches for. */
export async function findOpenFor(ctx: QueryCtx, email: string): Promise<Doc<"invites"> | null> {
  const invites = await ctx.db
    .query("invites")
    .withIndex("by_email", (q) => q.eq("email", email))
    .order("desc")
    .take(InviteRows.MAX_INVITES);
  return invites.find(isOpen) ?? null;
}

/** Joins its workspace and goes there. Whoever is in already only goes there, and the invite stays open. */
export async function accept(
  ctx: MutationCtx,
  { invite, userId }: { invite: Doc<"invites">; userId: Id<"users"> },
): Promise<Id<"workspaces">> {
  const { _id, workspaceId, role } = invite;
  if ((await Access.membershipIn(ctx, { userId, workspaceId })) === null) {
    await Members.add(ctx, { workspaceId, userId, role });
    await ctx.db.patch("invites", _id, { acceptedBy: userId, acceptedAt: Date.now() });
  }
  await ctx.db.patch("users", userId, { currentWorkspaceId: workspaceId });
  return workspaceId;
}

export function refuse(): never {
  return fail({
    kind: "notFound",
    message: "This invite was used, has expired or was revoked. Ask for a new one.",
  });
}

function isOpen({ acceptedBy, expiresAt }: Doc<"invites">): boolean {
  return acceptedBy === undefined && expiresAt > Date.now();
}

async function find(ctx: QueryCtx, tokenHash: string): Promise<Doc<"invites"> | null> {
  return await ctx.db
    .query("invites")
    .withIndex("by_tokenHash", (q) => q.eq("tokenHash", tokenHash))
    .unique();
}

async function nameOf(ctx: QueryCtx, userId: Id<"users">): Promise<string> {
  const user = await ctx.db.get("users", userId);
  return user?.name ?? user?.email ?? "somebody who is gone";
}
