/**
 * The circuit breakers: a host that does not answer is left alone for a while, whatever is queued for it, and then
 * asked with a single request. Per workspace, and per person for personal channels, so that nobody can stop other
 * people's messages.
 */
import { MINUTE, SECOND } from "../../core/time.ts";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import { hostOf } from "../notifiers/registry.ts";

/** Failures in a row that open it. */
const OPENS_AFTER = 5;
const OPEN_MS = 30 * SECOND;
const MAX_OPEN_MS = 10 * MINUTE;

interface Host {
  workspaceId: Id<"workspaces">;
  host: string;
}

/** The host that a channel's messages go to. */
export function hostOfChannel(channel: Doc<"channels">): Host {
  const { workspaceId, userId } = channel;
  const host = hostOf(channel);
  return { workspaceId, host: userId === undefined ? host : `${host} for ${userId}` };
}

/** How many requests may be under way to it: any number, one to try it out, or none until then. */
export type Permit = { kind: "free" } | { kind: "trial" } | { kind: "closed"; until: number };

export async function permit(ctx: QueryCtx, host: Host, now: number): Promise<Permit> {
  const breaker = await find(ctx, host);
  if (breaker?.openUntil === undefined) return { kind: "free" };
  const { openUntil } = breaker;
  // Later than any is opened for: by a clock that was ahead.
  const isClosed = openUntil > now && openUntil <= now + MAX_OPEN_MS;
  return isClosed ? { kind: "closed", until: openUntil } : { kind: "trial" };
}

/** The host did not answer, or answered that it is broken. */
export async function recordFailure(ctx: MutationCtx, host: Host, now: number): Promise<void> {
  const breaker = await find(ctx, host);
  const failures = (breaker?.failures ?? 0) + 1;
  const openUntil = failures < OPENS_AFTER ? undefined : now + openMsAfter(failures);
  if (breaker === null) await ctx.db.insert("breakers", { ...host, failures });
  else await ctx.db.patch("breakers", breaker._id, { failures, openUntil });
}

export async function recordAnswer(ctx: MutationCtx, host: Host): Promise<void> {
  const breaker = await find(ctx, host);
  if (breaker !== null) await ctx.db.delete("breakers", breaker._id);
}

function openMsAfter(failures: number): number {
  return Math.min(OPEN_MS * 2 ** (failures - OPENS_AFTER), MAX_OPEN_MS);
}

async function find(ctx: QueryCtx, { workspaceId, host }: Host): Promise<Doc<"breakers"> | null> {
  return await ctx.db
    .query("breakers")
    .withIndex("by_workspaceId_and_host", (q) => q.eq("workspaceId", workspaceId).eq("host", host))
    .unique();
}
