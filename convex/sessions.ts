/** Public functions on where the caller is signed in. */
import { v } from "convex/values";
import { userMutation, userQuery } from "./functions.ts";
import * as Sessions from "./model/sessions.ts";

const vDevice = v.object({ browser: v.string(), system: v.string() });

/** The latest used first. `lastUsedAt` is to the hour. */
export const list = userQuery({
  args: {},
  returns: v.array(
    v.object({
      sessionId: v.id("authSessions"),
      createdAt: v.number(),
      lastUsedAt: v.number(),
      expiresAt: v.number(),
      isCurrent: v.boolean(),
      /** What its page said of itself, such as Firefox and macOS. */
      device: v.union(vDevice, v.null()),
    }),
  ),
  handler: async (ctx) => await Sessions.list(ctx, ctx.user._id),
});

/** What the calling page is shown in: names that people know. Again is no change. */
export const describe = userMutation({
  args: vDevice.fields,
  returns: v.null(),
  handler: async (ctx, device) => {
    await Sessions.describe(ctx, device);
    return null;
  },
});

/** Signs that page out at once. */
export const revoke = userMutation({
  args: { sessionId: v.id("authSessions") },
  returns: v.null(),
  handler: async (ctx, { sessionId }) => {
    await Sessions.revoke(ctx, { userId: ctx.user._id, sessionId });
    return null;
  },
});

/** Signs out everywhere else. Answers how many sessions that were. */
export const revokeOthers = userMutation({
  args: {},
  returns: v.object({ ended: v.number() }),
  handler: async (ctx) => ({ ended: await Sessions.revokeOthers(ctx, ctx.user._id) }),
});
