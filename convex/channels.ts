/** Public functions on channels: who is told, and where. */
import { v } from "convex/values";
import { adminMutation, viewerQuery } from "./functions.ts";
import * as Channels from "./model/channels.ts";
import * as Notifications from "./model/notifications.ts";
import { vChannelKind, vDeliveryState, vWebhookConfig } from "./validators.ts";

export const create = adminMutation({
  args: { kind: vChannelKind, name: v.string(), config: vWebhookConfig },
  returns: v.object({ channelId: v.id("channels") }),
  handler: async (ctx, args) => ({
    channelId: await Channels.create(ctx, { member: ctx.member, ...args }),
  }),
});

export const list = viewerQuery({
  args: {},
  returns: v.array(
    v.object({
      channelId: v.id("channels"),
      kind: vChannelKind,
      name: v.string(),
      target: v.string(),
      hasSecret: v.boolean(),
      createdAt: v.number(),
      lastDelivery: v.union(
        v.null(),
        v.object({
          state: vDeliveryState,
          at: v.number(),
          responseStatus: v.union(v.number(), v.null()),
        }),
      ),
    }),
  ),
  handler: async (ctx) => {
    const channels = await Channels.ofWorkspace(ctx, ctx.member.workspaceId);
    return await Promise.all(channels.map((channel) => Channels.describe(ctx, channel)));
  },
});

/** What is still queued for it is suppressed when its turn comes. */
export const remove = adminMutation({
  args: { channelId: v.id("channels") },
  returns: v.null(),
  handler: async (ctx, { channelId }) => {
    const channel = await Channels.get(ctx, { member: ctx.member, channelId });
    await ctx.db.delete("channels", channel._id);
    return null;
  },
});

/** Sends a sample message; the delivery log shows what became of it. */
export const test = adminMutation({
  args: { channelId: v.id("channels") },
  returns: v.object({ deliveryId: v.id("deliveries") }),
  handler: async (ctx, { channelId }) => ({
    deliveryId: await Notifications.test(ctx, { member: ctx.member, channelId }),
  }),
});
