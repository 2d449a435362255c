/**
 * Whether a channel works: a channel that keeps failing is reported through the others, once until it works again; a
 * personal one through its owner's other ones only.
 */
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx } from "../_generated/server.js";
import * as Channels from "./channelRows.ts";
import * as Lanes from "./lanes.ts";
import * as Outbox from "./outbox.ts";
import { preferencesOf, wants } from "./preferences.ts";

/** By the retry schedule that is after more than half a minute: a receiver that is restarted is not reported. */
const REPORTED_AFTER = 4;

export async function recordSuccess(
  ctx: MutationCtx,
  channelId: Id<"channels">,
  now: number,
): Promise<void> {
  const lane = await Lanes.find(ctx, channelId);
  if (lane === null) return;
  await ctx.db.patch("lanes", lane._id, {
    failures: 0,
    failingSince: undefined,
    reportedAt: undefined,
    lastSuccessAt: now,
  });
}

export async function recordFailure(
  ctx: MutationCtx,
  { channel, error, now }: { channel: Doc<"channels">; error: string; now: number },
): Promise<void> {
  const lane = await Lanes.find(ctx, channel._id);
  if (lane === null) return;
  const failures = lane.failures + 1;
  const failingSince = lane.failingSince ?? now;
  await ctx.db.patch("lanes", lane._id, { failures, failingSince });
  if (failures >= REPORTED_AFTER) await tellOthers(ctx, { lane, channel, error, now });
}

/** A message was given up: that is reported at once. A failed test is not, its sender is looking at it. */
export async function report(
  ctx: MutationCtx,
  { delivery, error, now }: { delivery: Doc<"deliveries">; error: string; now: number },
): Promise<void> {
  if (delivery.event === "test") return;
  const channel = await ctx.db.get("channels", delivery.channelId);
  const lane = channel && (await Lanes.find(ctx, channel._id));
  if (channel !== null && lane !== null) await tellOthers(ctx, { lane, channel, error, now });
}

async function tellOthers(
  ctx: MutationCtx,
  {
    lane,
    channel,
    error,
    now,
  }: { lane: Doc<"lanes">; channel: Doc<"channels">; error: string; now: number },
): Promise<void> {
  const current = await ctx.db.get("lanes", lane._id);
  if (current === null || current.reportedAt !== undefined) return;
  await ctx.db.patch("lanes", lane._id, { reportedAt: now });
  const event = "channel.failing" as const;
  const problem = { channelName: channel.name, error };
  for (const other of await Channels.ofWorkspace(ctx, channel.workspaceId)) {
    if (other._id === channel._id || preferencesOf(other).isOff) continue;
    if (channel.userId !== undefined && other.userId !== channel.userId) continue;
    if (!wants(other, event, null)) continue;
    await Outbox.queueAlone(ctx, { channel: other, event, problem, now });
  }
}
