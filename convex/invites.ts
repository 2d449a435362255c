/** Public functions on invites: links that let one person into a workspace. */
import { v } from "convex/values";
import { adminMutation, adminQuery, publicQuery, userMutation } from "./functions.ts";
import { sha256Hex } from "./model/credentials.ts";
import * as InviteRows from "./model/inviteRows.ts";
import * as Invites from "./model/invites.ts";
import { vGivenRole, vRole } from "./validators.ts";

/**
 * Keeps the hash of a token that the browser made (a nanoid of 32 or more); the link is `/invite/<token>`. With an
 * address, whoever signs in with a provider that vouches for it needs no link. Nothing is sent.
 */
export const create = adminMutation({
  args: {
    token: v.string(),
    role: vGivenRole,
    email: v.optional(v.string()),
    lifetimeMs: v.optional(v.number()),
  },
  returns: v.object({ inviteId: v.id("invites") }),
  handler: async (ctx, args) => ({
    inviteId: await Invites.create(ctx, { member: ctx.member, ...args }),
  }),
});

/** Latest first, used and expired ones of the last month too. Times in ms since 1970. */
export const list = adminQuery({
  args: {},
  returns: v.array(
    v.object({
      inviteId: v.id("invites"),
      role: vRole,
      email: v.union(v.string(), v.null()),
      createdAt: v.number(),
      createdBy: v.string(),
      expiresAt: v.number(),
      acceptedAt: v.union(v.number(), v.null()),
      acceptedBy: v.union(v.string(), v.null()),
    }),
  ),
  handler: async (ctx) => {
    const invites = await InviteRows.ofWorkspace(ctx, ctx.member.workspaceId);
    return await Promise.all(invites.map(async (invite) => await Invites.describe(ctx, invite)));
  },
});

/** At once. Whom it let in stays. */
export const revoke = adminMutation({
  args: { inviteId: v.id("invites") },
  returns: v.null(),
  handler: async (ctx, { inviteId }) => {
    await Invites.revoke(ctx, { member: ctx.member, inviteId });
    return null;
  },
});

/** Where a link leads, for whoever holds it, signed in or not. Null for a link that is none. */
export const peek = publicQuery({
  args: { token: v.string() },
  returns: v.union(
    v.null(),
    v.object({
      workspaceName: v.string(),
      role: vRole,
      invitedBy: v.string(),
      expiresAt: v.number(),
      isAccepted: v.boolean(),
    }),
  ),
  handler: async (ctx, { token }) => await Invites.peek(ctx, token),
});

/** Joins the workspace and makes it the current one. Signing up through the link does the same. */
export const accept = userMutation({
  args: { token: v.string() },
  returns: v.object({ workspaceId: v.id("workspaces") }),
  handler: async (ctx, { token }) => {
    const invite = await Invites.findOpen(ctx, await sha256Hex(token));
    if (invite === null) return Invites.refuse();
    return { workspaceId: await Invites.accept(ctx, { invite, userId: ctx.user._id }) };
  },
});
