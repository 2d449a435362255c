/** Public functions on live numbers. */
import { v } from "convex/values";
import { viewerQuery } from "./functions.ts";
import { fail } from "./model/fail.ts";
import * as MachineRows from "./model/machineRows.ts";
import { vDisks, vGauges } from "./validators.ts";

const vNumberOrNull = v.union(v.number(), v.null());

export const vPulse = v.object({
  machineId: v.string(),
  lastHeartbeatAt: vNumberOrNull,
  cpuUsage: vNumberOrNull,
  memoryUsage: vNumberOrNull,
  diskUsage: vNumberOrNull,
  assistantCount: vNumberOrNull,
  containerCount: vNumberOrNull,
  clockSkewMs: vNumberOrNull,
});

/** With what only a machine's own page shows. */
export const vFullPulse = vPulse.extend({
  swapUsage: vNumberOrNull,
  disks: vDisks,
  gauges: vGauges,
});

/** The pulses of the machines on screen: re-run with each of their heartbeats, so ask for no more than is seen. */
export const list = viewerQuery({
  args: { machineIds: v.array(v.string()) },
  returns: v.array(vPulse),
  handler: async (ctx, { machineIds }) => {
    if (machineIds.length > MachineRows.LIVE_LIST_LIMIT) {
      fail({
        kind: "invalid",
        field: "machineIds",
        message: `Ask for at most ${MachineRows.LIVE_LIST_LIMIT} machines at once.`,
      });
    }
    return await MachineRows.pulses(ctx, { member: ctx.member, machineIds });
  },
});
