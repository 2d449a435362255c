"use node";
/** Makes one attempt to deliver a message and reports how it ended. Runs in Node, where the connection can be pinned. */
import { v } from "convex/values";
import { internal } from "../_generated/api.js";
import { internalAction } from "../functions.ts";
import { outboundFetch } from "./outboundFetch.ts";
import { requestFor } from "./registry.ts";

export const send = internalAction({
  args: { deliveryId: v.id("deliveries"), attempt: v.number() },
  returns: v.null(),
  handler: async (ctx, args) => {
    const wanted = await ctx.runQuery(internal.jobs.notify.forAttempt, args);
    if (wanted === null) return null;
    const request = await requestFor(wanted.channel, wanted.delivery, Date.now());
    const outcome = await outboundFetch(request);
    await ctx.runMutation(internal.jobs.notify.settle, { ...args, outcome });
    return null;
  },
});
