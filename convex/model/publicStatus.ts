/**
 * What the public sees of a workspace: one function makes it, out of what was published and nothing else. Names are
 * those of the items; machines' ids, names, hosts and metrics do not get past here.
 */
import type { StatusAnswer } from "../../core/restApi/schemas.ts";
import { bucketStart } from "../../core/rollup.ts";
import { DAY, MINUTE } from "../../core/time.ts";
import { conditionOf, uptimeOf } from "../../core/uptime.ts";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { QueryCtx } from "../_generated/server.js";
import * as Exclusions from "./exclusions.ts";
import { checkInstant } from "./instants.ts";
import * as Statuses from "./statuses.ts";
import * as Uptimes from "./uptimes.ts";

export const MAX_ITEMS = 100;
export const MAX_ANNOUNCEMENTS = 50;
const INCIDENTS_PER_ITEM = 10;
const INCIDENT_AGE_MS = 30 * DAY;
/** Visitors within so long of each other share an answer. */
const STEP_MS = 5 * MINUTE;

type Item = StatusAnswer["items"][number];
type Incident = StatusAnswer["incidents"][number];
type Announcement = StatusAnswer["announcements"][number];

/** The published page, or null where there is none. Uptime and incidents are those up to `until` (ms). */
export async function read(
  ctx: QueryCtx,
  { slug, until }: { slug: string; until: number },
): Promise<StatusAnswer | null> {
  checkInstant(until, "until");
  const page = await findBySlug(ctx, slug);
  if (page?.isPublished !== true) return null;
  const moment = bucketStart(until, STEP_MS) + STEP_MS;
  const published = await itemsOf(ctx, page._id);
  const exclusions = Exclusions.within(ctx, { from: moment, to: moment + 1 });
  const shown = await Promise.all(
    published.map(async (item) => await show(ctx, { item, until: moment, exclusions })),
  );
  const items = shown.flatMap(({ item }) => item);
  return {
    title: page.title,
    description: page.description,
    overall: overallOf(items),
    items,
    incidents: shown
      .flatMap(({ incidents }) => incidents)
      .sort((left, right) => right.openedAt - left.openedAt),
    announcements: await announcementsOf(ctx, page._id),
  };
}

export async function findBySlug(ctx: QueryCtx, slug: string): Promise<Doc<"statusPages"> | null> {
  return await ctx.db
    .query("statusPages")
    .withIndex("by_slug", (q) => q.eq("slug", slug))
    .unique();
}

/** In the order of the page. */
export async function itemsOf(
  ctx: QueryCtx,
  statusPageId: Id<"statusPages">,
): Promise<Doc<"statusPageItems">[]> {
  return await ctx.db
    .query("statusPageItems")
    .withIndex("by_statusPageId_and_position", (q) => q.eq("statusPageId", statusPageId))
    .take(MAX_ITEMS);
}

export async function announcementRows(
  ctx: QueryCtx,
  statusPageId: Id<"statusPages">,
): Promise<Doc<"announcements">[]> {
  return await ctx.db
    .query("announcements")
    .withIndex("by_statusPageId_and_startsAt", (q) => q.eq("statusPageId", statusPageId))
    .order("desc")
    .take(MAX_ANNOUNCEMENTS);
}

interface Shown {
  /** Empty where the machine has left the fleet. */
  item: Item[];
  incidents: Incident[];
}

async function show(
  ctx: QueryCtx,
  {
    item: { machine: _id, itemId, name },
    until,
    exclusions,
  }: { item: Doc<"statusPageItems">; until: number; exclusions: Exclusions.Exclusions },
): Promise<Shown> {
  const machine = await ctx.db.get("machines", _id);
  if (machine === null || machine.shelf !== undefined) return { item: [], incidents: [] };
  const { days, last30Days, last90Days } = await Uptimes.get(ctx, { machine, until });
  const shares = days.map(({ upSeconds, downSeconds }) =>
    uptimeOf({ up: upSeconds, down: downSeconds }),
  );
  const missing = Array.from({ length: Uptimes.BAR_DAYS - shares.length }, () => null);
  const state = await stateOf(ctx, machine, exclusions);
  return {
    item: [{ itemId, name, ...state, days: [...missing, ...shares], last30Days, last90Days }],
    incidents: await incidentsOf(ctx, { machine, itemId, after: until - INCIDENT_AGE_MS }),
  };
}

async function stateOf(
  ctx: QueryCtx,
  machine: Doc<"machines">,
  exclusions: Exclusions.Exclusions,
): Promise<Pick<Item, "status" | "since">> {
  if (machine.pausedAt !== undefined) return { status: "unknown", since: null };
  const { reason, since } = await Statuses.get(ctx, machine);
  const condition = conditionOf(reason);
  switch (condition) {
    case "up":
      return { status: "operational", since };
    case "down": {
      const isInMaintenance = (await exclusions.maintenanceOf(machine)).length > 0;
      return { status: isInMaintenance ? "maintenance" : "down", since };
    }
    case "stopped":
      return { status: "stopped", since };
    case "maintenance":
    case "waiting":
    case "unknown":
      return { status: "unknown", since: null };
    default:
      return condition satisfies never;
  }
}

async function incidentsOf(
  ctx: QueryCtx,
  { machine, itemId, after }: { machine: Doc<"machines">; itemId: string; after: number },
): Promise<Incident[]> {
  const incidents = await ctx.db
    .query("incidents")
    .withIndex("by_machine", (q) => q.eq("machine", machine._id))
    .order("desc")
    .take(INCIDENTS_PER_ITEM);
  return incidents
    .filter(({ openedAt }) => openedAt > after)
    .map(({ openedAt, closedAt = null }) => ({ itemId, openedAt, closedAt }));
}

async function announcementsOf(
  ctx: QueryCtx,
  statusPageId: Id<"statusPages">,
): Promise<Announcement[]> {
  const rows = await announcementRows(ctx, statusPageId);
  return rows.map(({ kind, title, text, startsAt, endsAt = null }) => ({
    kind,
    title,
    text,
    startsAt,
    endsAt,
  }));
}

function overallOf(items: Item[]): StatusAnswer["overall"] {
  const counts = (status: Item["status"]) => items.filter((item) => item.status === status).length;
  const down = counts("down");
  if (down > 0) return down === items.length ? "down" : "partial";
  if (counts("maintenance") > 0) return "maintenance";
  return counts("operational") > 0 ? "operational" : "unknown";
}
