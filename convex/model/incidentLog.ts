/** Incidents as people read them, and what people do with them. */
import type { PaginationOptions } from "convex/server";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import type { Member } from "./access.ts";
import { fail } from "./fail.ts";
import * as Incidents from "./incidents.ts";

/** Open incidents of a workspace that are shown at once; more are in the paginated list. */
export const MAX_OPEN = 200;

export async function page(
  ctx: QueryCtx,
  { member, paginationOpts }: { member: Member; paginationOpts: PaginationOptions },
) {
  const { workspaceId } = member;
  const result = await ctx.db
    .query("incidents")
    .withIndex("by_workspaceId", (q) => q.eq("workspaceId", workspaceId))
    .order("desc")
    .paginate(paginationOpts);
  return { ...result, page: result.page.map(describe) };
}

/** Those that nobody has ended, latest first. */
export async function open(ctx: QueryCtx, { workspaceId }: Member) {
  const incidents = await ctx.db
    .query("incidents")
    .withIndex("by_closedAt_and_workspaceId_and_wave", (q) =>
      q.eq("closedAt", undefined).eq("workspaceId", workspaceId),
    )
    .order("desc")
    .take(MAX_OPEN);
  return incidents.map(describe);
}

export async function get(
  ctx: QueryCtx,
  { member, incidentId }: { member: Member; incidentId: Id<"incidents"> },
) {
  const incident = await ctx.db.get("incidents", incidentId);
  return incident?.workspaceId === member.workspaceId ? describe(incident) : null;
}

/** The second person learns who was first (alreadyAcknowledged). */
export async function acknowledge(
  ctx: MutationCtx,
  { member, incidentId }: { member: Member; incidentId: Id<"incidents"> },
): Promise<void> {
  const incident = await Incidents.ofMember(ctx, { member, incidentId });
  const by = nameOf(member);
  const outcome = await Incidents.acknowledge(ctx, { incident, by, now: Date.now() });
  switch (outcome.kind) {
    case "acknowledged":
      return;
    case "already":
      return fail({
        kind: "alreadyAcknowledged",
        message: `Already acknowledged by ${outcome.by}.`,
        by: outcome.by,
        at: outcome.at,
      });
    case "closed":
      return refuseClosed();
    default:
      outcome satisfies never;
  }
}

export async function snooze(
  ctx: MutationCtx,
  {
    member,
    incidentId,
    durationMs,
  }: { member: Member; incidentId: Id<"incidents">; durationMs: number },
): Promise<{ until: number }> {
  const incident = await Incidents.ofMember(ctx, { member, incidentId });
  const by = nameOf(member);
  const outcome = await Incidents.snooze(ctx, { incident, durationMs, by, now: Date.now() });
  return "until" in outcome ? outcome : refuseClosed();
}

function refuseClosed(): never {
  return fail({ kind: "invalid", message: "The incident is over: the machine is back." });
}

function nameOf({ user }: Member): string {
  return user.name ?? user.email ?? "somebody";
}

function describe(incident: Doc<"incidents">) {
  return {
    incidentId: incident._id,
    machineId: incident.machineId,
    machineName: incident.machineName,
    openedAt: incident.openedAt,
    closedAt: incident.closedAt ?? null,
    reason: incident.reason,
    isFlapping: incident.isFlapping ?? false,
    suppressedBy: incident.suppressedBy ?? null,
    acknowledgedAt: incident.acknowledgedAt ?? null,
    acknowledgedBy: incident.acknowledgedBy ?? null,
    snoozedUntil: incident.snoozedUntil ?? null,
    snoozedBy: incident.snoozedBy ?? null,
    followUpAt: incident.followUpAt ?? null,
  };
}
