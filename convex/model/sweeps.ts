/**
 * The monitor's own pulse. The sweep is a loop that schedules itself, since a cron's interval is fixed when the
 * functions are pushed and ours is a setting; a cron watches that the loop lives.
 */
import { formatDurationMs } from "../../core/durations.ts";
import { SECOND } from "../../core/time.ts";
import { internal } from "../_generated/api.js";
import type { Doc } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import * as Outages from "./outages.ts";
import { checkIntervalMs } from "./settings.ts";

/** How late the loop may be before another takes over. */
const PATIENCE_MS = 5 * SECOND;
/** A gap of more intervals than this means that the monitor itself was away. */
const OUTAGE_INTERVALS = 2;

export async function find(ctx: QueryCtx): Promise<Doc<"sweeps"> | null> {
  return await ctx.db.query("sweeps").first();
}

/** Starts the loop where there is none, or where it is overdue. */
export async function ensureRunning(ctx: MutationCtx, now: number): Promise<void> {
  const sweep = await find(ctx);
  if (sweep !== null && isOnTime(sweep, now)) return;
  const chain = (sweep?.chain ?? 0) + 1;
  if (sweep === null) {
    await ctx.db.insert("sweeps", { chain, lastSweepAt: now, nextSweepAt: now });
  } else await ctx.db.patch("sweeps", sweep._id, { chain, nextSweepAt: now });
  await ctx.scheduler.runAfter(0, internal.jobs.sweep.run, { chain });
}

/**
 * Begins one round: null where a newer loop took over; else since when silence counts. After an outage of our own
 * that is now: agents that could not reach us get a full threshold to do so before anybody is told.
 */
export async function begin(
  ctx: MutationCtx,
  { chain, now }: { chain: number; now: number },
): Promise<{ resumedAt: number } | null> {
  const sweep = await find(ctx);
  if (sweep?.chain !== chain) return null;
  const gapMs = now - sweep.lastSweepAt;
  if (gapMs < -PATIENCE_MS) {
    console.warn(`the clock went back by ${formatDurationMs(-gapMs)}: deadlines are set anew`);
    await ctx.scheduler.runAfter(0, internal.jobs.clock.rearm, { now });
  }
  const wasAway = gapMs > OUTAGE_INTERVALS * checkIntervalMs();
  if (wasAway) {
    const gap = formatDurationMs(gapMs);
    console.warn(`the sweep was away for ${gap}: deadlines start anew, nobody is reported yet`);
    await Outages.record(ctx, { from: sweep.lastSweepAt, to: now });
  }
  // Never ahead, as after a clock that was: silence would not count for as long.
  const resumedAt = wasAway ? now : Math.min(sweep.resumedAt ?? 0, now);
  await ctx.db.patch("sweeps", sweep._id, { lastSweepAt: now, resumedAt });
  return { resumedAt };
}

/** Remembers that all rows were checked against each other. */
export async function recordReconciled(ctx: MutationCtx, now: number): Promise<void> {
  const sweep = await find(ctx);
  if (sweep !== null) await ctx.db.patch("sweeps", sweep._id, { lastReconciledAt: now });
}

/** Schedules the next round: at once where more is overdue than one round takes. */
export async function scheduleNext(
  ctx: MutationCtx,
  { chain, now, isMoreLeft }: { chain: number; now: number; isMoreLeft: boolean },
): Promise<void> {
  const sweep = await find(ctx);
  if (sweep === null) return;
  const nextSweepAt = isMoreLeft ? now : now + checkIntervalMs();
  await ctx.db.patch("sweeps", sweep._id, { nextSweepAt });
  await ctx.scheduler.runAt(nextSweepAt, internal.jobs.sweep.run, { chain });
}

/** A round that lies further ahead than rounds do was scheduled by a clock that has gone back since. */
function isOnTime({ nextSweepAt }: Doc<"sweeps">, now: number): boolean {
  const latestMs = checkIntervalMs() + PATIENCE_MS;
  return now <= nextSweepAt + PATIENCE_MS && nextSweepAt <= now + latestMs;
}
