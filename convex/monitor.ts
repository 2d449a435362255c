/** Public functions on the monitor itself: it distrusts itself in the open. */
import { v } from "convex/values";
import { adminMutation, viewerQuery } from "./functions.ts";
import * as Repairs from "./model/repairs.ts";
import * as SelfHeartbeats from "./model/selfHeartbeats.ts";
import { checkIntervalMs } from "./model/settings.ts";
import * as Sweeps from "./model/sweeps.ts";

const vNumberOrNull = v.union(v.number(), v.null());

/** When the sweep last looked and how often it should (milliseconds), and whom we tell that we live. */
export const status = viewerQuery({
  args: {},
  returns: v.object({
    lastSweepAt: vNumberOrNull,
    checkIntervalMs: v.number(),
    /** When rows were last checked against each other; see repairs. */
    lastReconciledAt: vNumberOrNull,
    selfHeartbeat: v.union(
      v.null(),
      v.object({
        target: v.string(),
        lastAt: vNumberOrNull,
        lastSuccessAt: vNumberOrNull,
        lastError: v.union(v.string(), v.null()),
      }),
    ),
  }),
  handler: async (ctx) => {
    const sweep = await Sweeps.find(ctx);
    return {
      lastSweepAt: sweep?.lastSweepAt ?? null,
      checkIntervalMs: checkIntervalMs(),
      lastReconciledAt: sweep?.lastReconciledAt ?? null,
      selfHeartbeat: await SelfHeartbeats.describe(ctx, ctx.member.workspaceId),
    };
  },
});

/** Contradictions that were found and repaired, latest first, at most 50. */
export const repairs = viewerQuery({
  args: {},
  returns: v.array(v.object({ at: v.number(), subject: v.string(), problem: v.string() })),
  handler: async (ctx) => await Repairs.latest(ctx, ctx.member.workspaceId),
});

/** The address that hears from us about once a minute while the sweep works; null for none. */
export const setSelfHeartbeat = adminMutation({
  args: { url: v.union(v.string(), v.null()) },
  returns: v.null(),
  handler: async (ctx, { url }) => {
    const { workspaceId } = ctx.member;
    await SelfHeartbeats.set(ctx, { workspaceId, url, now: Date.now() });
    return null;
  },
});
