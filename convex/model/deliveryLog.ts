/** The outbox as people read it: who was told what, when, and if not, why. */
import type { PaginationOptions } from "convex/server";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { QueryCtx } from "../_generated/server.js";
import type { Member } from "./access.ts";
import { isVisibleTo } from "./channelRows.ts";
import * as Channels from "./channels.ts";
import * as Incidents from "./incidents.ts";
import { bounded } from "./paging.ts";

/** Channels of one incident that are shown, those that were deleted since too. */
const MAX_CHANNELS = 100;
/** Of each channel: what it was told first, and what it was told last. Between them are reminders. */
const FIRST_ENTRIES = 5;
const LAST_ENTRIES = 20;

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

/**
 * What was decided about an incident, in that order, each with the delivery that it went into. Of a channel that is
 * reminded for days the first and the last decisions, so that it hides neither its end nor the other channels.
 */
export async function ofIncident(
  ctx: QueryCtx,
  { member, incidentId }: { member: Member; incidentId: Id<"incidents"> },
) {
  await Incidents.ofMember(ctx, { member, incidentId });
  const notices = await noticesOf(ctx, incidentId);
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

async function noticesOf(ctx: QueryCtx, incidentId: Id<"incidents">): Promise<Doc<"notices">[]> {
  const found = new Map<Id<"notices">, Doc<"notices">>();
  // Before all ids.
  let channelId = "" as Id<"channels">;
  for (let channels = 0; channels < MAX_CHANNELS; channels++) {
    const next = await ctx.db
      .query("notices")
      .withIndex("by_incidentId_and_channelId", (q) =>
        q.eq("incidentId", incidentId).gt("channelId", channelId),
      )
      .first();
    if (next === null) break;
    channelId = next.channelId;
    for (const notice of await endsOf(ctx, next)) found.set(notice._id, notice);
  }
  return [...found.values()];
}

/** What the channel of a notice was told of its incident: the first and the last of it. */
async function endsOf(
  ctx: QueryCtx,
  { incidentId, channelId }: Doc<"notices">,
): Promise<Doc<"notices">[]> {
  const told = () =>
    ctx.db
      .query("notices")
      .withIndex("by_incidentId_and_channelId", (q) =>
        q.eq("incidentId", incidentId).eq("channelId", channelId),
      );
  return [
    ...(await told().take(FIRST_ENTRIES)),
    ...(await told().order("desc").take(LAST_ENTRIES)),
  ];
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
