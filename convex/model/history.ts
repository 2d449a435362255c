/** The past as people look at it: the fleet at a moment, and the life of one machine. */
import type { PaginationOptions, PaginationResult } from "convex/server";
import type { Interval } from "../../core/silences.ts";
import { DAY } from "../../core/time.ts";
import type { StatusReason, StoredStatus } from "../../core/status.ts";
import { conditionOf, type Condition, type Segment } from "../../core/uptime.ts";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { QueryCtx } from "../_generated/server.js";
import * as Conditions from "./conditions.ts";
import * as Exclusions from "./exclusions.ts";
import { checkInstant, checkStretch } from "./instants.ts";
import { bounded } from "./paging.ts";
import * as StatusChanges from "./statusChanges.ts";
import * as Versions from "./versions.ts";

/** Each costs up to four reads by index: some twenty milliseconds a page, which is all that heartbeats wait. */
export const MAX_PAGE = 200;
const MAX_INCIDENTS = 200;
/** An incident is written when the sweep ran, after the deadline at which it began. */
const MAX_DELAY_MS = DAY;

export interface PastMachine {
  machineId: string;
  name: string;
  description: string;
  tags: string[];
  hostname: string | null;
  version: string | null;
  status: StoredStatus;
  reason: StatusReason;
  /** Since when it had been so. */
  since: number;
  /** The same with our own outages and maintenance laid over it; unknown also where it has been forgotten. */
  condition: Condition;
}

/** The machines that the fleet had at a moment, as they were then, under their names of today. */
export async function fleetAt(
  ctx: QueryCtx,
  {
    workspaceId,
    at,
    paginationOpts,
  }: { workspaceId: Id<"workspaces">; at: number; paginationOpts: PaginationOptions },
): Promise<PaginationResult<PastMachine>> {
  checkInstant(at, "at");
  const result = await ctx.db
    .query("machines")
    .withIndex("by_workspaceId_and_shelf_and_machineId", (q) => q.eq("workspaceId", workspaceId))
    .paginate(bounded(paginationOpts, MAX_PAGE));
  const exclusions = Exclusions.within(ctx, { from: at, to: at + 1 });
  const existing = result.page.filter((machine) => wasThere(machine, at));
  const page = await Promise.all(
    existing.map(async (machine) => await describeAt(ctx, { machine, at, exclusions })),
  );
  return { ...result, page };
}

/** The changes of status just before and just after a moment, of any machine that there is still a history of. */
export async function steps(
  ctx: QueryCtx,
  { workspaceId, at }: { workspaceId: Id<"workspaces">; at: number },
): Promise<{ previousAt: number | null; nextAt: number | null }> {
  const previous = await ctx.db
    .query("statusChanges")
    .withIndex("by_workspaceId_and_at", (q) => q.eq("workspaceId", workspaceId).lt("at", at))
    .order("desc")
    .first();
  const next = await ctx.db
    .query("statusChanges")
    .withIndex("by_workspaceId_and_at", (q) => q.eq("workspaceId", workspaceId).gt("at", at))
    .first();
  return { previousAt: previous?.at ?? null, nextAt: next?.at ?? null };
}

export interface Timeline {
  segments: Segment[];
  /** Latest first. */
  incidents: Doc<"incidents">[];
  outages: Interval[];
}

/** What a machine was, its incidents, and when we were away, within a stretch of time. */
export async function timeline(
  ctx: QueryCtx,
  { machine, from, to }: { machine: Doc<"machines"> } & Interval,
): Promise<Timeline> {
  checkStretch({ from, to });
  const exclusions = Exclusions.within(ctx, { from, to });
  const segments = await Conditions.of(ctx, { machine, from, to, exclusions });
  const incidents = await ctx.db
    .query("incidents")
    .withIndex("by_machine", (q) =>
      q.eq("machine", machine._id).lt("_creationTime", to + MAX_DELAY_MS),
    )
    .order("desc")
    .take(MAX_INCIDENTS);
  return {
    segments,
    incidents: incidents.filter(
      ({ openedAt, closedAt }) => openedAt < to && (closedAt ?? Infinity) > from,
    ),
    outages: await exclusions.outages(),
  };
}

function wasThere({ _creationTime, shelf, shelvedAt }: Doc<"machines">, at: number): boolean {
  // A creation time has fractions of a millisecond, unlike all other times.
  return Math.floor(_creationTime) <= at && (shelf === undefined || (shelvedAt ?? 0) > at);
}

async function describeAt(
  ctx: QueryCtx,
  {
    machine,
    at,
    exclusions,
  }: { machine: Doc<"machines">; at: number; exclusions: Exclusions.Exclusions },
): Promise<PastMachine> {
  const { machineId, name, description, tags, hostname = null } = machine;
  const { status, reason, since } = await StatusChanges.statusAt(ctx, machine._id, at);
  return {
    machineId,
    name,
    description,
    tags,
    hostname,
    version: await Versions.versionAt(ctx, machine, at),
    status,
    reason: reason ?? "waiting",
    since: since ?? machine._creationTime,
    condition:
      reason === null ? "unknown" : await overlaid(conditionOf(reason), machine, exclusions),
  };
}

async function overlaid(
  condition: Condition,
  machine: Doc<"machines">,
  exclusions: Exclusions.Exclusions,
): Promise<Condition> {
  if ((await exclusions.outages()).length > 0) return "unknown";
  if (condition !== "down") return condition;
  return (await exclusions.maintenanceOf(machine)).length > 0 ? "maintenance" : condition;
}
