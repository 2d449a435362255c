/** Finds the machines whose deadline has passed and calls them silent. Runs as a loop; crons.ts only watches it. */
import { v } from "convex/values";
import { HOUR } from "../../core/time.ts";
import { internal } from "../_generated/api.js";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx } from "../_generated/server.js";
import { internalMutation } from "../functions.ts";
import * as Desk from "../model/desk.ts";
import * as Notifications from "../model/notifications.ts";
import { timingFor } from "../model/settings.ts";
import * as SelfHeartbeats from "../model/selfHeartbeats.ts";
import * as Statuses from "../model/statuses.ts";
import * as Sweeps from "../model/sweeps.ts";

/** Bounds the transaction: each flip writes a handful of rows and one more for each channel. */
const BATCH = 50;
/** A row that cannot be handled waits this long, so that it neither stops nor fills every sweep. */
const PARK_MS = HOUR;

/** Makes sure that the loop lives; the cron calls it. */
export const watch = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    await Sweeps.ensureRunning(ctx, Date.now());
    return null;
  },
});

/** One round of the loop. */
export const run = internalMutation({
  args: { chain: v.number() },
  returns: v.null(),
  handler: async (ctx, { chain }) => {
    const now = Date.now();
    const round = await Sweeps.begin(ctx, { chain, now });
    if (round === null) return null;
    const overdue = await ctx.db
      .query("pulses")
      .withIndex("by_deadlineAt", (q) => q.gte("deadlineAt", 0).lte("deadlineAt", now))
      .take(BATCH);
    const args = { now, resumedAt: round.resumedAt };
    if (overdue.length > 0) await flipOrPark(ctx, { ...args, pulseIds: overdue.map(idOf) });
    if (await isFollowUpDue(ctx, now)) {
      await ctx.scheduler.runAfter(0, internal.jobs.followUp.runDue, {});
    }
    await SelfHeartbeats.pingDue(ctx, now);
    await Sweeps.scheduleNext(ctx, { chain, now, isMoreLeft: overdue.length === BATCH });
    return null;
  },
});

/** Flips the overdue among some machines. A transaction of its own inside the sweep's, so that it fails alone. */
export const flip = internalMutation({
  args: { pulseIds: v.array(v.id("pulses")), now: v.number(), resumedAt: v.number() },
  returns: v.null(),
  handler: async (ctx, { pulseIds, now, resumedAt }) => {
    const desk = Desk.open(ctx, now);
    for (const pulseId of pulseIds) {
      const pulse = await ctx.db.get("pulses", pulseId);
      if (pulse !== null) await flipIfOverdue(desk, { pulse, resumedAt });
    }
    await Desk.close(desk);
    return null;
  },
});

async function isFollowUpDue(ctx: MutationCtx, now: number): Promise<boolean> {
  const first = await ctx.db
    .query("incidents")
    .withIndex("by_followUpAt", (q) => q.gte("followUpAt", 0).lte("followUpAt", now))
    .first();
  return first !== null;
}

type Batch = { pulseIds: Id<"pulses">[]; now: number; resumedAt: number };

/** All in one go; where that fails each alone, and those that still fail are parked. */
async function flipOrPark(ctx: MutationCtx, batch: Batch): Promise<void> {
  try {
    await ctx.runMutation(internal.jobs.sweep.flip, batch);
  } catch (error) {
    console.error("a batch of overdue machines failed, taking each alone:", error);
    for (const pulseId of batch.pulseIds) await flipAloneOrPark(ctx, { ...batch, pulseId });
  }
}

async function flipAloneOrPark(
  ctx: MutationCtx,
  { pulseId, now, resumedAt }: Omit<Batch, "pulseIds"> & { pulseId: Id<"pulses"> },
): Promise<void> {
  try {
    await ctx.runMutation(internal.jobs.sweep.flip, { pulseIds: [pulseId], now, resumedAt });
  } catch (error) {
    console.error(`pulse ${pulseId} cannot be swept, parked for an hour:`, error);
    await ctx.db.patch("pulses", pulseId, { deadlineAt: now + PARK_MS });
  }
}

async function flipIfOverdue(
  desk: Desk.Desk,
  { pulse, resumedAt }: { pulse: Doc<"pulses">; resumedAt: number },
): Promise<void> {
  const { ctx, now } = desk;
  const { deadlineAt, lastHeartbeatAt } = pulse;
  if (deadlineAt === undefined || deadlineAt > now) return;
  const machine = await ctx.db.get("machines", pulse.machine);
  if (machine === null) throw new Error(`pulse ${pulse._id} belongs to no machine`);
  const wasSilentBeforeUs = (lastHeartbeatAt ?? 0) < resumedAt;
  const extendedAt = wasSilentBeforeUs ? resumedAt + timingFor(machine).offlineThresholdMs : 0;
  if (extendedAt > now) {
    await ctx.db.patch("pulses", pulse._id, { deadlineAt: extendedAt });
    return;
  }
  if (await passLateStage(desk, { machine, pulse, deadlineAt })) return;
  await ctx.db.patch("pulses", pulse._id, { deadlineAt: undefined, isOnline: false });
  // The deadline may be that of being late, where both have passed since the last round.
  const at = Math.max(deadlineAt, silentAtOf(pulse, machine) ?? 0);
  await Statuses.fallSilent(desk, { machine, at, lastSeenAt: lastHeartbeatAt });
}

/** When a machine that is expected to beat is silent; null for one that said when it would be back. */
function silentAtOf(
  { isOnline, lastHeartbeatAt }: Doc<"pulses">,
  machine: Doc<"machines">,
): number | null {
  if (!isOnline || lastHeartbeatAt === undefined) return null;
  return lastHeartbeatAt + timingFor(machine).offlineThresholdMs;
}

/** Where the deadline was that of being late: tells whoever wants to know, and sets the deadline of silence. */
async function passLateStage(
  desk: Desk.Desk,
  {
    machine,
    pulse,
    deadlineAt,
  }: { machine: Doc<"machines">; pulse: Doc<"pulses">; deadlineAt: number },
): Promise<boolean> {
  const { _id, lastHeartbeatAt, watchesLate } = pulse;
  const silentAt = silentAtOf(pulse, machine);
  if (silentAt === null || silentAt <= desk.now) return false;
  await desk.ctx.db.patch("pulses", _id, { deadlineAt: silentAt });
  if (watchesLate === true && lastHeartbeatAt !== undefined) {
    await Notifications.late(desk, { machine, lastSeenAt: lastHeartbeatAt, at: deadlineAt });
  }
  return true;
}

function idOf(pulse: Doc<"pulses">): Id<"pulses"> {
  return pulse._id;
}
