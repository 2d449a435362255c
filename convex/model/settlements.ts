/** How attempts end: delivered, tried again later, given up, or nobody knows; and what that says about the channel. */
import { HOUR, MINUTE, SECOND } from "../../core/time.ts";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx } from "../_generated/server.js";
import type { SendOutcome } from "../validators.ts";
import * as Breakers from "./breakers.ts";
import * as Browsers from "./browsers.ts";
import * as ChannelHealth from "./channelHealth.ts";
import { leasedFor, withLast } from "./deliveries.ts";
import { isOpening } from "./hearings.ts";
import * as Lanes from "./lanes.ts";
import * as Ledger from "./ledger.ts";
import * as Outbox from "./outbox.ts";
import { preferencesOf } from "./preferences.ts";

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
/** From here on the host itself is in trouble, not the request. */
const SERVER_ERROR = 500;
/** Deliveries that may wait for one other. */
const WAITING = 64;

/** Records what a sender reports. A report of an attempt that was taken back is ignored. */
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
  await recordAnswer(ctx, { delivery, outcome, now });
  const result = resultOf(outcome);
  const attemptLog = withLast(delivery.attemptLog, {
    ...present(result),
    endedAt: now,
    outcome: outcome.kind,
  });
  const settled = { ...delivery, attemptLog };
  switch (outcome.kind) {
    case "delivered":
      await finish(ctx, settled, { ...result, state: "delivered", now });
      break;
    case "failed": {
      const retryAfterMs = outcome.isRetryable ? outcome.retryAfterMs : Infinity;
      await retryOrGiveUp(ctx, settled, { ...result, retryAfterMs, now });
      break;
    }
    case "uncertain":
      await uncertain(ctx, { ...result, delivery: settled, error: outcome.error, now });
      break;
    default:
      outcome satisfies never;
  }
  const lane = await Lanes.find(ctx, delivery.channelId);
  if (lane !== null) await Lanes.rearm(ctx, lane);
  const channel = await ctx.db.get("channels", delivery.channelId);
  if (channel !== null) await Browsers.forgetIfGone(ctx, channel, { ...outcome, now });
}

/** The request may have arrived. Whether to send it again is the channel's choice; by default it is. */
export async function uncertain(
  ctx: MutationCtx,
  {
    delivery,
    now,
    ...result
  }: Result & { delivery: Doc<"deliveries">; error: string; now: number },
): Promise<void> {
  const channel = await ctx.db.get("channels", delivery.channelId);
  const isSentAgain = channel === null || preferencesOf(channel).retryUncertain;
  if (isSentAgain) await retryOrGiveUp(ctx, delivery, { ...result, retryAfterMs: 0, now });
  else await finish(ctx, delivery, { ...result, state: "uncertain", now });
}

/** What is queued for a channel that was deleted or turned off since. */
export async function suppress(
  ctx: MutationCtx,
  delivery: Doc<"deliveries">,
  { kind, now }: { kind: "channelDeleted" | "channelOff"; now: number },
): Promise<void> {
  const error = `The channel was ${kind === "channelOff" ? "turned off" : "deleted"}.`;
  await finish(ctx, delivery, { state: "suppressed", suppressedBy: { kind }, error, now });
}

/** Milliseconds until the attempt after this one (counted from 1), or null where there is none. */
export function retryDelayMs(attempt: number, retryAfterMs: number | null): number | null {
  const delayMs = RETRY_AFTER_MS[attempt - 1];
  if (delayMs === undefined || retryAfterMs === Infinity) return null;
  return Math.max(delayMs, Math.min(retryAfterMs ?? 0, MAX_RETRY_AFTER_MS));
}

interface Result {
  responseStatus?: number | undefined;
  latencyMs?: number | undefined;
  error?: string | undefined;
}

function resultOf(outcome: SendOutcome): Result {
  return {
    responseStatus: outcome.responseStatus ?? undefined,
    latencyMs: outcome.latencyMs ?? undefined,
    error: outcome.kind === "delivered" ? undefined : outcome.error,
  };
}

async function retryOrGiveUp(
  ctx: MutationCtx,
  delivery: Doc<"deliveries">,
  { now, retryAfterMs, ...result }: Result & { now: number; retryAfterMs: number | null },
): Promise<void> {
  const attempt = delivery.attempts - (delivery.attemptsBefore ?? 0);
  const delayMs = retryDelayMs(attempt, retryAfterMs);
  if (delayMs === null) {
    const mayHaveArrived = delivery.attemptLog.some(({ outcome }) => outcome === "uncertain");
    const state = mayHaveArrived ? ("uncertain" as const) : ("failed" as const);
    await finish(ctx, delivery, { ...result, state, now });
    return;
  }
  const dueAt = now + delayMs;
  const { attemptLog } = delivery;
  await ctx.db.patch("deliveries", delivery._id, { ...result, attemptLog, state: "queued", dueAt });
  const { channelId: _id, workspaceId } = delivery;
  await recordOutcome(ctx, delivery, { ...result, outcome: "retry", now });
  await Lanes.wakeAt(ctx, { _id, workspaceId }, dueAt);
  await Outbox.wakeAt(ctx, dueAt);
  // Alarms do not wait for another attempt.
  await releaseWaiting(ctx, delivery, { now, isReleased: ({ event }) => isOpening(event) });
}

async function finish(
  ctx: MutationCtx,
  delivery: Doc<"deliveries">,
  {
    now,
    ...result
  }: Result & {
    state: "delivered" | "failed" | "uncertain" | "suppressed";
    suppressedBy?: Doc<"deliveries">["suppressedBy"];
    now: number;
  },
): Promise<void> {
  const { _id, attemptLog } = delivery;
  const end = { finishedAt: now, dueAt: undefined, heldBy: undefined };
  await ctx.db.patch("deliveries", _id, { ...result, attemptLog, ...end });
  await recordOutcome(ctx, delivery, { ...result, outcome: result.state, now });
  await releaseWaiting(ctx, delivery, { now });
  if (result.state !== "failed" && result.state !== "uncertain") return;
  await ChannelHealth.report(ctx, { delivery, error: result.error ?? "", now });
}

/** What waited for this delivery may go, if nothing else holds it up, and no earlier than it was held for. */
async function releaseWaiting(
  ctx: MutationCtx,
  { _id, channelId, workspaceId }: Doc<"deliveries">,
  {
    now,
    isReleased = () => true,
  }: { now: number; isReleased?: (delivery: Doc<"deliveries">) => boolean },
): Promise<void> {
  const waiting = await ctx.db
    .query("deliveries")
    .withIndex("by_state_and_channelId_and_dueAt", (q) =>
      q.eq("state", "queued").eq("channelId", channelId).eq("dueAt", undefined),
    )
    .take(WAITING);
  for (const delivery of waiting) {
    if (delivery.after?.includes(_id) !== true || !isReleased(delivery)) continue;
    const dueAt = Math.max(now, delivery.notBefore ?? 0);
    await ctx.db.patch("deliveries", delivery._id, { dueAt });
    await Lanes.wakeAt(ctx, { _id: channelId, workspaceId }, dueAt);
    await Outbox.wakeAt(ctx, dueAt);
  }
}

/** Tells the breaker of the host and the channel's health what came back. */
async function recordAnswer(
  ctx: MutationCtx,
  { delivery, outcome, now }: { delivery: Doc<"deliveries">; outcome: SendOutcome; now: number },
): Promise<void> {
  const channel = await ctx.db.get("channels", delivery.channelId);
  if (channel === null) return;
  const host = Breakers.hostOfChannel(channel);
  const { responseStatus } = outcome;
  const isAnswer = responseStatus !== null && responseStatus < SERVER_ERROR;
  if (isAnswer) await Breakers.recordAnswer(ctx, host);
  else await Breakers.recordFailure(ctx, host, now);
  if (outcome.kind === "delivered") await ChannelHealth.recordSuccess(ctx, channel._id, now);
  else await ChannelHealth.recordFailure(ctx, { channel, error: outcome.error, now });
}

async function recordOutcome(
  ctx: MutationCtx,
  delivery: Doc<"deliveries">,
  { now, ...result }: Result & { outcome: string; now: number },
): Promise<void> {
  const { outcome, responseStatus, latencyMs, error } = result;
  await Ledger.append(ctx, delivery.workspaceId, {
    at: now,
    kind: "outcome",
    delivery: delivery._id,
    attempt: delivery.attempts,
    outcome,
    ...present({ responseStatus, latencyMs, error }),
  });
}

function present<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Partial<T>;
}
