/** The outbox as people read it: who was told what, when, and if not, why. */
import type { PaginationOptions } from "convex/server";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { QueryCtx } from "../_generated/server.js";
import type { Member } from "./access.ts";
import { isVisibleTo } from "./channelRows.ts";
import * as Channels from "./channels.ts";
import * as Incidents from "./incidents.ts";
import { bounded } from "./paging.ts";

/** Decisions about one incident that are shown: each channel has one, and one per reminder. */
const MAX_ENTRIES = 200;

interface Filters {
  channelId?: Id<"channels"> | undefined;
  state?: Doc<"deliveries">["state"] | undefined;
}

/**
 * One page of the log, latest first; a channel that is not the caller's has no log. What went to others personally is
 * left out, so that a page may be shorter than asked for.
 */
export async function page(
  ctx: QueryCtx,
  {
    member,
    paginationOpts,
    ...filters
  }: Filters & { member: Member; paginationOpts: PaginationOptions },
) {
  const { channelId, state } = filters;
  if (channelId !== undefined) await Channels.get(ctx, { member, channelId });
  const log = rangeOf(ctx, member.workspaceId, filters);
  const result = await log.order("desc").paginate(bounded(paginationOpts));
  const page = result.page.filter(
    (row) => isVisibleTo(row, member) && (state === undefined || row.state === state),
  );
  return { ...result, page: page.map(describe) };
}

function rangeOf(ctx: QueryCtx, workspaceId: Id<"workspaces">, { channelId, state }: Filters) {
  const deliveries = ctx.db.query("deliveries");
  if (channelId !== undefined) {
    return deliveries.withIndex("by_channelId", (q) => q.eq("channelId", channelId));
  }
  return state === undefined
    ? deliveries.withIndex("by_workspaceId", (q) => q.eq("workspaceId", workspaceId))
    : deliveries.withIndex("by_workspaceId_and_state", (q) =>
        q.eq("workspaceId", workspaceId).eq("state", state),
      );
}

/** All that was decided about an incident, in that order, each with the delivery that it went into. */
export async function ofIncident(
  ctx: QueryCtx,
  { member, incidentId }: { member: Member; incidentId: Id<"incidents"> },
) {
  await Incidents.ofMember(ctx, { member, incidentId });
  const notices = await ctx.db
    .query("notices")
    .withIndex("by_incidentId_and_channelId", (q) => q.eq("incidentId", incidentId))
    .take(MAX_ENTRIES);
  const entries = await Promise.all(
    notices.map(async ({ deliveryId, _creationTime }) => {
      const delivery = await ctx.db.get("deliveries", deliveryId);
      return delivery === null || !isVisibleTo(delivery, member)
        ? []
        : [{ ...describe(delivery), decidedAt: _creationTime, attemptLog: delivery.attemptLog }];
    }),
  );
  return entries.flat().sort((left, right) => left.decidedAt - right.decidedAt);
}

function describe(delivery: Doc<"deliveries">) {
  const { state } = delivery;
  const isWaiting = state === "queued";
  return {
    deliveryId: delivery._id,
    channelId: delivery.channelId,
    event: delivery.event,
    machineName: delivery.machineName ?? null,
    count: delivery.count,
    channelName: delivery.channelName,
    state,
    suppressedBy: delivery.suppressedBy ?? null,
    /** Queued, but held: for others to join, or for the end of quiet hours (until nextAttemptAt). */
    heldBy: isWaiting ? (delivery.heldBy ?? null) : null,
    /** Queued, but behind a message that it must not overtake. */
    isWaitingForEarlier: isWaiting && delivery.dueAt === undefined,
    attempts: delivery.attempts,
    queuedAt: delivery.queuedAt,
    nextAttemptAt: isWaiting ? (delivery.dueAt ?? null) : null,
    finishedAt: delivery.finishedAt ?? null,
    responseStatus: delivery.responseStatus ?? null,
    latencyMs: delivery.latencyMs ?? null,
    error: delivery.error ?? null,
  };
}
