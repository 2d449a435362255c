/** Public functions on workspaces. */
import { v } from "convex/values";
import { adminMutation, ownerMutation, userMutation, userQuery, viewerQuery } from "./functions.ts";
import * as Access from "./model/access.ts";
import { fail } from "./model/fail.ts";
import * as Members from "./model/members.ts";
import * as Removals from "./model/removals.ts";
import { parseName } from "./model/texts.ts";
import * as Workspaces from "./model/workspaces.ts";
import { vRole } from "./validators.ts";

const vNumberOrNull = v.union(v.number(), v.null());
/** Milliseconds; null where the installation decides. */
const defaultFields = { heartbeatIntervalMs: vNumberOrNull, offlineThresholdMs: vNumberOrNull };
const workspaceArgs = { workspaceId: v.id("workspaces") };

/** The caller's, in the order in which they joined. */
export const list = userQuery({
  args: {},
  returns: v.array(
    v.object({
      workspaceId: v.id("workspaces"),
      name: v.string(),
      role: vRole,
      isCurrent: v.boolean(),
    }),
  ),
  handler: async (ctx) => {
    const current = await Access.currentMembership(ctx, ctx.user);
    const workspaces = await Workspaces.listOf(ctx, ctx.user._id);
    return workspaces.map((row) => ({
      ...row,
      isCurrent: row.workspaceId === current?.workspaceId,
    }));
  },
});

/** The caller owns it and works in it from now on. */
export const create = userMutation({
  args: { name: v.string() },
  returns: v.object(workspaceArgs),
  handler: async (ctx, { name }) => {
    const workspaceId = await Workspaces.create(ctx, { userId: ctx.user._id, name });
    await ctx.db.patch("users", ctx.user._id, { currentWorkspaceId: workspaceId });
    return { workspaceId };
  },
});

/** 1 to 100 characters. */
export const rename = adminMutation({
  args: { name: v.string() },
  returns: v.null(),
  handler: async (ctx, { name }) => {
    await ctx.db.patch("workspaces", ctx.member.workspaceId, { name: parseName(name) });
    return null;
  },
});

/** What machines that are added start with, where whoever adds them says nothing. */
export const defaults = viewerQuery({
  args: {},
  returns: v.object(defaultFields),
  handler: async (ctx) => {
    const workspace = await ctx.db.get("workspaces", ctx.member.workspaceId);
    return {
      heartbeatIntervalMs: workspace?.heartbeatIntervalMs ?? null,
      offlineThresholdMs: workspace?.offlineThresholdMs ?? null,
    };
  },
});

/** Machines that are there keep their timing. Refused (invalid) where the threshold is not longer than the interval. */
export const setDefaults = adminMutation({
  args: defaultFields,
  returns: v.null(),
  handler: async (ctx, timing) => {
    await Workspaces.setDefaults(ctx, { workspaceId: ctx.member.workspaceId, ...timing });
    return null;
  },
});

/** Where calls that name no workspace work, in all of the caller's sessions. */
export const select = userMutation({
  args: workspaceArgs,
  returns: v.null(),
  handler: async (ctx, { workspaceId }) => {
    await Workspaces.select(ctx, { user: ctx.user, workspaceId });
    return null;
  },
});

/** The owner cannot; whoever leaves their last workspace gets a new one of their own. */
export const leave = userMutation({
  args: workspaceArgs,
  returns: v.null(),
  handler: async (ctx, { workspaceId }) => {
    const userId = ctx.user._id;
    await Members.leave(ctx, await Workspaces.requireMembership(ctx, { userId, workspaceId }));
    return null;
  },
});

/** With everything in it, for good. `confirmName` must be its name. It is gone at once for all; its rows go in batches. */
export const remove = ownerMutation({
  args: { confirmName: v.string() },
  returns: v.null(),
  handler: async (ctx, { confirmName }) => {
    const { workspaceId, user } = ctx.member;
    const workspace = await ctx.db.get("workspaces", workspaceId);
    if (workspace?.name !== confirmName.trim()) {
      fail({ kind: "invalid", field: "confirmName", message: "This is not its name." });
    }
    await Removals.removeWorkspace(ctx, { workspaceId, startedBy: user._id });
    return null;
  },
});

/** How far the removals are that the caller started: workspaces, and the rows that went so far. */
export const removals = userQuery({
  args: {},
  returns: v.array(
    v.object({
      name: v.string(),
      startedAt: v.number(),
      removedRows: v.number(),
      finishedAt: v.union(v.number(), v.null()),
    }),
  ),
  handler: async (ctx) => {
    const rows = await Removals.startedBy(ctx, ctx.user._id);
    return rows.map(({ name, _creationTime, removedRows, finishedAt }) => ({
      name,
      startedAt: _creationTime,
      removedRows,
      finishedAt: finishedAt ?? null,
    }));
  },
});
