/** What scripts/lib/localHost.ts asks for with the admin key (S4.6). */
import { v } from "convex/values";
import { internalMutation } from "../functions.ts";
import * as LocalHost from "../model/localHost.ts";

export const ensure = internalMutation({
  args: { machineId: v.string(), secretHash: v.string(), name: v.string() },
  /** Whether the agent may start now. */
  returns: v.boolean(),
  handler: async (ctx, host) => await LocalHost.ensure(ctx, host),
});

export const forget = internalMutation({
  args: { machineId: v.string() },
  returns: v.null(),
  handler: async (ctx, { machineId }) => {
    await LocalHost.forget(ctx, machineId);
    return null;
  },
});
