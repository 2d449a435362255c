/** What the REST API reads and writes of machines. Access is checked ahead: see access.ts. */
import { v, type Infer } from "convex/values";
import type { Machine, MachineRow } from "../../core/restApi/schemas.ts";
import type { VersionCount } from "../../core/versionCounts.ts";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { QueryCtx } from "../_generated/server.js";
import { internalMutation, internalQuery } from "../functions.ts";
import * as Audit from "../model/audit.ts";
import * as Charts from "../model/charts.ts";
import { fail } from "../model/fail.ts";
import * as Fleets from "../model/fleets.ts";
import * as History from "../model/history.ts";
import * as Machines from "../model/machines.ts";
import * as Operators from "../model/operators.ts";
import * as Pulses from "../model/pulses.ts";
import { timingFor } from "../model/settings.ts";
import * as Shelves from "../model/shelves.ts";
import * as Statuses from "../model/statuses.ts";
import * as Uptimes from "../model/uptimes.ts";
import { vResolution, vStatus } from "../validators.ts";
import { vKey } from "./access.ts";
import { PAGE_ROWS, pick, type Page } from "./collect.ts";

const machineArgs = { workspaceId: v.id("workspaces"), machineId: v.string() };
const pageArgs = {
  workspaceId: v.id("workspaces"),
  cursor: v.union(v.string(), v.null()),
  limit: v.number(),
  status: v.optional(vStatus),
  tag: v.optional(v.string()),
  /** Only machines heard at or after this. */
  activeSince: v.optional(v.number()),
};

/** The fleet as it is now, by machine id; the cursor is the last id that was looked at. */
export const page = internalQuery({
  args: pageArgs,
  handler: async (ctx, { workspaceId, cursor, limit, ...filters }): Promise<Page<MachineRow>> => {
    const found = await Machines.after(ctx, { workspaceId, cursor, limit: PAGE_ROWS });
    return await pick({
      found,
      limit,
      isLast: found.length < PAGE_ROWS,
      cursorOf: ({ machineId }) => machineId,
      toRow: async (machine) => await rowOf(ctx, machine, filters),
    });
  },
});

/** The fleet as it was. Nobody knows when a machine was last heard then: `lastSeen` is null. */
export const pageAt = internalQuery({
  args: { ...pageArgs, at: v.number() },
  handler: async (ctx, args): Promise<Page<MachineRow>> => {
    const { workspaceId, cursor, limit, at, status, tag } = args;
    const paginationOpts = { numItems: limit, cursor };
    const result = await History.fleetAt(ctx, { workspaceId, at, paginationOpts });
    const rows = result.page
      .filter((row) => status === undefined || row.status === status)
      .filter((row) => tag === undefined || row.tags.includes(tag))
      .map(({ condition: _condition, ...row }) => ({ ...row, lastSeen: null }));
    return { rows, next: result.isDone ? null : result.continueCursor };
  },
});

export const counts = internalQuery({
  args: { workspaceId: v.id("workspaces") },
  returns: v.object({ active: v.number(), total: v.number() }),
  handler: async (ctx, { workspaceId }) => await Fleets.countsOf(ctx, workspaceId),
});

export const versions = internalQuery({
  args: { workspaceId: v.id("workspaces"), cursor: v.union(v.string(), v.null()) },
  handler: async (ctx, { workspaceId, cursor }): Promise<Page<VersionCount>> => {
    const paginationOpts = { numItems: PAGE_ROWS, cursor };
    const result = await Operators.versions(ctx, { workspaceId, paginationOpts });
    return { rows: result.page, next: result.isDone ? null : result.continueCursor };
  },
});

/** Agents may use keys that no Convex object can have: their metadata travels as JSON text. */
type MachineAndText = Omit<Machine, "metadata"> & { metadataText: string | null };

export const get = internalQuery({
  args: { ...machineArgs, now: v.number() },
  handler: async (ctx, { now, ...args }): Promise<MachineAndText> => {
    const machine = await inFleet(ctx, args);
    const pulse = await Pulses.get(ctx, machine._id);
    const { disks = [], ...metrics } = pulse.metrics ?? {};
    const { days: _days, ...uptime } = await Uptimes.get(ctx, { machine, until: now });
    return {
      ...describe(machine, await Statuses.get(ctx, machine), pulse),
      ipAddress: machine.ipAddress ?? null,
      os: machine.os ?? null,
      arch: machine.arch ?? null,
      rootDirectory: machine.rootDirectory ?? null,
      capacity: machine.capacity ?? null,
      metadataText: machine.metadata ?? null,
      ...timingFor(machine),
      assistantCount: pulse.assistantCount ?? null,
      metrics,
      disks,
      gauges: pulse.gauges ?? {},
      uptime,
      createdAt: Math.floor(machine._creationTime),
    };
  },
});

export const metrics = internalQuery({
  args: {
    ...machineArgs,
    from: v.number(),
    to: v.number(),
    resolution: v.optional(v.union(v.literal("raw"), vResolution)),
  },
  handler: async (ctx, { workspaceId, machineId, ...stretch }): Promise<Charts.Range> => {
    const machine = await inFleet(ctx, { workspaceId, machineId });
    return await Charts.range(ctx, { machine, ...stretch });
  },
});

export const create = internalMutation({
  args: {
    ...machineArgs,
    key: vKey,
    secretHash: v.string(),
    name: v.string(),
    description: v.optional(v.string()),
    tags: v.optional(v.array(v.string())),
    heartbeatIntervalMs: v.optional(v.number()),
    offlineThresholdMs: v.optional(v.number()),
  },
  returns: v.null(),
  handler: async (ctx, { key, ...machine }) => {
    const deed = deedOf(key, machine, "POST /api/v1/machines");
    await Audit.during(ctx, deed, async (audited) => await Machines.add(audited, machine));
    return null;
  },
});

export const remove = internalMutation({
  args: { ...machineArgs, key: vKey },
  returns: v.null(),
  handler: async (ctx, { key, ...args }) => {
    const machine = await inFleet(ctx, args);
    const deed = deedOf(key, args, "DELETE /api/v1/machines/{machineId}");
    await Audit.during(ctx, deed, async (audited) => {
      await Shelves.put(audited, { machine, shelf: "deleted" });
    });
    return null;
  },
});

function deedOf(
  key: Infer<typeof vKey>,
  { workspaceId }: { workspaceId: Id<"workspaces"> },
  action: string,
): Audit.Deed {
  return { actor: { kind: "apiKey", ...key }, action, workspaceId };
}

/** Machines on a shelf are not there for scripts. */
async function inFleet(
  ctx: QueryCtx,
  { workspaceId, machineId }: { workspaceId: Id<"workspaces">; machineId: string },
): Promise<Doc<"machines">> {
  const machine = await Machines.find(ctx, { member: { workspaceId }, machineId });
  if (machine !== null && machine.shelf === undefined) return machine;
  return fail({ kind: "notFound", message: "There is no such machine." });
}

async function rowOf(
  ctx: QueryCtx,
  machine: Doc<"machines">,
  filters: { status?: "online" | "offline"; tag?: string; activeSince?: number },
): Promise<MachineRow | null> {
  if (filters.tag !== undefined && !machine.tags.includes(filters.tag)) return null;
  const status = await Statuses.get(ctx, machine);
  if (filters.status !== undefined && status.status !== filters.status) return null;
  const pulse = await Pulses.get(ctx, machine._id);
  const isActive = (pulse.lastHeartbeatAt ?? -Infinity) >= (filters.activeSince ?? -Infinity);
  return isActive ? describe(machine, status, pulse) : null;
}

function describe(
  { machineId, name, description, tags, hostname, version }: Doc<"machines">,
  { status, reason, since }: Doc<"statuses">,
  { lastHeartbeatAt }: Doc<"pulses">,
): MachineRow {
  return {
    machineId,
    name,
    description,
    tags,
    hostname: hostname ?? null,
    version: version ?? null,
    status,
    reason,
    since,
    lastSeen: lastHeartbeatAt ?? null,
  };
}
