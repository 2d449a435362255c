/**
 * How far the rolling up has come. Work goes in passes: one stretch of whole buckets within an hour, machine by
 * machine. A pass that was interrupted goes on where it was; a backlog is worked off pass by pass.
 */
import { bucketStart, resolutions } from "../../core/rollup.ts";
import { DAY, HOUR, SECOND } from "../../core/time.ts";
import type { Doc } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";

const FIVE_MINUTES = resolutions["5m"].bucketMs;
/** Heartbeats that were received in a bucket are committed by then. */
const LAG_MS = 10 * SECOND;
/** Hours without a heartbeat that are stepped over at once. */
const MAX_QUIET_HOURS = 200;

export interface Pass {
  from: number;
  to: number;
  /** The creation time of the last machine that is done. */
  cursor: number;
}

export async function find(ctx: QueryCtx): Promise<Doc<"rollUpProgress"> | null> {
  return await ctx.db.query("rollUpProgress").first();
}

/** The pass under way, or the next one where buckets are over; null where there is nothing to do. */
export async function begin(ctx: MutationCtx, now: number): Promise<Pass | null> {
  const progress = await notAhead(ctx, (await find(ctx)) ?? (await create(ctx, now)), now);
  const { passUntil, cursor = 0 } = progress;
  if (passUntil !== undefined) return { from: progress.doneUntil, to: passUntil, cursor };
  const from = await skipQuiet(ctx, progress.doneUntil, now);
  const to = endOfPass(from, now);
  if (to <= from) {
    if (from !== progress.doneUntil)
      await ctx.db.patch("rollUpProgress", progress._id, { doneUntil: from });
    return null;
  }
  await ctx.db.patch("rollUpProgress", progress._id, { doneUntil: from, passUntil: to });
  return { from, to, cursor: 0 };
}

/** All machines up to this one are done. */
export async function advance(ctx: MutationCtx, { cursor, now }: { cursor: number; now: number }) {
  const progress = await find(ctx);
  if (progress === null) return;
  await ctx.db.patch("rollUpProgress", progress._id, { cursor, steppedAt: now });
}

/** All machines are done. */
export async function finish(ctx: MutationCtx, { to, now }: { to: number; now: number }) {
  const progress = await find(ctx);
  if (progress === null) return;
  await ctx.db.patch("rollUpProgress", progress._id, {
    doneUntil: to,
    passUntil: undefined,
    cursor: undefined,
    steppedAt: now,
  });
}

/** A clock that was ahead has done what is to come: that is done again, when it has come. */
async function notAhead(
  ctx: MutationCtx,
  progress: Doc<"rollUpProgress">,
  now: number,
): Promise<Doc<"rollUpProgress">> {
  if (Math.max(progress.doneUntil, progress.passUntil ?? 0) <= now) return progress;
  const doneUntil = Math.min(progress.doneUntil, bucketStart(now, FIVE_MINUTES));
  const back = { doneUntil, passUntil: undefined, cursor: undefined };
  await ctx.db.patch("rollUpProgress", progress._id, back);
  return { ...progress, ...back };
}

/** Buckets before the first machine are of no interest: history begins now. */
async function create(ctx: MutationCtx, now: number): Promise<Doc<"rollUpProgress">> {
  const _id = await ctx.db.insert("rollUpProgress", {
    doneUntil: bucketStart(now, FIVE_MINUTES),
    steppedAt: now,
  });
  const progress = await ctx.db.get("rollUpProgress", _id);
  if (progress === null) throw new Error("the progress just inserted is missing");
  return progress;
}

function endOfPass(from: number, now: number): number {
  const lastOver = bucketStart(now - LAG_MS, FIVE_MINUTES);
  return Math.min(lastOver, bucketStart(from, HOUR) + HOUR);
}

/** Steps over hours in which nothing was received, as after an outage of our own; ends of days are always passed. */
async function skipQuiet(ctx: QueryCtx, doneUntil: number, now: number): Promise<number> {
  let from = doneUntil;
  for (let hours = 0; hours < MAX_QUIET_HOURS; hours++) {
    const to = endOfPass(from, now);
    if (to <= from || to % DAY === 0) return from;
    const hour = bucketStart(from, HOUR);
    const received = await ctx.db
      .query("samples")
      .withIndex("by_creation_time", (q) => q.gte("_creationTime", hour).lt("_creationTime", to))
      .first();
    if (received !== null) return from;
    from = to;
  }
  return from;
}
