/** What the page sees of a machine: the cold row and its status, with the pulse where the fleet is small. */
import type { Doc } from "../_generated/dataModel.js";
import type { QueryCtx } from "../_generated/server.js";
import type { Member } from "./access.ts";
import * as Machines from "./machines.ts";
import * as Pulses from "./pulses.ts";
import { timingFor } from "./settings.ts";
import * as Statuses from "./statuses.ts";

/** Up to this many machines a list reads the pulses; above, each heartbeat would re-run a big list for everybody. */
export const LIVE_LIST_LIMIT = 100;

/** The workspace's machines by name (S3.2). */
export async function list(ctx: QueryCtx, member: Member) {
  const { workspaceId } = member;
  const machines = await ctx.db
    .query("machines")
    .withIndex("by_workspaceId", (q) => q.eq("workspaceId", workspaceId))
    .take(Machines.MAX_MACHINES);
  const statuses = await ctx.db
    .query("statuses")
    .withIndex("by_workspaceId", (q) => q.eq("workspaceId", workspaceId))
    .take(Machines.MAX_MACHINES);
  const statusOf = new Map(statuses.map((status) => [status.machine, status]));
  const isLive = machines.length <= LIVE_LIST_LIMIT;
  const rows = await Promise.all(
    machines.map(async (machine) => {
      const status = statusOf.get(machine._id);
      const pulse = isLive ? await Pulses.find(ctx, machine._id) : null;
      return status === undefined ? [] : [describe(machine, status, pulse)];
    }),
  );
  return rows.flat().sort((left, right) => compareTexts(left.name, right.name));
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
    ipAddress: machine.ipAddress ?? null,
    arch: machine.arch ?? null,
    capacity: machine.capacity ?? null,
    metadata: machine.metadata ?? null,
    pulse: describePulse(machine, pulse),
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
    os: machine.os ?? null,
    rootDirectory: machine.rootDirectory ?? null,
    ...timingFor(machine),
    createdAt: machine._creationTime,
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

/** Case-insensitive and the same on every runtime, which localeCompare is not. */
function compareTexts(left: string, right: string): number {
  const [a, b] = [left.toLowerCase(), right.toLowerCase()];
  return a < b ? -1 : a > b ? 1 : 0;
}
