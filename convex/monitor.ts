/** Public functions on the monitor itself: it distrusts itself in the open. */
import { v } from "convex/values";
import { viewerQuery } from "./functions.ts";
import { checkIntervalMs } from "./model/settings.ts";
import * as Sweeps from "./model/sweeps.ts";

/** When the sweep last looked, and how often it should (milliseconds). */
export const status = viewerQuery({
  args: {},
  returns: v.object({
    lastSweepAt: v.union(v.number(), v.null()),
    checkIntervalMs: v.number(),
  }),
  handler: async (ctx) => ({
    lastSweepAt: (await Sweeps.find(ctx))?.lastSweepAt ?? null,
    checkIntervalMs: checkIntervalMs(),
  }),
});
