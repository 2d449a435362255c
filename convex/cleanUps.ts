/** Public functions on the clean-up: the opt-in job that removes machines silent for long. */
import { paginationOptsValidator, paginationResultValidator } from "convex/server";
import { v } from "convex/values";
import { adminMutation, viewerQuery } from "./functions.ts";
import * as CleanUps from "./model/cleanUps.ts";
import { vReason } from "./validators.ts";

const vNumberOrNull = v.union(v.number(), v.null());

/** Null where it is off. */
export const get = viewerQuery({
  args: {},
  returns: v.union(
    v.null(),
    v.object({
      silentForMs: v.number(),
      tag: v.union(v.string(), v.null()),
      lastRunAt: vNumberOrNull,
      lastRemoved: vNumberOrNull,
    }),
  ),
  handler: async (ctx) => {
    const cleanUp = await CleanUps.find(ctx, ctx.member.workspaceId);
    return (
      cleanUp && {
        silentForMs: cleanUp.silentForMs,
        tag: cleanUp.tag ?? null,
        lastRunAt: cleanUp.lastRunAt ?? null,
        lastRemoved: cleanUp.lastRemoved ?? null,
      }
    );
  },
});

/** What would go: machines that were silent since before `silentSince` (ms since 1970). Changes nothing. */
export const preview = viewerQuery({
  args: {
    silentSince: v.number(),
    tag: v.optional(v.string()),
    paginationOpts: paginationOptsValidator,
  },
  returns: paginationResultValidator(
    v.object({
      machineId: v.string(),
      name: v.string(),
      reason: vReason,
      since: v.number(),
      lastSeen: vNumberOrNull,
    }),
  ),
  handler: async (ctx, args) => {
    const { workspaceId } = ctx.member;
    const { page, ...result } = await CleanUps.candidates(ctx, { workspaceId, ...args });
    const rows = page.map(({ machine: { machineId, name }, status }) => ({
      machineId,
      name,
      reason: status.reason,
      since: status.since,
      lastSeen: status.lastSeenAt ?? null,
    }));
    return { ...result, page: rows };
  },
});

/** Once an hour from now on. `silentForMs` is an hour to a year. */
export const enable = adminMutation({
  args: { silentForMs: v.number(), tag: v.optional(v.string()) },
  returns: v.null(),
  handler: async (ctx, args) => {
    await CleanUps.enable(ctx, { workspaceId: ctx.member.workspaceId, ...args });
    return null;
  },
});

/** What it removed stays on the shelf for its thirty days. */
export const disable = adminMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    await CleanUps.disable(ctx, ctx.member.workspaceId);
    return null;
  },
});
