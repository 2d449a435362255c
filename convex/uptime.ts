/** Public functions on uptime. Bars and percentages end at `until`, which callers round so that they share answers. */
import { v } from "convex/values";
import { viewerQuery } from "./functions.ts";
import * as Exclusions from "./model/exclusions.ts";
import { fail } from "./model/fail.ts";
import { LIVE_LIST_LIMIT } from "./model/machineRows.ts";
import * as Machines from "./model/machines.ts";
import * as Uptimes from "./model/uptimes.ts";

const vShare = v.union(v.number(), v.null());

/** Days (UTC) of a machine, 90 at most, with shares of uptime from 0 to 1; null where no time counts. */
export const get = viewerQuery({
  args: { machineId: v.string(), until: v.number() },
  returns: v.object({
    days: v.array(v.object({ day: v.number(), upSeconds: v.number(), downSeconds: v.number() })),
    last24Hours: vShare,
    last30Days: vShare,
    last90Days: vShare,
  }),
  handler: async (ctx, { machineId, until }) => {
    const machine = await Machines.get(ctx, { member: ctx.member, machineId });
    return await Uptimes.get(ctx, { machine, until });
  },
});

/** For each machine on screen the last 24 hours as 48 letters of core/uptime.ts; others' machines are left out. */
export const bars = viewerQuery({
  args: { machineIds: v.array(v.string()), until: v.number() },
  returns: v.array(v.object({ machineId: v.string(), cells: v.string(), uptime: vShare })),
  handler: async (ctx, { machineIds, until }) => {
    if (machineIds.length > LIVE_LIST_LIMIT) {
      const message = `Ask for at most ${LIVE_LIST_LIMIT} machines at once.`;
      fail({ kind: "invalid", field: "machineIds", message });
    }
    const exclusions = Exclusions.within(ctx, Uptimes.barStretch(until));
    const rows = machineIds.map(async (machineId) => {
      const machine = await Machines.find(ctx, { member: ctx.member, machineId });
      if (machine === null) return [];
      return [{ machineId, ...(await Uptimes.bar(ctx, { machine, until, exclusions })) }];
    });
    return (await Promise.all(rows)).flat();
  },
});
