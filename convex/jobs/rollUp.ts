/**
 * Makes rollups of samples, hours of those, and the uptime of each day that is over. In small transactions with
 * pauses between them, so that heartbeats never wait for long.
 */
import { v } from "convex/values";
import { SECOND } from "../../core/time.ts";
import { internal } from "../_generated/api.js";
import type { Doc } from "../_generated/dataModel.js";
import type { MutationCtx } from "../_generated/server.js";
import { internalMutation } from "../functions.ts";
import * as LateSpans from "../model/lateSpans.ts";
import * as Rollups from "../model/rollups.ts";
import * as Progress from "../model/rollUpProgress.ts";

/** Machines done in one transaction, and samples after which it ends early. */
const BATCH = 25;
const MAX_SAMPLES = 1_000;
/** Heartbeats go first. */
const PAUSE_MS = 20;
/** A pass that has not moved for so long has lost its next step. */
const PATIENCE_MS = 30 * SECOND;

/** The cron's: starts a pass when a bucket is over, and revives one that stopped. */
export const watch = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    const progress = await Progress.find(ctx);
    const isMoving = progress?.passUntil !== undefined;
    // By a clock that was ahead it may have moved in what is the future again.
    if (isMoving && Math.abs(Date.now() - progress.steppedAt) < PATIENCE_MS) return null;
    await takeStep(ctx, Date.now());
    return null;
  },
});

/** One batch of the pass, and the next after a pause. */
export const step = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    await takeStep(ctx, Date.now());
    return null;
  },
});

/** A batch in a transaction of its own inside the step's, so that it fails alone. Returns the last machine done. */
export const rollMachines = internalMutation({
  args: { machines: v.array(v.id("machines")), from: v.number(), to: v.number() },
  returns: v.number(),
  handler: async (ctx, { machines, from, to }) => {
    let [read, cursor] = [0, 0];
    for (const _id of machines) {
      const machine = await ctx.db.get("machines", _id);
      if (machine === null) continue;
      read += await Rollups.roll(ctx, { machine, from, to });
      cursor = machine._creationTime;
      if (read >= MAX_SAMPLES) break;
    }
    return cursor;
  },
});

async function takeStep(ctx: MutationCtx, now: number): Promise<void> {
  const pass = await Progress.begin(ctx, now);
  const isMoreLeft = pass === null ? await remakeLate(ctx) : await rollBatch(ctx, { pass, now });
  if (isMoreLeft) await ctx.scheduler.runAfter(PAUSE_MS, internal.jobs.rollUp.step, {});
}

async function remakeLate(ctx: MutationCtx): Promise<boolean> {
  const progress = await Progress.find(ctx);
  return progress !== null && (await LateSpans.remakeNext(ctx, progress.doneUntil));
}

async function rollBatch(
  ctx: MutationCtx,
  { pass, now }: { pass: Progress.Pass; now: number },
): Promise<boolean> {
  const machines = await ctx.db
    .query("machines")
    .withIndex("by_creation_time", (q) => q.gt("_creationTime", pass.cursor))
    .take(BATCH);
  if (machines.length === 0) await Progress.finish(ctx, { to: pass.to, now });
  else await Progress.advance(ctx, { cursor: await rollOrSkip(ctx, { machines, pass }), now });
  return true;
}

/** All in one go; where that fails the first alone, and if it still fails its buckets are given up. */
async function rollOrSkip(
  ctx: MutationCtx,
  { machines, pass: { from, to } }: { machines: Doc<"machines">[]; pass: Progress.Pass },
): Promise<number> {
  const ids = machines.map(({ _id }) => _id);
  try {
    return await ctx.runMutation(internal.jobs.rollUp.rollMachines, { machines: ids, from, to });
  } catch (error) {
    console.error("a batch of machines cannot be rolled up, taking one alone:", error);
    return await rollFirstOrSkip(ctx, { machines, from, to });
  }
}

async function rollFirstOrSkip(
  ctx: MutationCtx,
  { machines, from, to }: { machines: Doc<"machines">[]; from: number; to: number },
): Promise<number> {
  const first = machines.slice(0, 1);
  const [cursor = 0] = first.map(({ _creationTime }) => _creationTime);
  const ids = first.map(({ _id }) => _id);
  try {
    await ctx.runMutation(internal.jobs.rollUp.rollMachines, { machines: ids, from, to });
  } catch (error) {
    console.error(`machine ${ids.join()} cannot be rolled up, its buckets are given up:`, error);
  }
  return cursor;
}
