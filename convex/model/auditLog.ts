/** The audit log as people read it: filtered, in pages, latest first. */
import type { PaginationOptions } from "convex/server";
import { toCsv, type Cell } from "../../core/csv.ts";
import { MINUTE } from "../../core/time.ts";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { QueryCtx } from "../_generated/server.js";
import { bounded } from "./paging.ts";

export interface Filters {
  actorId?: string | undefined;
  subjectId?: string | undefined;
  action?: string | undefined;
  /** Milliseconds since 1970; both included. */
  from?: number | undefined;
  to?: number | undefined;
}

/** Between when something happened and when its row was made: the same transaction, on the same clock. */
const CLOCK_SLACK_MS = MINUTE;

const HEADER: Cell[] = [
  "at",
  "actorKind",
  "actorId",
  "actor",
  "action",
  "subjectKind",
  "subjectId",
  "subject",
  "changes",
];

/** The narrowest index takes the first filter; the others thin out the page. */
export async function page(
  ctx: QueryCtx,
  {
    workspaceId,
    paginationOpts,
    ...filters
  }: Filters & { workspaceId: Id<"workspaces">; paginationOpts: PaginationOptions },
) {
  const events = rangeOf(ctx, workspaceId, filters).order("desc");
  const result = await events.paginate(bounded(paginationOpts));
  return { ...result, page: result.page.filter((event) => matches(event, filters)).map(describe) };
}

/** A page as CSV; the first one starts with the names of the columns. */
export function asCsv(events: ReturnType<typeof describe>[], isFirst: boolean): string {
  const rows = events.map((event): Cell[] => [
    new Date(event.at).toISOString(),
    event.actorKind,
    event.actorId,
    event.actorName,
    event.action,
    event.subjectKind,
    event.subjectId,
    event.subjectName,
    event.changes
      .map(({ field, from, to }) => `${field}: ${from ?? "–"} → ${to ?? "–"}`)
      .join("; "),
  ]);
  return toCsv(isFirst ? [HEADER, ...rows] : rows);
}

function rangeOf(
  ctx: QueryCtx,
  workspaceId: Id<"workspaces">,
  { actorId, subjectId, action, from = 0, to = Number.MAX_SAFE_INTEGER }: Filters,
) {
  const events = ctx.db.query("auditEvents");
  const [after, before] = [from - CLOCK_SLACK_MS, to + CLOCK_SLACK_MS];
  if (subjectId !== undefined) {
    return events.withIndex("by_workspaceId_and_subjectId", (q) =>
      q
        .eq("workspaceId", workspaceId)
        .eq("subjectId", subjectId)
        .gte("_creationTime", after)
        .lte("_creationTime", before),
    );
  }
  if (actorId !== undefined) {
    return events.withIndex("by_workspaceId_and_actorId", (q) =>
      q
        .eq("workspaceId", workspaceId)
        .eq("actorId", actorId)
        .gte("_creationTime", after)
        .lte("_creationTime", before),
    );
  }
  if (action !== undefined) {
    return events.withIndex("by_workspaceId_and_action", (q) =>
      q
        .eq("workspaceId", workspaceId)
        .eq("action", action)
        .gte("_creationTime", after)
        .lte("_creationTime", before),
    );
  }
  return events.withIndex("by_workspaceId_and_at", (q) =>
    q.eq("workspaceId", workspaceId).gte("at", from).lte("at", to),
  );
}

function matches(event: Doc<"auditEvents">, { actorId, action, from, to }: Filters): boolean {
  return (
    (actorId === undefined || event.actorId === actorId) &&
    (action === undefined || event.action === action) &&
    event.at >= (from ?? 0) &&
    event.at <= (to ?? Number.MAX_SAFE_INTEGER)
  );
}

function describe(event: Doc<"auditEvents">) {
  const { _id, _creationTime, workspaceId: _workspace, actorId, ...rest } = event;
  return { eventId: _id, actorId: actorId ?? null, ...rest };
}
