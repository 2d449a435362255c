/** Public functions on machines. */
import { v } from "convex/values";
import { memberMutation, viewerQuery } from "./functions.ts";
import * as MachineRows from "./model/machineRows.ts";
import * as Machines from "./model/machines.ts";
import { vCapacity, vReason, vStatus } from "./validators.ts";
import { vPulse } from "./pulses.ts";

const settingFields = {
  description: v.optional(v.string()),
  tags: v.optional(v.array(v.string())),
  heartbeatIntervalMs: v.optional(v.number()),
  offlineThresholdMs: v.optional(v.number()),
};

const vTextOrNull = v.union(v.string(), v.null());

const rowFields = {
  machineId: v.string(),
  name: v.string(),
  description: v.string(),
  tags: v.array(v.string()),
  status: vStatus,
  reason: vReason,
  since: v.number(),
  lastSeen: v.union(v.number(), v.null()),
  assistantCount: v.union(v.number(), v.null()),
  hostname: vTextOrNull,
  version: vTextOrNull,
  os: vTextOrNull,
  rootDirectory: vTextOrNull,
  heartbeatIntervalMs: v.number(),
  offlineThresholdMs: v.number(),
  createdAt: v.number(),
};

/** The one time that the token is shown (S3.1, S4.2). */
export const create = memberMutation({
  args: { machineId: v.string(), secret: v.string(), name: v.string(), ...settingFields },
  returns: v.object({ machineId: v.string(), token: v.string() }),
  handler: async (ctx, args) => await Machines.create(ctx, { member: ctx.member, ...args }),
});

/** The workspace's machines (S3.2). */
export const list = viewerQuery({
  args: {},
  returns: v.array(v.object(rowFields)),
  handler: async (ctx) => await MachineRows.list(ctx, ctx.member),
});

export const get = viewerQuery({
  args: { machineId: v.string() },
  returns: v.union(
    v.null(),
    v.object({
      ...rowFields,
      ipAddress: vTextOrNull,
      arch: vTextOrNull,
      capacity: v.union(vCapacity, v.null()),
      metadata: vTextOrNull,
      pulse: vPulse,
    }),
  ),
  handler: async (ctx, { machineId }) =>
    await MachineRows.get(ctx, { member: ctx.member, machineId }),
});

export const update = memberMutation({
  args: { machineId: v.string(), name: v.optional(v.string()), ...settingFields },
  returns: v.null(),
  handler: async (ctx, args) => {
    await Machines.update(ctx, { member: ctx.member, ...args });
    return null;
  },
});

export const remove = memberMutation({
  args: { machineId: v.string() },
  returns: v.null(),
  handler: async (ctx, { machineId }) => {
    await Machines.remove(ctx, { member: ctx.member, machineId });
    return null;
  },
});
