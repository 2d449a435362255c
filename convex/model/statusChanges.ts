/** What a machine's status was when: reads the changes that statuses.ts writes, and nothing else. */
import type { Interval } from "../../core/silences.ts";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { QueryCtx } from "../_generated/server.js";
import type { StatusReason, StoredStatus } from "../../core/status.ts";

const stopReasons: readonly StatusReason[] = ["shutdown", "reboot", "upgrade"];
/** A silence holds its end and perhaps a goodbye: more changes than a few are not looked at. */
const MAX_CHANGES_IN_SILENCE = 10;

export interface PastStatus {
  status: StoredStatus;
  /** null: it has been forgotten. */
  reason: StatusReason | null;
  /** null: since the machine was added, as far as is known. */
  since: number | null;
}

/** What a machine was at a moment. */
export async function statusAt(
  ctx: QueryCtx,
  machine: Id<"machines">,
  at: number,
): Promise<PastStatus> {
  const last = await lastAt(ctx, machine, at);
  if (last !== null) return { status: last.to, reason: last.reason, since: last.at };
  const next = await ctx.db
    .query("statusChanges")
    .withIndex("by_machine_and_at", (q) => q.eq("machine", machine).gt("at", at))
    .first();
  const reason = next?.isFirstKept === true ? null : "waiting";
  return { status: "offline", reason, since: null };
}

/** The last change at or before a moment, or null where none is known. */
async function lastAt(
  ctx: QueryCtx,
  machine: Id<"machines">,
  at: number,
): Promise<Doc<"statusChanges"> | null> {
  return await ctx.db
    .query("statusChanges")
    .withIndex("by_machine_and_at", (q) => q.eq("machine", machine).lte("at", at))
    .order("desc")
    .first();
}

/** The latest `limit` changes after `from` and up to `to`, in ascending order. */
export async function within(
  ctx: QueryCtx,
  { machine, from, to, limit }: { machine: Id<"machines">; limit: number } & Interval,
): Promise<Doc<"statusChanges">[]> {
  const rows = await ctx.db
    .query("statusChanges")
    .withIndex("by_machine_and_at", (q) => q.eq("machine", machine).gt("at", from).lte("at", to))
    .order("desc")
    .take(limit);
  return rows.reverse();
}

/** Whether the machine said goodbye in a stretch of time. */
export async function hasStop(
  ctx: QueryCtx,
  machine: Id<"machines">,
  interval: Interval,
): Promise<boolean> {
  const changes = await within(ctx, { machine, ...interval, limit: MAX_CHANGES_IN_SILENCE });
  return changes.some(({ reason }) => stopReasons.includes(reason));
}
