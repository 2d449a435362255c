/**
 * The way out of the outbox: what is due is leased for one attempt and handed to a sender. Each channel has a lane of
 * its own, so that one that hangs or is down takes no turn from the others.
 */
import { SECOND } from "../../core/time.ts";
import { internal } from "../_generated/api.js";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import * as Breakers from "./breakers.ts";
import { withLast, withNext } from "./deliveries.ts";
import * as Lanes from "./lanes.ts";
import * as Ledger from "./ledger.ts";
import * as Outbox from "./outbox.ts";
import { preferencesOf } from "./preferences.ts";
import * as Settlements from "./settlements.ts";
import * as Turns from "./turns.ts";

/** Requests in flight at once: all together, to one channel, and to one that failed last time. */
const MAX_LEASED = 64;
const MAX_LEASED_PER_CHANNEL = 4;
const MAX_LEASED_FAILING = 1;
/** Lanes served, and rows taken back, in one transaction. */
const BATCH = 64;
/** The sender's timeout of 10 s, twice over, and time to start it. */
const LEASE_MS = 30 * SECOND;

/** Leases what may go now. The attempt is on record before its request leaves. */
export async function dispatch(ctx: MutationCtx, now: number): Promise<void> {
  await takeBackExpired(ctx, now);
  let free = MAX_LEASED - (await leased(ctx, MAX_LEASED)).length;
  for (const lane of await Lanes.due(ctx, now, BATCH)) {
    if (free <= 0) return;
    free -= await serve(ctx, lane, { now, free });
  }
}

/** Leases from one lane and returns how many. */
async function serve(
  ctx: MutationCtx,
  lane: Doc<"lanes">,
  { now, free }: { now: number; free: number },
): Promise<number> {
  const channel = await ctx.db.get("channels", lane.channelId);
  if (channel === null) return await dissolve(ctx, lane, now);
  const permit = await Breakers.permit(ctx, Breakers.hostOfChannel(channel), now);
  if (permit.kind === "closed") {
    await Lanes.park(ctx, lane, permit.until);
    await Outbox.wakeAt(ctx, permit.until);
    return 0;
  }
  const isHealthy = lane.failures === 0 && permit.kind === "free";
  const slots = isHealthy ? MAX_LEASED_PER_CHANNEL : MAX_LEASED_FAILING;
  const room = Math.min(free, slots - (await leasedOf(ctx, channel._id, slots)));
  const { isOff } = preferencesOf(channel);
  let used = 0;
  for (const delivery of room <= 0 ? [] : await dueOf(ctx, channel._id, now)) {
    if (used === room) break;
    if (isOff && delivery.event !== "test") {
      await Settlements.suppress(ctx, delivery, { kind: "channelOff", now });
      continue;
    }
    if (await mustWait(ctx, delivery)) continue;
    await lease(ctx, delivery, now);
    used += 1;
  }
  // Where all slots are taken, settling the next of them puts the lane back.
  if (used === room || room <= 0) await Lanes.park(ctx, lane, undefined);
  else await Lanes.rearm(ctx, lane);
  return used;
}

async function lease(ctx: MutationCtx, delivery: Doc<"deliveries">, now: number): Promise<void> {
  const attempt = delivery.attempts + 1;
  await ctx.db.patch("deliveries", delivery._id, {
    state: "leased",
    sealedAt: delivery.sealedAt ?? now,
    attempts: attempt,
    attemptLog: withNext(delivery.attemptLog, now),
    dueAt: now + LEASE_MS,
    heldBy: undefined,
  });
  const entry = { at: now, kind: "attempt", delivery: delivery._id, attempt };
  await Ledger.append(ctx, delivery.workspaceId, entry);
  const sender = internal.notifiers.send.send;
  await ctx.scheduler.runAfter(0, sender, { deliveryId: delivery._id, attempt });
}

/** What is behind another leaves the queue; the end of that one puts it back (settlements.ts). */
async function mustWait(ctx: MutationCtx, delivery: Doc<"deliveries">): Promise<boolean> {
  if (await Turns.isItsTurn(ctx, delivery)) return false;
  await ctx.db.patch("deliveries", delivery._id, { dueAt: undefined });
  return true;
}

/** An action runs at most once: a lease that ran out means that nobody knows whether its request left. */
async function takeBackExpired(ctx: MutationCtx, now: number): Promise<void> {
  const expired = await ctx.db
    .query("deliveries")
    .withIndex("by_state_and_dueAt", (q) => q.eq("state", "leased").lte("dueAt", now))
    .take(BATCH);
  for (const delivery of expired) {
    const error = "The attempt was interrupted; it may have arrived.";
    const attemptLog = withLast(delivery.attemptLog, { outcome: "uncertain", error });
    await Settlements.uncertain(ctx, { delivery: { ...delivery, attemptLog }, error, now });
    // As after an answer: the slot is free, and what waited for it may be due before the next attempt is.
    const lane = await Lanes.find(ctx, delivery.channelId);
    if (lane !== null) await Lanes.rearm(ctx, lane);
  }
}

/** The channel was deleted: what still waited for it is not sent. */
async function dissolve(ctx: MutationCtx, lane: Doc<"lanes">, now: number): Promise<number> {
  const waiting = await ctx.db
    .query("deliveries")
    .withIndex("by_state_and_channelId_and_dueAt", (q) =>
      q.eq("state", "queued").eq("channelId", lane.channelId),
    )
    .take(BATCH);
  for (const delivery of waiting)
    await Settlements.suppress(ctx, delivery, { kind: "channelDeleted", now });
  if (waiting.length < BATCH) await ctx.db.delete("lanes", lane._id);
  return 0;
}

async function dueOf(
  ctx: QueryCtx,
  channelId: Id<"channels">,
  now: number,
): Promise<Doc<"deliveries">[]> {
  return await ctx.db
    .query("deliveries")
    .withIndex("by_state_and_channelId_and_dueAt", (q) =>
      q.eq("state", "queued").eq("channelId", channelId).gte("dueAt", 0).lte("dueAt", now),
    )
    .take(BATCH);
}

async function leasedOf(ctx: QueryCtx, channelId: Id<"channels">, limit: number): Promise<number> {
  const rows = await ctx.db
    .query("deliveries")
    .withIndex("by_state_and_channelId_and_dueAt", (q) =>
      q.eq("state", "leased").eq("channelId", channelId),
    )
    .take(limit);
  return rows.length;
}

async function leased(ctx: QueryCtx, limit: number): Promise<Doc<"deliveries">[]> {
  return await ctx.db
    .query("deliveries")
    .withIndex("by_state_and_dueAt", (q) => q.eq("state", "leased"))
    .take(limit);
}
