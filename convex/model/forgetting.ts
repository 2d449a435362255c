/** Removes rows in bounded batches: what is older than it is kept, and all that a machine leaves behind. */
import { DAY } from "../../core/time.ts";
import type { Id, TableNames } from "../_generated/dataModel.js";
import type { MutationCtx } from "../_generated/server.js";
import * as Hearings from "./hearings.ts";
import * as Progress from "./rollUpProgress.ts";
import { keepHourlyMs, keepRollupsMs, keepSamplesMs } from "./retention.ts";

/** Rows removed in one transaction: a few milliseconds, so that heartbeats do not wait for it. */
export const BATCH = 200;
const KEEP_DELIVERIES_MS = 30 * DAY;
/** The proof outlives what it proves: whoever exported a page can still see what it builds on. */
const KEEP_LEDGER_MS = 366 * DAY;
/** Who let whom in is in the audit log; the list of invites, which is bounded, is for those of late. */
const KEEP_INVITES_MS = 30 * DAY;
/** Whoever signs in with a provider is back within minutes, or never. */
const KEEP_VERIFIERS_MS = DAY;

type Rows<Table extends TableNames = TableNames> = { table: Table; ids: Id<Table>[] };
type Find<Argument> = (ctx: MutationCtx, argument: Argument, limit: number) => Promise<Rows>;

/** One batch of what is too old. Returns how many rows went; fewer than BATCH means that nothing is left. */
export async function forgetOld(ctx: MutationCtx, now: number): Promise<number> {
  return await removeBatch(ctx, oldRows, now);
}

/** One batch of a removed machine's history. What was told about it stays in the delivery log. */
export async function forgetMachine(ctx: MutationCtx, machine: Id<"machines">): Promise<number> {
  return await removeBatch(ctx, machineRows, machine);
}

const oldRows: Find<number>[] = [
  async (ctx, now, limit) => {
    const progress = await Progress.find(ctx);
    const before = Math.min(now - keepSamplesMs(), progress?.doneUntil ?? now);
    return rows(
      "samples",
      await ctx.db
        .query("samples")
        .withIndex("by_creation_time", (q) => q.lt("_creationTime", before))
        .take(limit),
    );
  },
  async (ctx, now, limit) =>
    rows(
      "rollups",
      await ctx.db
        .query("rollups")
        .withIndex("by_resolution_and_at", (q) =>
          q.eq("resolution", "5m").lt("at", now - keepRollupsMs()),
        )
        .take(limit),
    ),
  async (ctx, now, limit) =>
    rows(
      "rollups",
      await ctx.db
        .query("rollups")
        .withIndex("by_resolution_and_at", (q) =>
          q.eq("resolution", "1h").lt("at", now - keepHourlyMs()),
        )
        .take(limit),
    ),
  async (ctx, now, limit) =>
    rows(
      "rollups",
      await ctx.db
        .query("rollups")
        .withIndex("by_resolution_and_at", (q) =>
          q.eq("resolution", "1d").lt("at", now - keepHourlyMs()),
        )
        .take(limit),
    ),
  async (ctx, now, limit) =>
    rows(
      "outages",
      await ctx.db
        .query("outages")
        .withIndex("by_to", (q) => q.lt("to", now - keepHourlyMs()))
        .take(limit),
    ),
  async (ctx, now, limit) =>
    rows(
      "deliveries",
      await ctx.db
        .query("deliveries")
        .withIndex("by_creation_time", (q) => q.lt("_creationTime", now - KEEP_DELIVERIES_MS))
        .take(limit),
    ),
  async (ctx, now, limit) => {
    const notices = await ctx.db
      .query("notices")
      .withIndex("by_creation_time", (q) => q.lt("_creationTime", now - KEEP_DELIVERIES_MS))
      .take(limit);
    await Hearings.keep(ctx, notices);
    return rows("notices", notices);
  },
  async (ctx, now, limit) =>
    rows(
      "repairs",
      await ctx.db
        .query("repairs")
        .withIndex("by_creation_time", (q) => q.lt("_creationTime", now - KEEP_DELIVERIES_MS))
        .take(limit),
    ),
  async (ctx, now, limit) =>
    rows(
      "ledger",
      await ctx.db
        .query("ledger")
        .withIndex("by_creation_time", (q) => q.lt("_creationTime", now - KEEP_LEDGER_MS))
        .take(limit),
    ),
  async (ctx, now, limit) =>
    rows(
      "invites",
      await ctx.db
        .query("invites")
        .withIndex("by_expiresAt", (q) => q.lt("expiresAt", now - KEEP_INVITES_MS))
        .take(limit),
    ),
  // Convex Auth forgets none of these by itself, and an open page leaves a refresh token every hour. They expire in the
  // order in which they were made.
  async (ctx, now, limit) => {
    const oldest = await ctx.db.query("authSessions").take(limit);
    return rows("authSessions", oldest.filter(isExpiredAt(now)));
  },
  async (ctx, now, limit) => {
    const oldest = await ctx.db.query("authRefreshTokens").take(limit);
    return rows("authRefreshTokens", oldest.filter(isExpiredAt(now)));
  },
  async (ctx, now, limit) =>
    rows(
      "authVerifiers",
      await ctx.db
        .query("authVerifiers")
        .withIndex("by_creation_time", (q) => q.lt("_creationTime", now - KEEP_VERIFIERS_MS))
        .take(limit),
    ),
];

const machineRows: Find<Id<"machines">>[] = [
  async (ctx, machine, limit) =>
    rows(
      "samples",
      await ctx.db
        .query("samples")
        .withIndex("by_machine_and_at", (q) => q.eq("machine", machine))
        .take(limit),
    ),
  async (ctx, machine, limit) =>
    rows(
      "rollups",
      await ctx.db
        .query("rollups")
        .withIndex("by_machine_and_resolution_and_at", (q) => q.eq("machine", machine))
        .take(limit),
    ),
  async (ctx, machine, limit) =>
    rows(
      "lateSpans",
      await ctx.db
        .query("lateSpans")
        .withIndex("by_machine", (q) => q.eq("machine", machine))
        .take(limit),
    ),
  async (ctx, machine, limit) =>
    rows(
      "statusChanges",
      await ctx.db
        .query("statusChanges")
        .withIndex("by_machine_and_at", (q) => q.eq("machine", machine))
        .take(limit),
    ),
  async (ctx, machine, limit) =>
    rows(
      "versionChanges",
      await ctx.db
        .query("versionChanges")
        .withIndex("by_machine_and_at", (q) => q.eq("machine", machine))
        .take(limit),
    ),
  async (ctx, machine, limit) =>
    rows(
      "uptimes",
      await ctx.db
        .query("uptimes")
        .withIndex("by_machine", (q) => q.eq("machine", machine))
        .take(limit),
    ),
  async (ctx, machine, limit) =>
    rows(
      "statusPageItems",
      await ctx.db
        .query("statusPageItems")
        .withIndex("by_machine", (q) => q.eq("machine", machine))
        .take(limit),
    ),
  async (ctx, machine, limit) =>
    rows(
      "incidentNotes",
      await ctx.db
        .query("incidentNotes")
        .withIndex("by_machine", (q) => q.eq("machine", machine))
        .take(limit),
    ),
  async (ctx, machine, limit) =>
    rows(
      "incidents",
      await ctx.db
        .query("incidents")
        .withIndex("by_machine", (q) => q.eq("machine", machine))
        .take(limit),
    ),
];

function isExpiredAt(now: number): (row: { expirationTime: number }) => boolean {
  return ({ expirationTime }) => expirationTime < now;
}

function rows<Table extends TableNames>(table: Table, found: { _id: Id<Table> }[]): Rows {
  return { table, ids: found.map(({ _id }) => _id) };
}

async function removeBatch<Argument>(
  ctx: MutationCtx,
  finds: Find<Argument>[],
  argument: Argument,
): Promise<number> {
  let removed = 0;
  for (const find of finds) {
    const { table, ids } = await find(ctx, argument, BATCH - removed);
    for (const id of ids) await ctx.db.delete(table, id);
    removed += ids.length;
    if (removed >= BATCH) break;
  }
  return removed;
}
