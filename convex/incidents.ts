/** Public functions on incidents: what is wrong, and who has it. */
import { paginationOptsValidator, paginationResultValidator } from "convex/server";
import { v } from "convex/values";
import { memberMutation, viewerQuery } from "./functions.ts";
import * as IncidentLog from "./model/incidentLog.ts";
import { vIncidentReason, vIncidentState, vSuppression } from "./validators.ts";

const vNumberOrNull = v.union(v.number(), v.null());
const vTextOrNull = v.union(v.string(), v.null());
const vIncident = v.object({
  incidentId: v.id("incidents"),
  machineId: v.string(),
  machineName: v.string(),
  /** The deadline that passed. */
  openedAt: v.number(),
  /** When the sweep saw that, and decided who is told. */
  noticedAt: v.number(),
  closedAt: vNumberOrNull,
  reason: vIncidentReason,
  isFlapping: v.boolean(),
  /** Why nobody is told just now. */
  suppressedBy: v.union(vSuppression, v.null()),
  acknowledgedAt: vNumberOrNull,
  acknowledgedBy: vTextOrNull,
  snoozedUntil: vNumberOrNull,
  snoozedBy: vTextOrNull,
  /** When it is decided anew: reminder, escalation, end of a suppression. */
  followUpAt: vNumberOrNull,
});

/** Latest first. Filters thin out the pages: one may be empty while there is more. Times in ms, of the opening. */
export const list = viewerQuery({
  args: {
    paginationOpts: paginationOptsValidator,
    state: v.optional(vIncidentState),
    machineId: v.optional(v.string()),
    from: v.optional(v.number()),
    to: v.optional(v.number()),
  },
  returns: paginationResultValidator(vIncident),
  handler: async (ctx, args) => await IncidentLog.page(ctx, { member: ctx.member, ...args }),
});

/** Those that are not over, latest first, at most 200. */
export const open = viewerQuery({
  args: {},
  returns: v.array(vIncident),
  handler: async (ctx) => await IncidentLog.open(ctx, ctx.member),
});

/** One, or null where the caller has no such incident. */
export const get = viewerQuery({
  args: { incidentId: v.id("incidents") },
  returns: v.union(vIncident, v.null()),
  handler: async (ctx, args) => await IncidentLog.get(ctx, { member: ctx.member, ...args }),
});

/** Stops reminders and escalation until the machine is back. Refused (alreadyAcknowledged) where somebody was first. */
export const acknowledge = memberMutation({
  args: { incidentId: v.id("incidents") },
  returns: v.null(),
  handler: async (ctx, args) => {
    await IncidentLog.acknowledge(ctx, { member: ctx.member, ...args });
    return null;
  },
});

/** No reminders and no escalation for a while, one minute to seven days. */
export const snooze = memberMutation({
  args: { incidentId: v.id("incidents"), durationMs: v.number() },
  returns: v.object({ until: v.number() }),
  handler: async (ctx, args) => await IncidentLog.snooze(ctx, { member: ctx.member, ...args }),
});
