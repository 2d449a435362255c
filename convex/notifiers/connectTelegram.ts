"use node";
/** Tells Telegram where to send what people press under a message. */
import { v } from "convex/values";
import { internal } from "../_generated/api.js";
import { internalAction } from "../functions.ts";
import { outboundFetch } from "./outboundFetch.ts";
import { setWebhookRequest } from "./telegram.ts";

export const connect = internalAction({
  args: { channelId: v.id("channels") },
  returns: v.null(),
  handler: async (ctx, { channelId }) => {
    const connection = await ctx.runQuery(internal.jobs.telegram.connection, { channelId });
    if (connection === null) return null;
    const { callbackUrl: url, secretToken, ...bot } = connection;
    const outcome = await outboundFetch(setWebhookRequest(bot, { url, secretToken }));
    const error = outcome.kind === "delivered" ? null : `Setting up the buttons: ${outcome.error}`;
    await ctx.runMutation(internal.jobs.telegram.recordSetup, { channelId, error });
    return null;
  },
});
