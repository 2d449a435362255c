/** The installation's key for push services: what push.ts and notifiers/vapid.ts read and write. */
import { v } from "convex/values";
import { internalMutation, internalQuery } from "../functions.ts";
import * as VapidKeys from "../model/vapidKeys.ts";

/** Null until the first browser asks. */
export const publicKey = internalQuery({
  args: {},
  returns: v.union(v.string(), v.null()),
  handler: async (ctx) => (await VapidKeys.find(ctx))?.publicKey ?? null,
});

export const keepKeys = internalMutation({
  args: { publicKey: v.string(), privateKey: v.string() },
  returns: v.string(),
  handler: async (ctx, keys) => await VapidKeys.keep(ctx, keys),
});
