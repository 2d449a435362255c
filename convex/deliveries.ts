/** Public functions on the delivery log: the proof of who was told what, when. */
import { paginationOptsValidator, paginationResultValidator } from "convex/server";
import { v } from "convex/values";
import { viewerQuery } from "./functions.ts";
import * as DeliveryLog from "./model/deliveryLog.ts";
import { vDeliveryState, vEvent } from "./validators.ts";

const vNumberOrNull = v.union(v.number(), v.null());

/** Latest first, of one channel or of all. */
export const list = viewerQuery({
  args: { paginationOpts: paginationOptsValidator, channelId: v.optional(v.id("channels")) },
  returns: paginationResultValidator(
    v.object({
      deliveryId: v.id("deliveries"),
      event: vEvent,
      machineName: v.union(v.string(), v.null()),
      channelName: v.string(),
      state: vDeliveryState,
      attempts: v.number(),
      queuedAt: v.number(),
      nextAttemptAt: vNumberOrNull,
      finishedAt: vNumberOrNull,
      responseStatus: vNumberOrNull,
      latencyMs: vNumberOrNull,
      error: v.union(v.string(), v.null()),
    }),
  ),
  handler: async (ctx, args) => await DeliveryLog.page(ctx, { member: ctx.member, ...args }),
});
