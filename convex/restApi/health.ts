/** GET /health: whether this installation works, for load balancers and other monitors. Names only with a key (S0.6). */
import { v } from "convex/values";
import type { MachineRow } from "../../core/restApi/schemas.ts";
import { VERSION } from "../../core/version.ts";
import { internal } from "../_generated/api.js";
import type { ActionCtx } from "../_generated/server.js";
import { internalQuery } from "../functions.ts";
import * as Fleets from "../model/fleets.ts";
import { checkIntervalMs } from "../model/settings.ts";
import * as Sweeps from "../model/sweeps.ts";
import type { Caller } from "./access.ts";
import { collect } from "./collect.ts";

/** A sweep older than this many intervals does not do its work. */
const STALE_INTERVALS = 6;
const MAX_INSTANCES = 1_000;

export async function health(
  ctx: ActionCtx,
  { caller, now }: { caller: Caller | null; now: number },
): Promise<Response> {
  try {
    const { lastSweepAt, machines } = await ctx.runQuery(internal.restApi.health.read, {});
    const sweepAgeMs = lastSweepAt === null ? null : Math.max(0, now - lastSweepAt);
    const isStale = sweepAgeMs === null || sweepAgeMs > STALE_INTERVALS * checkIntervalMs();
    const status = isStale ? "degraded" : "ok";
    const instances = caller === null ? {} : { instances: await instancesOf(ctx, caller) };
    return answer(200, { status, database: "ok", sweepAgeMs, machines, ...instances });
  } catch (error) {
    console.error("/health could not read the database:", error);
    const nothing = { sweepAgeMs: null, machines: null };
    return answer(503, { status: "down", database: "unavailable", ...nothing });
  }
}

export const read = internalQuery({
  args: {},
  returns: v.object({
    lastSweepAt: v.union(v.number(), v.null()),
    machines: v.object({ active: v.number(), total: v.number() }),
  }),
  handler: async (ctx) => ({
    lastSweepAt: (await Sweeps.find(ctx))?.lastSweepAt ?? null,
    machines: await Fleets.total(ctx),
  }),
});

async function instancesOf(ctx: ActionCtx, { workspaceId }: Caller) {
  const { rows } = await collect<MachineRow>({
    limit: MAX_INSTANCES,
    cursor: null,
    read: async (page) => {
      const args = { workspaceId, status: "online" as const, ...page };
      return await ctx.runQuery(internal.restApi.machines.page, args);
    },
  });
  return rows.map(({ machineId, name, hostname, version, lastSeen }) => ({
    machineId,
    name,
    hostname,
    version,
    lastSeen,
  }));
}

function answer(status: number, body: object): Response {
  const headers = { "Cache-Control": "no-store" };
  return Response.json({ version: VERSION, ...body }, { status, headers });
}
