/** Moves the outbox: what is due goes to the senders, what they report is settled. */
import { v } from "convex/values";
import { internalMutation, internalQuery } from "../functions.ts";
import * as Leases from "../model/leases.ts";
import * as Messages from "../model/messages.ts";
import * as Settlements from "../model/settlements.ts";
import { vSendOutcome } from "../validators.ts";

/** Sends what is due and takes back expired leases. Called when something was queued, by retries and by a cron. */
export const dispatch = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    await Leases.dispatch(ctx, Date.now());
    return null;
  },
});

/** For a sender: what to send, or null where this attempt is no longer wanted. */
export const forAttempt = internalQuery({
  args: { deliveryId: v.id("deliveries"), attempt: v.number() },
  handler: async (ctx, args): Promise<Messages.Wanted | null> =>
    await Messages.forAttempt(ctx, args),
});

/** From a sender: how the attempt ended. Its slot is given to the next delivery at once. */
export const settle = internalMutation({
  args: { deliveryId: v.id("deliveries"), attempt: v.number(), outcome: vSendOutcome },
  returns: v.null(),
  handler: async (ctx, args) => {
    const now = Date.now();
    await Settlements.settle(ctx, { ...args, now });
    await Leases.dispatch(ctx, now);
    return null;
  },
});
