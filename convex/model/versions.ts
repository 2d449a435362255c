/** Which version runs where: writes changes down as agents report them, and reads them back. */
import { bucketStart } from "../../core/rollup.ts";
import type { Interval } from "../../core/silences.ts";
import type { VersionChange } from "../../core/versions.ts";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import * as RateLimits from "./rateLimits.ts";

/** The latest changes that one answer tells of. */
const MAX_CHANGES = 4_000;
/** Changes are told in as many steps as a chart has room for. */
const STEPS = 120;

/**
 * Notes that a machine reports another version than before. The machine's own row is the caller's business, and is to
 * stay as it is where this answers false: two agents that share a token would change it with every heartbeat, for all
 * who look at the fleet, and fill its history.
 */
export async function note(
  ctx: MutationCtx,
  { machine, version, at }: { machine: Doc<"machines">; version: string | undefined; at: number },
): Promise<boolean> {
  if (version === undefined || version === machine.version) return true;
  if ((await RateLimits.take(ctx, "versionChange", machine._id)) !== null) return false;
  await ctx.db.insert("versionChanges", {
    workspaceId: machine.workspaceId,
    machine: machine._id,
    from: machine.version ?? null,
    to: version,
    at,
  });
  return true;
}

/** Changes within a stretch of time, added up per step, in ascending order; of very many the latest. */
export async function changes(
  ctx: QueryCtx,
  { workspaceId, from, to }: { workspaceId: Id<"workspaces"> } & Interval,
): Promise<{ changes: VersionChange[]; isTruncated: boolean }> {
  const rows = await ctx.db
    .query("versionChanges")
    .withIndex("by_workspaceId_and_at", (q) =>
      q.eq("workspaceId", workspaceId).gt("at", from).lte("at", to),
    )
    .order("desc")
    .take(MAX_CHANGES);
  const stepMs = Math.max(1, Math.ceil((to - from) / STEPS));
  const added = new Map<string, VersionChange>();
  for (const row of rows.reverse()) {
    const at = Math.min(to, bucketStart(row.at, stepMs) + stepMs);
    const key = JSON.stringify([at, row.from, row.to]);
    const machines = (added.get(key)?.machines ?? 0) + 1;
    added.set(key, { at, from: row.from, to: row.to, machines });
  }
  return { changes: [...added.values()], isTruncated: rows.length === MAX_CHANGES };
}

/** The version that a machine had said to run at a moment, or null where it had said none or it has been forgotten. */
export async function versionAt(
  ctx: QueryCtx,
  machine: Doc<"machines">,
  at: number,
): Promise<string | null> {
  const last = await ctx.db
    .query("versionChanges")
    .withIndex("by_machine_and_at", (q) => q.eq("machine", machine._id).lte("at", at))
    .order("desc")
    .first();
  if (last !== null) return last.to;
  const next = await ctx.db
    .query("versionChanges")
    .withIndex("by_machine_and_at", (q) => q.eq("machine", machine._id).gt("at", at))
    .first();
  if (next?.isFirstKept === true) return null;
  return next === null ? (machine.version ?? null) : next.from;
}
