/**
 * The builders for everything registered under convex/: the only file that touches the raw ones. Who may call a
 * function is decided here, by the builder; handlers find the caller in `ctx.member`.
 */
import { customMutation, customQuery } from "convex-helpers/server/customFunctions";
import { v } from "convex/values";
import { mutation, query } from "./_generated/server.js";
import * as Access from "./model/access.ts";
import type { Role } from "./validators.ts";

export {
  httpAction,
  internalAction,
  internalMutation,
  internalQuery,
} from "./_generated/server.js";

/** Left out, it is the caller's current workspace. */
const workspaceArgs = { workspaceId: v.optional(v.id("workspaces")) };

const atLeast = (role: Role) => ({
  args: workspaceArgs,
  input: async (
    ctx: Parameters<typeof Access.requireMember>[0],
    { workspaceId }: Parameters<typeof Access.requireMember>[1],
  ) => ({ ctx: { member: await Access.requireMember(ctx, { workspaceId, role }) }, args: {} }),
});

/** Anybody, signed in or not. Each use is a decision. */
export const publicQuery = query;

/** Anybody in the workspace, viewers too. */
export const viewerQuery = customQuery(query, atLeast("viewer"));

/** Those who decide who is in and who is told. */
export const adminQuery = customQuery(query, atLeast("admin"));

/** Those who work with machines. */
export const memberMutation = customMutation(mutation, atLeast("member"));

/** Those who decide who is told. */
export const adminMutation = customMutation(mutation, atLeast("admin"));
