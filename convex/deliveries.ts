/** Public functions on the delivery log: the proof of who was told what, when. */
import { paginationOptsValidator, paginationResultValidator } from "convex/server";
import { v } from "convex/values";
import { memberMutation, viewerQuery } from "./functions.ts";
import * as Deliveries from "./model/deliveries.ts";
import * as DeliveryLog from "./model/deliveryLog.ts";
import * as Ledger from "./model/ledger.ts";
import { vAttempt, vDelivery, vDeliveryState } from "./validators.ts";

/** Latest first, of one channel or of all, in one state or in any. With both, a page may be empty while there is more. */
export const list = viewerQuery({
  args: {
    paginationOpts: paginationOptsValidator,
    channelId: v.optional(v.id("channels")),
    state: v.optional(vDeliveryState),
  },
  returns: paginationResultValidator(vDelivery),
  handler: async (ctx, args) => await DeliveryLog.page(ctx, { member: ctx.member, ...args }),
});

/** What was decided about one incident, in that order, with every attempt; of each channel the first 5 and the last 20. */
export const ofIncident = viewerQuery({
  args: { incidentId: v.id("incidents") },
  returns: v.array(vDelivery.extend({ decidedAt: v.number(), attemptLog: v.array(vAttempt) })),
  handler: async (ctx, args) => await DeliveryLog.ofIncident(ctx, { member: ctx.member, ...args }),
});

/** Sends again what failed or is uncertain, under the same idempotency key. */
export const sendAgain = memberMutation({
  args: { deliveryId: v.id("deliveries") },
  returns: v.null(),
  handler: async (ctx, args) => {
    await Deliveries.sendAgain(ctx, { member: ctx.member, ...args, now: Date.now() });
    return null;
  },
});

/**
 * The hash chain, oldest first, for `scripts/verifyDeliveries.ts`. The first row of a page says what it builds on: null
 * where the row before it is too old to be kept.
 */
export const ledger = viewerQuery({
  args: { paginationOpts: paginationOptsValidator },
  returns: paginationResultValidator(
    v.object({
      sequence: v.number(),
      entry: v.string(),
      hash: v.string(),
      previousHash: v.optional(v.union(v.string(), v.null())),
    }),
  ),
  handler: async (ctx, { paginationOpts }) =>
    await Ledger.page(ctx, { workspaceId: ctx.member.workspaceId, paginationOpts }),
});
