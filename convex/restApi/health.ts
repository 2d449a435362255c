/** GET /health: whether this installation works, for load balancers and other monitors. Public, without names (S0.6). */
import { v } from "convex/values";
import { VERSION } from "../../core/version.ts";
import { internal } from "../_generated/api.js";
import { httpAction, internalQuery } from "../functions.ts";
import * as Fleets from "../model/fleets.ts";
import { checkIntervalMs } from "../model/settings.ts";
import * as Sweeps from "../model/sweeps.ts";

/** A sweep older than this many intervals does not do its work. */
const STALE_INTERVALS = 6;

export const health = httpAction(async (ctx) => {
  try {
    const { lastSweepAt, machines } = await ctx.runQuery(internal.restApi.health.read, {});
    const sweepAgeMs = lastSweepAt === null ? null : Math.max(0, Date.now() - lastSweepAt);
    const isStale = sweepAgeMs === null || sweepAgeMs > STALE_INTERVALS * checkIntervalMs();
    const status = isStale ? "degraded" : "ok";
    return answer(200, { status, database: "ok", sweepAgeMs, machines });
  } catch (error) {
    console.error("/health could not read the database:", error);
    return answer(503, {
      status: "down",
      database: "unavailable",
      sweepAgeMs: null,
      machines: null,
    });
  }
});

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

function answer(status: number, body: object): Response {
  const headers = { "Cache-Control": "no-store" };
  return Response.json({ version: VERSION, ...body }, { status, headers });
}
