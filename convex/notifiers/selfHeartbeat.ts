"use node";
/** Tells an address of people's choice that the monitor lives. */
import { v } from "convex/values";
import { internal } from "../_generated/api.js";
import { internalAction } from "../functions.ts";
import { outboundFetch } from "./outboundFetch.ts";

export const ping = internalAction({
  args: { selfHeartbeatId: v.id("selfHeartbeats"), url: v.string() },
  returns: v.null(),
  handler: async (ctx, { selfHeartbeatId, url }) => {
    const outcome = await outboundFetch({
      transport: "http",
      url,
      method: "GET",
      headers: { "User-Agent": "Rollcall" },
      body: "",
      refusals: [],
    });
    await ctx.runMutation(internal.jobs.selfHeartbeat.record, { selfHeartbeatId, outcome });
    return null;
  },
});
