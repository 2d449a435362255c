/** Public functions on what machines measured. */
import { v } from "convex/values";
import { viewerQuery } from "./functions.ts";
import * as Charts from "./model/charts.ts";
import * as Machines from "./model/machines.ts";
import { vResolution } from "./validators.ts";

const vChartResolution = v.union(v.literal("raw"), vResolution);
const vColumn = v.array(v.union(v.number(), v.null()));

/**
 * A machine's numbers from `from` up to `to` (ms), as columns of 1,000 points at most, a row of nulls where there is a
 * gap. Left out, the resolution is the finest that fits. Rollups end five minutes ago: the pulse tells what is now.
 */
export const range = viewerQuery({
  args: {
    machineId: v.string(),
    from: v.number(),
    to: v.number(),
    resolution: v.optional(vChartResolution),
  },
  returns: v.object({
    resolution: vChartResolution,
    stepMs: v.number(),
    at: v.array(v.number()),
    beats: v.array(v.number()),
    series: v.record(v.string(), v.object({ avg: vColumn, min: vColumn, max: vColumn })),
  }),
  handler: async (ctx, { machineId, ...stretch }) => {
    const machine = await Machines.get(ctx, { member: ctx.member, machineId });
    return await Charts.range(ctx, { machine, ...stretch });
  },
});
