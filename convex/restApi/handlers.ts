/** What each operation of the REST API does. Rows are read in bounded pages, so that no fleet is too large. */
import { nanoid } from "nanoid";
import type * as z from "zod";
import type { Chart } from "../../core/columns.ts";
import { openApiDocument } from "../../core/restApi/openapi.ts";
import type { operations, Operation, OperationId } from "../../core/restApi/operations.ts";
import type { Machine, MachineRow } from "../../core/restApi/schemas.ts";
import { seriesNames } from "../../core/rollup.ts";
import { HOUR, MINUTE } from "../../core/time.ts";
import { formatToken, SECRET_MIN_LENGTH } from "../../core/token.ts";
import { VERSION } from "../../core/version.ts";
import { mergeVersionCounts, type VersionCount } from "../../core/versionCounts.ts";
import { internal } from "../_generated/api.js";
import type { ActionCtx } from "../_generated/server.js";
import { sha256Hex } from "../model/credentials.ts";
import { siteUrl } from "../model/settings.ts";
import type { Caller } from "./access.ts";
import { collect } from "./collect.ts";
import { health } from "./health.ts";
import { metricsText } from "./metricsText.ts";
import { Refused } from "./refused.ts";
import { itemBadge, pageBadge, statusPage } from "./status.ts";

type Of<Id extends OperationId> = (typeof operations)[Id];
type Body<Op extends Operation> = Op extends { body: z.ZodType } ? z.output<Op["body"]> : null;
type Answer<Op extends Operation> = Op["answer"] extends z.ZodType
  ? z.input<Op["answer"]>
  : Op["answer"] extends null
    ? null
    : Response;

type CallerOf<Access> = Access extends "public"
  ? null
  : Access extends "optional"
    ? Caller | null
    : Caller;

export interface Call<Id extends OperationId> {
  caller: CallerOf<Of<Id>["access"]>;
  params: Record<string, string>;
  query: z.output<Of<Id>["query"]>;
  body: Body<Of<Id>>;
  now: number;
}

type Handlers = {
  [Id in OperationId]: (ctx: ActionCtx, call: Call<Id>) => Promise<Answer<Of<Id>> | Response>;
};

export const handlers: Handlers = {
  listMachines: async (ctx, { caller, query, now }) => {
    const { at, activeWithinMinutes, limit, cursor, ...filters } = query;
    const { workspaceId } = caller;
    const activeSince =
      activeWithinMinutes === undefined ? {} : { activeSince: now - activeWithinMinutes * MINUTE };
    const args = { workspaceId, ...filters, ...activeSince };
    const { rows, next } = await collect<MachineRow>({
      limit,
      cursor: cursor ?? null,
      read: async (page) =>
        at === undefined
          ? await ctx.runQuery(internal.restApi.machines.page, { ...args, ...page })
          : await ctx.runQuery(internal.restApi.machines.pageAt, { ...args, at, ...page }),
    });
    return { machines: rows, nextCursor: next };
  },

  countMachines: async (ctx, { caller: { workspaceId } }) =>
    await ctx.runQuery(internal.restApi.machines.counts, { workspaceId }),

  getMachine: async (ctx, { caller: { workspaceId }, params: { machineId = "" }, now }) => {
    const args = { workspaceId, machineId, now };
    const { metadataText, ...machine } = await ctx.runQuery(internal.restApi.machines.get, args);
    const metadata = metadataText === null ? null : (JSON.parse(metadataText) as Metadata);
    return { ...machine, metadata };
  },

  createMachine: async (ctx, { caller: { workspaceId, key }, body }) => {
    const { machineId = nanoid(), secret = nanoid(SECRET_MIN_LENGTH), ...settings } = body;
    const secretHash = await sha256Hex(secret);
    await ctx.runMutation(internal.restApi.machines.create, {
      workspaceId,
      key,
      machineId,
      secretHash,
      ...settings,
    });
    return { machineId, token: formatToken({ machineId, secret }) };
  },

  deleteMachine: async (ctx, { caller: { workspaceId, key }, params: { machineId = "" } }) =>
    await ctx.runMutation(internal.restApi.machines.remove, { workspaceId, key, machineId }),

  getMetrics: async (ctx, { caller, params: { machineId = "" }, query, now }) => {
    const { to = now, from = to - HOUR, resolution } = query;
    const { workspaceId } = caller;
    if (from >= to) throw new Refused("badRequest", { message: "from must lie before to." });
    const { stepMs, ...chart } = await ctx.runQuery(internal.restApi.machines.metrics, {
      workspaceId,
      machineId,
      from,
      to,
      ...(resolution && { resolution }),
    });
    return { machineId, resolution: chart.resolution, stepMs, points: pointsOf(chart) };
  },

  listIncidents: async (ctx, { caller: { workspaceId }, query }) => {
    const { limit, cursor, ...filters } = query;
    const { rows, next } = await collect({
      limit,
      cursor: cursor ?? null,
      read: async (page) =>
        await ctx.runQuery(internal.restApi.incidents.page, { workspaceId, ...filters, ...page }),
    });
    return { incidents: rows, nextCursor: next };
  },

  exportLedger: async (ctx, { caller: { workspaceId }, query: { after, limit } }) => {
    const { rows } = await collect<string>({
      limit,
      cursor: String(after),
      read: async (page) =>
        await ctx.runQuery(internal.restApi.ledger.page, { workspaceId, ...page }),
    });
    const headers = { "Content-Type": "application/jsonl", "Cache-Control": "no-store" };
    return new Response(rows.map((row) => `${row}\n`).join(""), { headers });
  },

  listVersions: async (ctx, { caller: { workspaceId } }) => {
    const { rows } = await collect<VersionCount>({
      limit: Infinity,
      cursor: null,
      read: async ({ cursor }) =>
        await ctx.runQuery(internal.restApi.machines.versions, { workspaceId, cursor }),
    });
    const versions = mergeVersionCounts(rows).map(({ lastHeartbeatAt, ...row }) => ({
      ...row,
      lastSeen: lastHeartbeatAt,
    }));
    return { versions };
  },

  getMetricsText: async (ctx, { caller: { workspaceId }, now }) =>
    await metricsText(ctx, { workspaceId, now }),

  getStatus: async (ctx, { params: { slug = "" }, now }) => await statusPage(ctx, slug, now),

  getStatusBadge: async (ctx, { params: { slug = "" }, now }) => await pageBadge(ctx, slug, now),

  getItemBadge: async (ctx, { params: { slug = "", itemId = "" }, query: { metric }, now }) =>
    await itemBadge(ctx, { slug, itemId, metric, now }),

  getHealth: async (ctx, { caller, now }) => await health(ctx, { caller, now }),

  getOpenApi: async () => {
    const document = openApiDocument({ url: siteUrl(), version: VERSION });
    const headers = { "Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=300" };
    return await Promise.resolve(Response.json(document, { headers }));
  },
};

type Metadata = Machine["metadata"];
type Stats = { min: number; avg: number; max: number };
type Point = { at: number; beats: number } & Partial<Record<(typeof seriesNames)[number], Stats>>;

/** Rows for scripts, of what is columns for charts. A gap is no row. */
function pointsOf({ at, beats, series }: Chart): Point[] {
  return at.flatMap((time, index) => {
    const count = beats[index] ?? 0;
    if (count === 0) return [];
    const point: Point = { at: time, beats: count };
    for (const name of seriesNames) {
      const avg = series[name]?.avg[index] ?? null;
      if (avg === null) continue;
      const [min, max] = [series[name]?.min[index] ?? avg, series[name]?.max[index] ?? avg];
      point[name] = { min, avg, max };
    }
    return [point];
  });
}
