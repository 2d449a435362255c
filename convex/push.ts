/**
 * Public functions on Web Push: a browser shows the messages of one person. A page asks for the key, has its browser
 * subscribe with it (`userVisibleOnly: true`, `applicationServerKey`), and hands in what the browser answers.
 */
import { v } from "convex/values";
import { internal } from "./_generated/api.js";
import { memberMutation, userAction, userQuery } from "./functions.ts";
import * as Browsers from "./model/browsers.ts";

/** The key to subscribe with, in base64url: the installation's, made when it is first asked for. */
export const publicKey = userAction({
  args: {},
  returns: v.string(),
  handler: async (ctx): Promise<string> =>
    (await ctx.runQuery(internal.jobs.push.publicKey, {})) ??
    (await ctx.runAction(internal.notifiers.vapid.make, {})),
});

/**
 * Makes this browser a personal channel of the caller's in this workspace. `p256dh` and `auth` are the subscription's
 * keys in base64url; `browser` is what to call it. Again with the same endpoint, it brings the keys up to date.
 */
export const subscribe = memberMutation({
  args: { endpoint: v.string(), p256dh: v.string(), auth: v.string(), browser: v.string() },
  returns: v.object({ channelId: v.id("channels") }),
  handler: async ({ member, ...ctx }, subscription) => ({
    channelId: await Browsers.subscribe(ctx, { member, subscription }),
  }),
});

/** In this workspace; the browser's own subscription is the page's to end. */
export const unsubscribe = memberMutation({
  args: { endpoint: v.string() },
  returns: v.null(),
  handler: async ({ member, ...ctx }, { endpoint }) => {
    await Browsers.unsubscribe(ctx, { member, endpoint });
    return null;
  },
});

/**
 * The caller's browsers, in all workspaces. A page whose browser has a subscription that is not among them (somebody
 * else's who used this browser before) ends it and subscribes anew.
 */
export const list = userQuery({
  args: {},
  returns: v.array(
    v.object({
      channelId: v.id("channels"),
      workspaceId: v.id("workspaces"),
      endpoint: v.string(),
      browser: v.string(),
      createdAt: v.number(),
    }),
  ),
  handler: async (ctx) => await Browsers.list(ctx, ctx.user._id),
});
