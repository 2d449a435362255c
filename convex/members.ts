/** Public functions on who is in a workspace. */
import { v } from "convex/values";
import { adminMutation, ownerMutation, viewerQuery } from "./functions.ts";
import * as Members from "./model/members.ts";
import { vGivenRole, vRole } from "./validators.ts";

/** In the order in which they joined (ms since 1970). */
export const list = viewerQuery({
  args: {},
  returns: v.array(
    v.object({
      memberId: v.id("members"),
      userId: v.id("users"),
      name: v.string(),
      email: v.string(),
      role: vRole,
      joinedAt: v.number(),
      isYou: v.boolean(),
    }),
  ),
  handler: async (ctx) => await Members.list(ctx, ctx.member),
});

/** API and enrolment keys that somebody made who may not make any now: they belong to the workspace and stay valid. */
const vKeysLeft = v.object({ keysLeft: v.number() });

/** Of somebody else; the owner's changes by `transfer` only. */
export const setRole = adminMutation({
  args: { memberId: v.id("members"), role: vGivenRole },
  returns: vKeysLeft,
  handler: async (ctx, args) => await Members.setRole(ctx, { member: ctx.member, ...args }),
});

/** Somebody else, never the owner. They lose their personal channels here, and the open invites that they made. */
export const remove = adminMutation({
  args: { memberId: v.id("members") },
  returns: vKeysLeft,
  handler: async (ctx, { memberId }) => await Members.remove(ctx, { member: ctx.member, memberId }),
});

/** Makes somebody else the owner; the caller stays as an admin. */
export const transfer = ownerMutation({
  args: { memberId: v.id("members") },
  returns: v.null(),
  handler: async (ctx, { memberId }) => {
    await Members.transfer(ctx, { member: ctx.member, memberId });
    return null;
  },
});
