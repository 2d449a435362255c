/** The outbox as people read it. */
import type { PaginationOptions } from "convex/server";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { QueryCtx } from "../_generated/server.js";
import type { Member } from "./access.ts";
import * as Channels from "./channels.ts";

/** One page of the log, latest first; a channel that is not the caller's has no log. */
export async function page(
  ctx: QueryCtx,
  {
    member,
    channelId,
    paginationOpts,
  }: {
    member: Member;
    channelId?: Id<"channels"> | undefined;
    paginationOpts: PaginationOptions;
  },
) {
  const { workspaceId } = member;
  if (channelId !== undefined) await Channels.get(ctx, { member, channelId });
  const log =
    channelId === undefined
      ? ctx.db
          .query("deliveries")
          .withIndex("by_workspaceId", (q) => q.eq("workspaceId", workspaceId))
      : ctx.db.query("deliveries").withIndex("by_channelId", (q) => q.eq("channelId", channelId));
  const result = await log.order("desc").paginate(paginationOpts);
  return { ...result, page: result.page.map(describe) };
}

function describe(delivery: Doc<"deliveries">) {
  return {
    deliveryId: delivery._id,
    event: delivery.event,
    machineName: delivery.event === "test" ? null : delivery.machine.name,
    channelName: delivery.channelName,
    state: delivery.state,
    attempts: delivery.attempts,
    queuedAt: delivery.queuedAt,
    nextAttemptAt: delivery.state === "queued" ? (delivery.dueAt ?? null) : null,
    finishedAt: delivery.finishedAt ?? null,
    responseStatus: delivery.responseStatus ?? null,
    latencyMs: delivery.latencyMs ?? null,
    error: delivery.error ?? null,
  };
}
