/** Public functions on the past. */
import { paginationOptsValidator, paginationResultValidator } from "convex/server";
import { v } from "convex/values";
import { viewerQuery } from "./functions.ts";
import * as History from "./model/history.ts";
import * as Machines from "./model/machines.ts";
import * as Neighbours from "./model/neighbours.ts";
import * as Outages from "./model/outages.ts";
import * as WhatIf from "./model/whatIf.ts";
import { vCondition, vIncidentReason, vReason, vStatus } from "./validators.ts";

const vInterval = v.object({ from: v.number(), to: v.number() });
const vTextOrNull = v.union(v.string(), v.null());
const vVerdict = v.object({
  thresholdMs: v.number(),
  alerts: v.number(),
  underAMinute: v.number(),
});

/** The fleet as it was at `at` (ms), in pages of up to 200 machines. Machines that are gone for good are not in it. */
export const fleetAt = viewerQuery({
  args: { at: v.number(), paginationOpts: paginationOptsValidator },
  returns: paginationResultValidator(
    v.object({
      machineId: v.string(),
      name: v.string(),
      description: v.string(),
      tags: v.array(v.string()),
      hostname: vTextOrNull,
      version: vTextOrNull,
      status: vStatus,
      reason: vReason,
      since: v.number(),
      condition: vCondition,
    }),
  ),
  handler: async (ctx, args) => {
    const { workspaceId } = ctx.member;
    return await History.fleetAt(ctx, { workspaceId, ...args });
  },
});

/** The moments next to `at` (ms) at which some machine's status changed: where time travel steps to. */
export const steps = viewerQuery({
  args: { at: v.number() },
  returns: v.object({
    previousAt: v.union(v.number(), v.null()),
    nextAt: v.union(v.number(), v.null()),
  }),
  handler: async (ctx, { at }) =>
    await History.steps(ctx, { workspaceId: ctx.member.workspaceId, at }),
});

/** A machine's life from `from` to `to` (ms): what it was when, its incidents, and when the monitor itself was away. */
export const timeline = viewerQuery({
  args: { machineId: v.string(), from: v.number(), to: v.number() },
  returns: v.object({
    segments: v.array(v.object({ from: v.number(), to: v.number(), condition: vCondition })),
    incidents: v.array(
      v.object({
        incidentId: v.id("incidents"),
        openedAt: v.number(),
        closedAt: v.union(v.number(), v.null()),
        reason: vIncidentReason,
      }),
    ),
    outages: v.array(vInterval),
  }),
  handler: async (ctx, { machineId, from, to }) => {
    const machine = await Machines.get(ctx, { member: ctx.member, machineId });
    const { incidents, ...rest } = await History.timeline(ctx, { machine, from, to });
    return {
      ...rest,
      incidents: incidents.map(({ _id, openedAt, closedAt = null, reason }) => ({
        incidentId: _id,
        openedAt,
        closedAt,
        reason,
      })),
    };
  },
});

/** When the monitor itself was away within a stretch of time (ms): gaps to hatch, oldest first, 500 at most. */
export const outages = viewerQuery({
  args: { from: v.number(), to: v.number() },
  returns: v.array(vInterval),
  handler: async (ctx, stretch) => await Outages.between(ctx, stretch),
});

/** The other machines that were silent when an incident began, the closest in time first; null for others' incidents. */
export const neighbours = viewerQuery({
  args: { incidentId: v.id("incidents") },
  returns: v.union(
    v.null(),
    v.array(
      v.object({
        incidentId: v.id("incidents"),
        machineId: v.string(),
        machineName: v.string(),
        openedAt: v.number(),
        closedAt: v.union(v.number(), v.null()),
      }),
    ),
  ),
  handler: async (ctx, { incidentId }) => {
    const found = await Neighbours.of(ctx, { member: ctx.member, incidentId });
    return (
      found?.map(({ _id, machineId, machineName, openedAt, closedAt = null }) => ({
        incidentId: _id,
        machineId,
        machineName,
        openedAt,
        closedAt,
      })) ?? null
    );
  },
});

/** Alerts in the last thirty days with another threshold, and with the one in force. */
export const whatIf = viewerQuery({
  args: { machineId: v.string(), thresholdMs: v.number() },
  returns: v.object({
    until: v.number(),
    days: v.number(),
    asked: vVerdict,
    current: vVerdict,
    shortestMs: v.number(),
  }),
  handler: async (ctx, { machineId, thresholdMs }) => {
    const machine = await Machines.get(ctx, { member: ctx.member, machineId });
    return await WhatIf.compare(ctx, { machine, thresholdMs });
  },
});
