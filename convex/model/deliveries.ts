/**
 * The outbox: rows are queued in the mutation that decides, leased for one attempt at a time, and settled. Deciding
 * and queueing happen exactly once; sending at least once, with the delivery's id as idempotency key.
 */
import { HOUR, MINUTE, SECOND } from "../../core/time.ts";
import { internal } from "../_generated/api.js";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import type { MachineSnapshot, NotificationEvent, SendOutcome } from "../validators.ts";

/** Requests in flight at once: all together, and to one channel, so that a slow receiver leaves room for others. */
const MAX_LEASED = 16;
const MAX_LEASED_PER_CHANNEL = 4;
/** Rows looked at to find those that may go now. */
const DUE_BATCH = 64;
/** The sender's timeout of 10 s, twice over, and time to start it. */
const LEASE_MS = 30 * SECOND;
/** Quick at first, since most receivers are only being restarted; about a day in all. */
const RETRY_AFTER_MS = [
  SECOND,
  5 * SECOND,
  30 * SECOND,
  2 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  8 * HOUR,
  8 * HOUR,
];
/** A receiver may ask for patience, not for silence. */
const MAX_RETRY_AFTER_MS = 8 * HOUR;

export interface Event {
  workspaceId: Id<"workspaces">;
  incidentId?: Id<"incidents">;
  event: NotificationEvent;
  machine: MachineSnapshot;
}

export async function queue(
  ctx: MutationCtx,
  { channel, ...event }: Event & { channel: Doc<"channels"> },
): Promise<Id<"deliveries">> {
  const now = Date.now();
  return await ctx.db.insert("deliveries", {
    ...event,
    channelId: channel._id,
    channelName: channel.name,
    state: "queued",
    attempts: 0,
    queuedAt: now,
    dueAt: now,
  });
}

/** Lets what is queued leave as soon as this transaction is committed; once per transaction is enough. */
export async function wake(ctx: MutationCtx): Promise<void> {
  await ctx.scheduler.runAfter(0, internal.jobs.notify.dispatch, {});
}

/** Leases what may go now and hands each to a sender. The attempt is on record before its request leaves. */
export async function dispatch(ctx: MutationCtx, now: number): Promise<void> {
  await requeueExpired(ctx, now);
  const inFlight = await leasedPerChannel(ctx);
  let free = MAX_LEASED - [...inFlight.values()].reduce((sum, count) => sum + count, 0);
  for (const delivery of await due(ctx, { state: "queued", now })) {
    const sameChannel = inFlight.get(delivery.channelId) ?? 0;
    if (free <= 0) return;
    if (sameChannel >= MAX_LEASED_PER_CHANNEL) continue;
    if (await waitsForEarlier(ctx, delivery)) continue;
    await lease(ctx, delivery, now);
    inFlight.set(delivery.channelId, sameChannel + 1);
    free -= 1;
  }
}

/** What a sender needs, or null where the attempt is no longer its business: settled, leased anew, channel gone. */
export async function forAttempt(
  ctx: QueryCtx,
  { deliveryId, attempt }: { deliveryId: Id<"deliveries">; attempt: number },
): Promise<{ delivery: Doc<"deliveries">; channel: Doc<"channels"> } | null> {
  const delivery = await leasedFor(ctx, deliveryId, attempt);
  const channel = delivery && (await ctx.db.get("channels", delivery.channelId));
  return delivery && channel ? { delivery, channel } : null;
}

/** Records how an attempt ended: delivered, tried again later, or failed for good. */
export async function settle(
  ctx: MutationCtx,
  {
    deliveryId,
    attempt,
    outcome,
    now,
  }: { deliveryId: Id<"deliveries">; attempt: number; outcome: SendOutcome; now: number },
): Promise<void> {
  const delivery = await leasedFor(ctx, deliveryId, attempt);
  if (delivery === null) return;
  const { responseStatus, latencyMs } = outcome;
  const answer = { responseStatus: responseStatus ?? undefined, latencyMs: latencyMs ?? undefined };
  switch (outcome.kind) {
    case "delivered":
      await finish(ctx, delivery, { ...answer, state: "delivered", error: undefined, now });
      return;
    case "failed": {
      const delayMs = outcome.isRetryable ? retryDelayMs(attempt, outcome.retryAfterMs) : null;
      const { error } = outcome;
      if (delayMs === null) await finish(ctx, delivery, { ...answer, state: "failed", error, now });
      else await retryLater(ctx, delivery, { ...answer, error, dueAt: now + delayMs });
      return;
    }
    default:
      outcome satisfies never;
  }
}

/** Milliseconds until the attempt after this one (counted from 1), or null where there is none. */
export function retryDelayMs(attempt: number, retryAfterMs: number | null): number | null {
  const delayMs = RETRY_AFTER_MS[attempt - 1];
  if (delayMs === undefined) return null;
  return Math.max(delayMs, Math.min(retryAfterMs ?? 0, MAX_RETRY_AFTER_MS));
}

/** An action runs at most once: a lease that ran out means that nobody knows whether its request left. */
async function requeueExpired(ctx: MutationCtx, now: number): Promise<void> {
  for (const delivery of await due(ctx, { state: "leased", now })) {
    await ctx.db.patch("deliveries", delivery._id, {
      state: "queued",
      dueAt: now,
      error: "The attempt was interrupted; it may have arrived. Sending again.",
    });
  }
}

async function due(
  ctx: QueryCtx,
  { state, now }: { state: "queued" | "leased"; now: number },
): Promise<Doc<"deliveries">[]> {
  return await ctx.db
    .query("deliveries")
    .withIndex("by_state_and_dueAt", (q) => q.eq("state", state).lte("dueAt", now))
    .take(DUE_BATCH);
}

async function leasedPerChannel(ctx: QueryCtx): Promise<Map<Id<"channels">, number>> {
  const leased = await ctx.db
    .query("deliveries")
    .withIndex("by_state_and_dueAt", (q) => q.eq("state", "leased"))
    .take(MAX_LEASED);
  const counts = new Map<Id<"channels">, number>();
  for (const { channelId } of leased) counts.set(channelId, (counts.get(channelId) ?? 0) + 1);
  return counts;
}

/** "Online again" must not overtake "offline" of the same incident; it is due right after it. */
async function waitsForEarlier(ctx: MutationCtx, delivery: Doc<"deliveries">): Promise<boolean> {
  const { incidentId, channelId } = delivery;
  if (incidentId === undefined) return false;
  const first = await ctx.db
    .query("deliveries")
    .withIndex("by_incidentId_and_channelId", (q) =>
      q.eq("incidentId", incidentId).eq("channelId", channelId),
    )
    .first();
  if (first === null || first._id === delivery._id || first.dueAt === undefined) return false;
  await ctx.db.patch("deliveries", delivery._id, { dueAt: first.dueAt + 1 });
  return true;
}

async function lease(ctx: MutationCtx, delivery: Doc<"deliveries">, now: number): Promise<void> {
  const channel = await ctx.db.get("channels", delivery.channelId);
  if (channel === null) {
    await finish(ctx, delivery, { state: "suppressed", error: "The channel was deleted.", now });
    return;
  }
  const attempt = delivery.attempts + 1;
  await ctx.db.patch("deliveries", delivery._id, {
    state: "leased",
    attempts: attempt,
    dueAt: now + LEASE_MS,
  });
  const sender = internal.notifiers.send.send;
  await ctx.scheduler.runAfter(0, sender, { deliveryId: delivery._id, attempt });
}

async function leasedFor(
  ctx: QueryCtx,
  deliveryId: Id<"deliveries">,
  attempt: number,
): Promise<Doc<"deliveries"> | null> {
  const delivery = await ctx.db.get("deliveries", deliveryId);
  return delivery?.state === "leased" && delivery.attempts === attempt ? delivery : null;
}

interface Answer {
  responseStatus?: number | undefined;
  latencyMs?: number | undefined;
  error: string | undefined;
}

async function finish(
  ctx: MutationCtx,
  { _id, incidentId, channelId }: Doc<"deliveries">,
  { now, ...result }: Answer & { state: "delivered" | "failed" | "suppressed"; now: number },
): Promise<void> {
  await ctx.db.patch("deliveries", _id, { ...result, finishedAt: now, dueAt: undefined });
  if (incidentId === undefined) return;
  const next = await ctx.db
    .query("deliveries")
    .withIndex("by_incidentId_and_channelId", (q) =>
      q.eq("incidentId", incidentId).eq("channelId", channelId),
    )
    .order("desc")
    .first();
  if (next?.state === "queued") await ctx.db.patch("deliveries", next._id, { dueAt: now });
}

async function retryLater(
  ctx: MutationCtx,
  { _id }: Doc<"deliveries">,
  result: Answer & { dueAt: number },
): Promise<void> {
  await ctx.db.patch("deliveries", _id, { ...result, state: "queued" });
  await ctx.scheduler.runAt(result.dueAt, internal.jobs.notify.dispatch, {});
}
