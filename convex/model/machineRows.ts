/** What the page sees of a machine: the cold row and its status, with the pulse where the fleet is small. */
import { packRows } from "../../core/packedRows.ts";
import { sliceRange } from "../../core/slices.ts";
import type { Doc } from "../_generated/dataModel.js";
import type { QueryCtx } from "../_generated/server.js";
import type { Shelf } from "../validators.ts";
import type { Member } from "./access.ts";
import { fail } from "./fail.ts";
import * as Machines from "./machines.ts";
import * as Pulses from "./pulses.ts";
import * as Refusals from "./refusals.ts";
import { timingFor } from "./settings.ts";
import * as Statuses from "./statuses.ts";

/** Up to this many machines a list reads the pulses; above, each heartbeat would re-run a big list for everybody. */
export const LIVE_LIST_LIMIT = 100;

/** A list is one array, and Convex arrays end at 8,192 elements; larger fleets are read in slices. */
const MAX_LISTED = 8_000;

/** The workspace's machines by name (S3.2). */
export async function list(ctx: QueryCtx, { workspaceId }: Member) {
  const machines = await ctx.db
    .query("machines")
    .withIndex("by_workspaceId_and_shelf_and_machineId", (q) =>
      q.eq("workspaceId", workspaceId).eq("shelf", undefined),
    )
    .take(MAX_LISTED + 1);
  if (machines.length > MAX_LISTED) {
    fail({
      kind: "limitReached",
      message: `A fleet of more than ${MAX_LISTED} machines is listed in slices.`,
    });
  }
  const statuses = await ctx.db
    .query("statuses")
    .withIndex("by_workspaceId_and_shelf_and_machineId", (q) =>
      q.eq("workspaceId", workspaceId).eq("shelf", undefined),
    )
    .take(MAX_LISTED);
  const isLive = machines.length <= LIVE_LIST_LIMIT;
  const pulseOf = new Map(
    await Promise.all(
      (isLive ? machines : []).map(async ({ _id }) => [_id, await Pulses.find(ctx, _id)] as const),
    ),
  );
  return join(machines, statuses)
    .map(([machine, status]) => describe(machine, status, pulseOf.get(machine._id) ?? null))
    .sort((left, right) => compareTexts(left.name, right.name));
}

/** One slice of the fleet, by machine id, as one text: see core/slices.ts and core/packedRows.ts. */
export async function slice(
  ctx: QueryCtx,
  { member, slice, of }: { member: Member; slice: number; of: number },
) {
  const { workspaceId } = member;
  const range = sliceRange(slice, of);
  if (range === null) {
    return fail({
      kind: "invalid",
      field: "slice",
      message: "Ask for a slice from 0, of 1, 2, 4 … up to 64.",
    });
  }
  const { first, end } = range;
  const machines = await ctx.db
    .query("machines")
    .withIndex("by_workspaceId_and_shelf_and_machineId", (q) => {
      const from = q.eq("workspaceId", workspaceId).eq("shelf", undefined).gte("machineId", first);
      return end === undefined ? from : from.lt("machineId", end);
    })
    .take(MAX_LISTED);
  const statuses = await ctx.db
    .query("statuses")
    .withIndex("by_workspaceId_and_shelf_and_machineId", (q) => {
      const from = q.eq("workspaceId", workspaceId).eq("shelf", undefined).gte("machineId", first);
      return end === undefined ? from : from.lt("machineId", end);
    })
    .take(MAX_LISTED);
  return packRows(join(machines, statuses).map((pair) => describe(...pair, null)));
}

/** Machines that left the fleet, latest first. */
export async function shelf(ctx: QueryCtx, { member, shelf }: { member: Member; shelf: Shelf }) {
  const { workspaceId } = member;
  const machines = await ctx.db
    .query("machines")
    .withIndex("by_workspaceId_and_shelf_and_machineId", (q) =>
      q.eq("workspaceId", workspaceId).eq("shelf", shelf),
    )
    .take(MAX_LISTED);
  return machines
    .map(({ machineId, name, description, tags, hostname, shelvedAt, purgeAt }) => ({
      machineId,
      name,
      description,
      tags,
      hostname: hostname ?? null,
      shelvedAt: shelvedAt ?? 0,
      purgeAt: purgeAt ?? null,
    }))
    .sort((left, right) => right.shelvedAt - left.shelvedAt);
}

/** One machine with all that its own page shows, or null where the caller has no such machine. */
export async function get(
  ctx: QueryCtx,
  { member, machineId }: { member: Member; machineId: string },
) {
  const machine = await Machines.find(ctx, { member, machineId });
  if (machine === null) return null;
  const pulse = await Pulses.get(ctx, machine._id);
  return {
    ...describe(machine, await Statuses.get(ctx, machine), pulse),
    capacity: machine.capacity ?? null,
    metadata: machine.metadata ?? null,
    shelf: machine.shelf ?? null,
    purgeAt: machine.purgeAt ?? null,
    clash: machine.clash ?? null,
    rotation: describeRotation(machine, pulse),
    pulse: {
      ...describePulse(machine, pulse),
      swapUsage: pulse.metrics?.swapUsage ?? null,
      disks: pulse.metrics?.disks ?? [],
      gauges: pulse.gauges ?? {},
    },
  };
}

/** What has been heard of a machine that is being set up. */
export async function checklist(
  ctx: QueryCtx,
  { member, machineId }: { member: Member; machineId: string },
) {
  const machine = await Machines.getAnywhere(ctx, { member, machineId });
  const { lastHeartbeatAt, clockSkewMs, metrics } = await Pulses.get(ctx, machine._id);
  const refusal = await Refusals.lastOf(ctx, machine._id);
  const seenAt = Math.max(lastHeartbeatAt ?? 0, refusal?.at ?? 0);
  return {
    requestSeenAt: seenAt === 0 ? null : seenAt,
    tokenAcceptedAt: lastHeartbeatAt ?? null,
    clockSkewMs: clockSkewMs ?? null,
    hasMetrics: metrics !== undefined && Object.keys(metrics).length > 0,
    refusal: refusal && { at: refusal.at, kind: refusal.kind, message: refusal.message },
    clash: machine.clash ?? null,
  };
}

/** The live numbers of the machines on screen; ids that are not the caller's are left out. */
export async function pulses(
  ctx: QueryCtx,
  { member, machineIds }: { member: Member; machineIds: string[] },
) {
  const rows = await Promise.all(
    machineIds.map(async (machineId) => {
      const machine = await Machines.find(ctx, { member, machineId });
      return machine && describePulse(machine, await Pulses.get(ctx, machine._id));
    }),
  );
  return rows.filter((row) => row !== null);
}

function describe(
  machine: Doc<"machines">,
  { status, reason, since, lastSeenAt }: Doc<"statuses">,
  pulse: Doc<"pulses"> | null,
) {
  return {
    machineId: machine.machineId,
    name: machine.name,
    description: machine.description,
    tags: machine.tags,
    status,
    reason,
    since,
    lastSeen: pulse?.lastHeartbeatAt ?? lastSeenAt ?? null,
    assistantCount: pulse?.assistantCount ?? null,
    hostname: machine.hostname ?? null,
    version: machine.version ?? null,
    ipAddress: machine.ipAddress ?? null,
    os: machine.os ?? null,
    arch: machine.arch ?? null,
    rootDirectory: machine.rootDirectory ?? null,
    ...timingFor(machine),
    pausedAt: machine.pausedAt ?? null,
    clashedAt: machine.clash?.detectedAt ?? null,
    createdAt: machine._creationTime,
  };
}

/** While an old secret still works: until when, and which of the two was used when. */
function describeRotation(
  { previousSecretHash, previousSecretExpiresAt }: Doc<"machines">,
  { currentSecretUsedAt, previousSecretUsedAt }: Doc<"pulses">,
) {
  if (previousSecretHash === undefined) return null;
  return {
    previousExpiresAt: previousSecretExpiresAt ?? 0,
    previousUsedAt: previousSecretUsedAt ?? null,
    currentUsedAt: currentSecretUsedAt ?? null,
  };
}

function describePulse({ machineId }: Doc<"machines">, pulse: Doc<"pulses">) {
  const { metrics } = pulse;
  return {
    machineId,
    lastHeartbeatAt: pulse.lastHeartbeatAt ?? null,
    cpuUsage: metrics?.cpuUsage ?? null,
    memoryUsage: metrics?.memoryUsage ?? null,
    diskUsage: metrics?.diskUsage ?? null,
    assistantCount: pulse.assistantCount ?? null,
    containerCount: metrics?.containerCount ?? null,
    clockSkewMs: pulse.clockSkewMs ?? null,
  };
}

/** Both come by the same range; a machine without a status would be a contradiction, and is left out. */
function join(
  machines: Doc<"machines">[],
  statuses: Doc<"statuses">[],
): [Doc<"machines">, Doc<"statuses">][] {
  const statusOf = new Map(statuses.map((status) => [status.machine, status]));
  return machines.flatMap((machine) => {
    const status = statusOf.get(machine._id);
    return status === undefined ? [] : [[machine, status]];
  });
}

/** Case-insensitive and the same on every runtime, which localeCompare is not. */
function compareTexts(left: string, right: string): number {
  const [a, b] = [left.toLowerCase(), right.toLowerCase()];
  return a < b ? -1 : a > b ? 1 : 0;
}
