/** Setting up a Telegram bot's callbacks: what notifiers/connectTelegram.ts reads and reports. */
import { v } from "convex/values";
import { internalMutation, internalQuery } from "../functions.ts";
import * as Telegram from "../model/telegram.ts";

export const connection = internalQuery({
  args: { channelId: v.id("channels") },
  handler: async (ctx, { channelId }): Promise<Telegram.Connection | null> =>
    await Telegram.connectionOf(ctx, channelId),
});

export const recordSetup = internalMutation({
  args: { channelId: v.id("channels"), error: v.union(v.string(), v.null()) },
  returns: v.null(),
  handler: async (ctx, args) => {
    await Telegram.recordSetup(ctx, args);
    return null;
  },
});
