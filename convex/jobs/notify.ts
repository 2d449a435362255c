/** Moves the outbox: what is due goes to the senders, what they report is settled. */
import { v } from "convex/values";
import type { Doc } from "../_generated/dataModel.js";
import { internalMutation, internalQuery } from "../functions.ts";
import * as Deliveries from "../model/deliveries.ts";
import { vSendOutcome } from "../validators.ts";

/** Sends what is due and takes back expired leases. Called when something was queued, by retries and by a cron. */
export const dispatch = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    await Deliveries.dispatch(ctx, Date.now());
    return null;
  },
});

/** For a sender: what to send, or null where this attempt is no longer wanted. */
export const forAttempt = internalQuery({
  args: { deliveryId: v.id("deliveries"), attempt: v.number() },
  handler: async (
    ctx,
    args,
  ): Promise<{ delivery: Doc<"deliveries">; channel: Doc<"channels"> } | null> =>
    await Deliveries.forAttempt(ctx, args),
});

/** From a sender: how the attempt ended. Its slot is given to the next delivery at once. */
export const settle = internalMutation({
  args: { deliveryId: v.id("deliveries"), attempt: v.number(), outcome: vSendOutcome },
  returns: v.null(),
  handler: async (ctx, args) => {
    const now = Date.now();
    await Deliveries.settle(ctx, { ...args, now });
    await Deliveries.dispatch(ctx, now);
    return null;
  },
});
