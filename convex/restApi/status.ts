/** Public status pages over HTTP: as JSON, and as badges for other pages. */
import { formatShare, renderBadge, type BadgeTone } from "../../core/badge.ts";
import type { StatusAnswer } from "../../core/restApi/schemas.ts";
import { v } from "convex/values";
import { internal } from "../_generated/api.js";
import type { ActionCtx } from "../_generated/server.js";
import { internalQuery } from "../functions.ts";
import * as PublicStatus from "../model/publicStatus.ts";
import { Refused } from "./refused.ts";

/** Anybody may read it from any page, and keep it for a moment. */
const headers = { "Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=30" };
/** An SVG is a document: this one runs and loads nothing. */
const svgHeaders = {
  ...headers,
  "Content-Type": "image/svg+xml; charset=utf-8",
  "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
};

type Item = StatusAnswer["items"][number];
type Metric = "status" | "last30Days" | "last90Days";

const tones: Record<StatusAnswer["overall"] | Item["status"], BadgeTone> = {
  operational: "good",
  partial: "warning",
  down: "bad",
  maintenance: "warning",
  stopped: "neutral",
  unknown: "neutral",
};
/** Below this share of uptime a badge is not green any more, and below that red. */
const GOOD_SHARE = 0.99;
const BAD_SHARE = 0.95;

export const read = internalQuery({
  args: { slug: v.string(), until: v.number() },
  handler: async (ctx, args): Promise<StatusAnswer | null> => await PublicStatus.read(ctx, args),
});

export async function statusPage(ctx: ActionCtx, slug: string, now: number): Promise<Response> {
  return Response.json(await published(ctx, slug, now), { headers });
}

export async function pageBadge(ctx: ActionCtx, slug: string, now: number): Promise<Response> {
  const { title, overall } = await published(ctx, slug, now);
  return svg({ label: title, message: overall, tone: tones[overall] });
}

export async function itemBadge(
  ctx: ActionCtx,
  { slug, itemId, metric, now }: { slug: string; itemId: string; metric: Metric; now: number },
): Promise<Response> {
  const { items } = await published(ctx, slug, now);
  const item = items.find((candidate) => candidate.itemId === itemId);
  if (item === undefined) throw new Refused("notFound");
  const { name: label, status } = item;
  if (metric === "status") return svg({ label, message: status, tone: tones[status] });
  const share = item[metric];
  return svg({ label, message: formatShare(share), tone: toneOf(share) });
}

async function published(ctx: ActionCtx, slug: string, now: number): Promise<StatusAnswer> {
  const page = await ctx.runQuery(internal.restApi.status.read, { slug, until: now });
  if (page === null) throw new Refused("notFound");
  return page;
}

function toneOf(share: number | null): BadgeTone {
  if (share === null) return "neutral";
  if (share < BAD_SHARE) return "bad";
  return share < GOOD_SHARE ? "warning" : "good";
}

function svg(badge: Parameters<typeof renderBadge>[0]): Response {
  return new Response(renderBadge(badge), { headers: svgHeaders });
}
