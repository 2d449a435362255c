/**
 * The builders for everything registered under convex/: the only file that touches the raw ones. Who may call a
 * function is decided here, by the builder; handlers find the caller in `ctx.member` or `ctx.user`. What mutations of
 * people change is written to the audit log here, by their builders.
 */
import {
  customAction,
  customCtx,
  customMutation,
  customQuery,
} from "convex-helpers/server/customFunctions";
import { v } from "convex/values";
import { internal } from "./_generated/api.js";
import { action, mutation, query, type MutationCtx } from "./_generated/server.js";
import * as Access from "./model/access.ts";
import * as Audit from "./model/audit.ts";
import type { Role } from "./validators.ts";

export {
  httpAction,
  internalAction,
  internalMutation,
  internalQuery,
} from "./_generated/server.js";

/** Left out, it is the caller's current workspace. */
const workspaceArgs = { workspaceId: v.optional(v.id("workspaces")) };
type WorkspaceArgs = Parameters<typeof Access.requireMember>[1];

const atLeast = (role: Role) => ({
  args: workspaceArgs,
  input: async (
    ctx: Parameters<typeof Access.requireMember>[0],
    { workspaceId }: WorkspaceArgs,
  ) => ({ ctx: { member: await Access.requireMember(ctx, { workspaceId, role }) }, args: {} }),
});

const auditedAtLeast = (role: Role) => ({
  args: workspaceArgs,
  input: async (ctx: MutationCtx, { workspaceId }: WorkspaceArgs) => {
    const member = await Access.requireMember(ctx, { workspaceId, role });
    const { db, onSuccess } = audited(ctx, member);
    return { ctx: { member, db }, args: {}, onSuccess };
  },
});

/** Anybody, signed in or not. Each use is a decision. */
export const publicQuery = query;
export const publicAction = action;

/** Anybody who is signed in, about themselves. */
export const userQuery = customQuery(
  query,
  customCtx(async (ctx) => ({ user: await Access.requireUser(ctx) })),
);
export const userMutation = customMutation(mutation, {
  args: {},
  input: async (ctx: MutationCtx) => {
    const user = await Access.requireUser(ctx);
    const { db, onSuccess } = audited(ctx, { user, workspaceId: null });
    return { ctx: { user, db }, args: {}, onSuccess };
  },
});

export const userAction = customAction(
  action,
  customCtx(async (ctx): Promise<{ caller: Access.Caller }> => {
    const caller = await ctx.runQuery(internal.jobs.callers.find, {});
    return { caller: caller ?? Access.refuseStranger() };
  }),
);

/** Anybody in the workspace, viewers too. */
export const viewerQuery = customQuery(query, atLeast("viewer"));

/** Those who decide who is in and who is told. */
export const adminQuery = customQuery(query, atLeast("admin"));

/** Those who work with machines. */
export const memberMutation = customMutation(mutation, auditedAtLeast("member"));

/** Those who decide who is in and who is told. */
export const adminMutation = customMutation(mutation, auditedAtLeast("admin"));

/** The one to whom the workspace belongs. */
export const ownerMutation = customMutation(mutation, auditedAtLeast("owner"));

function audited(
  ctx: MutationCtx,
  { user, workspaceId }: Pick<Access.Member, "user"> & Pick<Audit.Deed, "workspaceId">,
) {
  const { db, changes } = Audit.watch(ctx.db);
  const onSuccess = async () => {
    if (changes.size === 0) return;
    const { name } = await ctx.meta.getFunctionMetadata();
    const action = name.replace(/(\.js)?:/, ".");
    await Audit.write(ctx, { actor: Audit.personOf(user), action, workspaceId, changes });
  };
  return { db, onSuccess };
}
