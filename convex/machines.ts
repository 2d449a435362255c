/** Public functions on machines. */
import { v } from "convex/values";
import { memberMutation, viewerQuery } from "./functions.ts";
import * as Bulk from "./model/bulk.ts";
import * as Fleets from "./model/fleets.ts";
import * as MachineRows from "./model/machineRows.ts";
import * as Machines from "./model/machines.ts";
import * as Secrets from "./model/secrets.ts";
import * as Shelves from "./model/shelves.ts";
import { vCapacity, vClash, vReason, vRefusalKind, vShelf, vStatus } from "./validators.ts";
import { vFullPulse } from "./pulses.ts";

const settingFields = {
  description: v.optional(v.string()),
  tags: v.optional(v.array(v.string())),
  heartbeatIntervalMs: v.optional(v.number()),
  offlineThresholdMs: v.optional(v.number()),
};

const vTextOrNull = v.union(v.string(), v.null());
const vNumberOrNull = v.union(v.number(), v.null());
const machineArgs = { machineId: v.string() };

const rowFields = {
  machineId: v.string(),
  name: v.string(),
  description: v.string(),
  tags: v.array(v.string()),
  status: vStatus,
  reason: vReason,
  since: v.number(),
  lastSeen: vNumberOrNull,
  assistantCount: vNumberOrNull,
  hostname: vTextOrNull,
  version: vTextOrNull,
  ipAddress: vTextOrNull,
  os: vTextOrNull,
  arch: vTextOrNull,
  rootDirectory: vTextOrNull,
  heartbeatIntervalMs: v.number(),
  offlineThresholdMs: v.number(),
  pausedAt: vNumberOrNull,
  clashedAt: vNumberOrNull,
  createdAt: v.number(),
};

/** The one time that the token is shown (S3.1, S4.2). */
export const create = memberMutation({
  args: { machineId: v.string(), secret: v.string(), name: v.string(), ...settingFields },
  returns: v.object({ machineId: v.string(), token: v.string() }),
  handler: async (ctx, args) => await Machines.create(ctx, { member: ctx.member, ...args }),
});

/** The workspace's machines (S3.2). Fleets of more than 8,000 are read by `slice`. */
export const list = viewerQuery({
  args: {},
  returns: v.array(v.object(rowFields)),
  handler: async (ctx) => await MachineRows.list(ctx, ctx.member),
});

/**
 * Slice number `slice` of `of`: core/slices.ts says how many a fleet has. The rows of `list`, packed into one text by
 * core/packedRows.ts; `lastSeen` is as of the last change.
 */
export const slice = viewerQuery({
  args: { slice: v.number(), of: v.number() },
  returns: v.string(),
  handler: async (ctx, args) => await MachineRows.slice(ctx, { member: ctx.member, ...args }),
});

/** How many machines are online (`active`), and how many there are (S0.5). Costs one read. */
export const counts = viewerQuery({
  args: {},
  returns: v.object({ active: v.number(), total: v.number() }),
  handler: async (ctx) => await Fleets.countsOf(ctx, ctx.member.workspaceId),
});

/** How far a machine that is being set up has come, and why it was refused last; live under its command. */
export const checklist = viewerQuery({
  args: machineArgs,
  returns: v.object({
    /** Any request with this machine's id, good or refused. */
    requestSeenAt: vNumberOrNull,
    tokenAcceptedAt: vNumberOrNull,
    clockSkewMs: vNumberOrNull,
    hasMetrics: v.boolean(),
    refusal: v.union(
      v.null(),
      v.object({ at: v.number(), kind: vRefusalKind, message: v.string() }),
    ),
    clash: v.union(vClash, v.null()),
  }),
  handler: async (ctx, { machineId }) =>
    await MachineRows.checklist(ctx, { member: ctx.member, machineId }),
});

/** Machines that left the fleet and may come back. */
export const shelf = viewerQuery({
  args: { shelf: vShelf },
  returns: v.array(
    v.object({
      machineId: v.string(),
      name: v.string(),
      description: v.string(),
      tags: v.array(v.string()),
      hostname: vTextOrNull,
      shelvedAt: v.number(),
      purgeAt: vNumberOrNull,
    }),
  ),
  handler: async (ctx, { shelf }) => await MachineRows.shelf(ctx, { member: ctx.member, shelf }),
});

/** One with all that its own page shows, on a shelf too; null where the caller has no such machine. */
export const get = viewerQuery({
  args: machineArgs,
  returns: v.union(
    v.null(),
    v.object({
      ...rowFields,
      capacity: v.union(vCapacity, v.null()),
      metadata: vTextOrNull,
      shelf: v.union(vShelf, v.null()),
      purgeAt: vNumberOrNull,
      clash: v.union(vClash, v.null()),
      rotation: v.union(
        v.null(),
        v.object({
          previousExpiresAt: v.number(),
          previousUsedAt: vNumberOrNull,
          currentUsedAt: vNumberOrNull,
        }),
      ),
      pulse: vFullPulse,
    }),
  ),
  handler: async (ctx, { machineId }) =>
    await MachineRows.get(ctx, { member: ctx.member, machineId }),
});

/** Only what is given. Intervals in ms, 1 s to 24 h, thresholds up to 7 days and longer than the interval (else invalid). */
export const update = memberMutation({
  args: { ...machineArgs, name: v.optional(v.string()), ...settingFields },
  returns: v.null(),
  handler: async (ctx, args) => {
    await Machines.update(ctx, { member: ctx.member, ...args });
    return null;
  },
});

/** Tracked as ever, but nobody is told until it is resumed. */
export const pause = memberMutation({
  args: machineArgs,
  returns: v.null(),
  handler: async (ctx, { machineId }) => {
    const machine = await Machines.get(ctx, { member: ctx.member, machineId });
    await Machines.setPaused(ctx, { machine, isPaused: true });
    return null;
  },
});

/** An open incident is decided anew within one round of the sweep. */
export const resume = memberMutation({
  args: machineArgs,
  returns: v.null(),
  handler: async (ctx, { machineId }) => {
    const machine = await Machines.get(ctx, { member: ctx.member, machineId });
    await Machines.setPaused(ctx, { machine, isPaused: false });
    return null;
  },
});

/** Out of the fleet, with its history, for as long as people want. Its agent hears 410 and stops. */
export const archive = memberMutation({
  args: machineArgs,
  returns: v.null(),
  handler: async (ctx, { machineId }) => {
    const machine = await Machines.getAnywhere(ctx, { member: ctx.member, machineId });
    await Shelves.put(ctx, { machine, shelf: "archived" });
    return null;
  },
});

/** Out of the fleet, and gone with its history after thirty days. Its agent hears 410 and stops. */
export const remove = memberMutation({
  args: machineArgs,
  returns: v.null(),
  handler: async (ctx, { machineId }) => {
    const machine = await Machines.getAnywhere(ctx, { member: ctx.member, machineId });
    await Shelves.put(ctx, { machine, shelf: "deleted" });
    return null;
  },
});

/** Back from either shelf, waiting for its agent to be started again. */
export const restore = memberMutation({
  args: machineArgs,
  returns: v.null(),
  handler: async (ctx, { machineId }) => {
    const machine = await Machines.getAnywhere(ctx, { member: ctx.member, machineId });
    await Shelves.restore(ctx, machine);
    return null;
  },
});

/** One action on up to 500 machines. Machines that are not the caller's are skipped. */
export const bulk = memberMutation({
  args: {
    machineIds: v.array(v.string()),
    action: v.union(
      v.object({ kind: v.literal("addTags"), tags: v.array(v.string()) }),
      v.object({ kind: v.literal("removeTags"), tags: v.array(v.string()) }),
      v.object({ kind: v.literal("pause") }),
      v.object({ kind: v.literal("resume") }),
      v.object({ kind: v.literal("archive") }),
      v.object({ kind: v.literal("delete") }),
      v.object({ kind: v.literal("restore") }),
    ),
  },
  returns: v.object({ changed: v.number(), skipped: v.number() }),
  handler: async (ctx, args) => await Bulk.apply(ctx, { member: ctx.member, ...args }),
});

/** New hardware, same entry and history. The old token stops working at once. */
export const replace = memberMutation({
  args: { ...machineArgs, secret: v.string() },
  returns: v.null(),
  handler: async (ctx, { machineId, secret }) => {
    const machine = await Machines.get(ctx, { member: ctx.member, machineId });
    await Secrets.replace(ctx, { machine, secret });
    return null;
  },
});

/** Two boots share this machine's token: gives one of them a machine of its own (`newMachineId`, made by the browser). */
export const split = memberMutation({
  args: { ...machineArgs, newMachineId: v.string(), secret: v.string(), name: v.string() },
  returns: v.null(),
  handler: async (ctx, { machineId, newMachineId, ...settings }) => {
    const machine = await Machines.get(ctx, { member: ctx.member, machineId });
    await Secrets.split(ctx, { machine, machineId: newMachineId, ...settings });
    return null;
  },
});

/** Forgets a clash that is settled. If it is not, it is named again within a few heartbeats. */
export const dismissClash = memberMutation({
  args: machineArgs,
  returns: v.null(),
  handler: async (ctx, { machineId }) => {
    const machine = await Machines.get(ctx, { member: ctx.member, machineId });
    await Secrets.dismissClash(ctx, machine);
    return null;
  },
});
