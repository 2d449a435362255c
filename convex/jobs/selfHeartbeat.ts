/** What became of the monitor's own heartbeat. */
import { v } from "convex/values";
import { internalMutation } from "../functions.ts";
import * as SelfHeartbeats from "../model/selfHeartbeats.ts";
import { vSendOutcome } from "../validators.ts";

export const record = internalMutation({
  args: { selfHeartbeatId: v.id("selfHeartbeats"), outcome: vSendOutcome },
  returns: v.null(),
  handler: async (ctx, args) => {
    await SelfHeartbeats.record(ctx, { ...args, now: Date.now() });
    return null;
  },
});
