/** Incidents as people read them, and what people do with them. */
import type { PaginationOptions } from "convex/server";
import { DAY } from "../../core/time.ts";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import type { IncidentState } from "../validators.ts";
import type { Member } from "./access.ts";
import { fail } from "./fail.ts";
import * as Incidents from "./incidents.ts";
import * as Machines from "./machines.ts";
import { bounded } from "./paging.ts";

/** Open incidents of a workspace that are shown at once; more are in the paginated list. */
export const MAX_OPEN = 200;
/** More than a sweep is ever late without giving the machines new deadlines. */
const MAX_DELAY_MS = DAY;

interface Filters {
  state?: IncidentState | undefined;
  machineId?: string | undefined;
  /** The deadlines that passed from then to then (ms), both included. */
  from?: number | undefined;
  to?: number | undefined;
}

/** The narrowest index takes what it can; the other filters thin out the page. */
export async function page(
  ctx: QueryCtx,
  {
    member,
    paginationOpts,
    ...filters
  }: Filters & { member: Member; paginationOpts: PaginationOptions },
) {
  const incidents = await rangeOf(ctx, member, filters);
  const result = await incidents.order("desc").paginate(bounded(paginationOpts));
  return {
    ...result,
    page: result.page
      .filter((incident) => incident.workspaceId === member.workspaceId)
      .filter((incident) => matches(incident, filters))
      .map(describe),
  };
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

async function rangeOf(
  ctx: QueryCtx,
  member: Member,
  { state, machineId, from = 0, to = Number.MAX_SAFE_INTEGER }: Filters,
) {
  const { workspaceId } = member;
  const incidents = ctx.db.query("incidents");
  // An incident is written after its deadline, by as long as the sweep was late.
  if (machineId !== undefined) {
    const machine = await Machines.getAnywhere(ctx, { member, machineId });
    return incidents.withIndex("by_machine", (q) =>
      q
        .eq("machine", machine._id)
        .gte("_creationTime", from)
        .lte("_creationTime", to + MAX_DELAY_MS),
    );
  }
  if (state === "open" || state === "acknowledged") {
    return incidents.withIndex("by_closedAt_and_workspaceId_and_wave", (q) =>
      q.eq("closedAt", undefined).eq("workspaceId", workspaceId),
    );
  }
  return incidents.withIndex("by_workspaceId", (q) =>
    q
      .eq("workspaceId", workspaceId)
      .gte("_creationTime", from)
      .lte("_creationTime", to + MAX_DELAY_MS),
  );
}

function matches(
  { openedAt, closedAt, acknowledgedAt }: Doc<"incidents">,
  { state, from = -Infinity, to = Infinity }: Filters,
): boolean {
  if (openedAt < from || openedAt > to) return false;
  switch (state) {
    case undefined:
      return true;
    case "open":
      return closedAt === undefined;
    case "acknowledged":
      return closedAt === undefined && acknowledgedAt !== undefined;
    case "closed":
      return closedAt !== undefined;
    default:
      return state satisfies never;
  }
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
    noticedAt: incident._creationTime,
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
