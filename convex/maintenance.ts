/** Public functions on maintenance windows: when nobody is told, and of which machines. */
import { v } from "convex/values";
import { memberMutation, viewerQuery } from "./functions.ts";
import * as Maintenance from "./model/maintenance.ts";
import { vSchedule } from "./validators.ts";

const vWindowId = v.id("maintenanceWindows");
const target = {
  /** Machines that are named or have one of the tags; with neither, all. */
  machineIds: v.optional(v.array(v.string())),
  tags: v.optional(v.array(v.string())),
};
const windowFields = { name: v.string(), ...target, schedule: vSchedule };

/** Whether a window is active is for the page to say: core/maintenance.ts, activeUntil. */
export const list = viewerQuery({
  args: {},
  returns: v.array(
    v.object({
      windowId: vWindowId,
      name: v.string(),
      machineIds: v.array(v.string()),
      tags: v.array(v.string()),
      schedule: vSchedule,
    }),
  ),
  handler: async (ctx) => await Maintenance.list(ctx, ctx.member),
});

/** How many machines a window would be for and when it would begin next; `at` is the viewer's now. */
export const preview = viewerQuery({
  args: { ...target, schedule: vSchedule, at: v.number() },
  returns: v.object({
    machines: v.number(),
    isMore: v.boolean(),
    nextStart: v.union(v.number(), v.null()),
    problem: v.union(v.string(), v.null()),
  }),
  handler: async (ctx, args) => await Maintenance.preview(ctx, { member: ctx.member, ...args }),
});

/** At most 100 windows (limitReached), each for up to 500 named machines. Times in ms since 1970. */
export const create = memberMutation({
  args: windowFields,
  returns: v.object({ windowId: vWindowId }),
  handler: async (ctx, args) => ({
    windowId: await Maintenance.create(ctx, { member: ctx.member, ...args }),
  }),
});

/** Replaces the whole window. */
export const update = memberMutation({
  args: { windowId: vWindowId, ...windowFields },
  returns: v.null(),
  handler: async (ctx, args) => {
    await Maintenance.update(ctx, { member: ctx.member, ...args });
    return null;
  },
});

/** Of those whom it kept quiet, what is still silent is told with the next round of the sweep. */
export const remove = memberMutation({
  args: { windowId: vWindowId },
  returns: v.null(),
  handler: async (ctx, args) => {
    await Maintenance.remove(ctx, { member: ctx.member, ...args });
    return null;
  },
});
