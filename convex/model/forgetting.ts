/** Removes rows in bounded batches: what is older than it is kept, and all that a machine leaves behind. */
import { DAY } from "../../core/time.ts";
import type { Doc, Id, TableNames } from "../_generated/dataModel.js";
import type { MutationCtx } from "../_generated/server.js";
import * as Hearings from "./hearings.ts";
import * as Horizons from "./horizons.ts";
import * as Progress from "./rollUpProgress.ts";
import {
  keepAuditMs,
  keepHistoryMs,
  keepHourlyMs,
  keepRollupsMs,
  keepSamplesMs,
} from "./retention.ts";

/** Rows handled in one transaction: a few milliseconds, so that heartbeats do not wait for it. */
export const BATCH = 200;
const KEEP_DELIVERIES_MS = 30 * DAY;
/** The proof outlives what it proves: whoever exported a page can still see what it builds on. */
const KEEP_LEDGER_MS = 366 * DAY;
/** Who let whom in is in the audit log; the list of invites, which is bounded, is for those of late. */
const KEEP_INVITES_MS = 30 * DAY;
/** Whoever signs in with a provider is back within minutes, or never. */
const KEEP_VERIFIERS_MS = DAY;

/** Answers how many rows it has handled: as many as `limit`, and there may be more. */
type Forget<Argument> = (ctx: MutationCtx, argument: Argument, limit: number) => Promise<number>;

/** One batch of what is too old. Answers how many rows were handled; fewer than BATCH, and nothing is left. */
export async function forgetOld(ctx: MutationCtx, now: number): Promise<number> {
  return await takeBatch(ctx, oldRows, now);
}

/** One batch of a removed machine's history. What was told about it stays in the delivery log. */
export async function forgetMachine(ctx: MutationCtx, machine: Id<"machines">): Promise<number> {
  return await takeBatch(ctx, machineRows, machine);
}

const oldRows: Forget<number>[] = [
  async (ctx, now, limit) => {
    const progress = await Progress.find(ctx);
    const before = Math.min(now - keepSamplesMs(), progress?.doneUntil ?? now);
    const samples = ctx.db
      .query("samples")
      .withIndex("by_creation_time", (q) => q.lt("_creationTime", before));
    return await remove(ctx, "samples", await samples.take(limit));
  },
  oldRollups("5m", keepRollupsMs),
  oldRollups("1h", keepHourlyMs),
  oldRollups("1d", keepHourlyMs),
  async (ctx, now, limit) => {
    const outages = ctx.db
      .query("outages")
      .withIndex("by_to", (q) => q.lt("to", now - keepHourlyMs()));
    return await remove(ctx, "outages", await outages.take(limit));
  },
  madeLongAgo("deliveries", () => KEEP_DELIVERIES_MS),
  async (ctx, now, limit) => {
    const notices = await ctx.db
      .query("notices")
      .withIndex("by_creation_time", (q) => q.lt("_creationTime", now - KEEP_DELIVERIES_MS))
      .take(limit);
    await Hearings.keep(ctx, notices);
    return await remove(ctx, "notices", notices);
  },
  madeLongAgo("repairs", () => KEEP_DELIVERIES_MS),
  madeLongAgo("ledger", () => KEEP_LEDGER_MS),
  madeLongAgo("auditEvents", keepAuditMs),
  async (ctx, now, limit) =>
    await Horizons.pass(ctx, "statusChanges", { before: now - keepHistoryMs(), limit }),
  async (ctx, now, limit) =>
    await Horizons.pass(ctx, "versionChanges", { before: now - keepHistoryMs(), limit }),
  oldIncidentNotes,
  async (ctx, now, limit) => await remove(ctx, "incidents", await oldIncidents(ctx, now, limit)),
  async (ctx, now, limit) => {
    const invites = ctx.db
      .query("invites")
      .withIndex("by_expiresAt", (q) => q.lt("expiresAt", now - KEEP_INVITES_MS));
    return await remove(ctx, "invites", await invites.take(limit));
  },
  // Convex Auth forgets none of these by itself, and an open page leaves a refresh token every hour. They expire in the
  // order in which they were made.
  async (ctx, now, limit) => {
    const oldest = await ctx.db.query("authSessions").take(limit);
    return await remove(ctx, "authSessions", oldest.filter(isExpiredAt(now)));
  },
  async (ctx, now, limit) => {
    const oldest = await ctx.db.query("authRefreshTokens").take(limit);
    return await remove(ctx, "authRefreshTokens", oldest.filter(isExpiredAt(now)));
  },
  madeLongAgo("authVerifiers", () => KEEP_VERIFIERS_MS),
];

const machineRows: Forget<Id<"machines">>[] = [
  historyOfMachine("samples"),
  async (ctx, machine, limit) => {
    const rollups = ctx.db
      .query("rollups")
      .withIndex("by_machine_and_resolution_and_at", (q) => q.eq("machine", machine));
    return await remove(ctx, "rollups", await rollups.take(limit));
  },
  rowsOfMachine("lateSpans"),
  historyOfMachine("statusChanges"),
  historyOfMachine("versionChanges"),
  rowsOfMachine("uptimes"),
  rowsOfMachine("statusPageItems"),
  rowsOfMachine("incidentNotes"),
  rowsOfMachine("incidents"),
];

function madeLongAgo(
  table: "deliveries" | "repairs" | "ledger" | "auditEvents" | "authVerifiers",
  keepMs: () => number,
): Forget<number> {
  return async (ctx, now, limit) => {
    const rows = ctx.db
      .query(table)
      .withIndex("by_creation_time", (q) => q.lt("_creationTime", now - keepMs()));
    return await remove(ctx, table, await rows.take(limit));
  };
}

function oldRollups(
  resolution: Doc<"rollups">["resolution"],
  keepMs: () => number,
): Forget<number> {
  return async (ctx, now, limit) => {
    const rollups = ctx.db
      .query("rollups")
      .withIndex("by_resolution_and_at", (q) =>
        q.eq("resolution", resolution).lt("at", now - keepMs()),
      );
    return await remove(ctx, "rollups", await rollups.take(limit));
  };
}

/** Those that ended, the longest ago first: what is open has no end and stays, however old. */
async function oldIncidents(
  ctx: MutationCtx,
  now: number,
  limit: number,
): Promise<Doc<"incidents">[]> {
  return await ctx.db
    .query("incidents")
    .withIndex("by_closedAt_and_workspaceId_and_wave", (q) =>
      q.gte("closedAt", 0).lt("closedAt", now - keepHistoryMs()),
    )
    .take(limit);
}

/** Ahead of their incidents: an incident whose notes do not fit into the batch stays for the next one. */
async function oldIncidentNotes(ctx: MutationCtx, now: number, limit: number): Promise<number> {
  let removed = 0;
  for (const { _id } of await oldIncidents(ctx, now, limit)) {
    const notes = await ctx.db
      .query("incidentNotes")
      .withIndex("by_incidentId", (q) => q.eq("incidentId", _id))
      .take(limit - removed);
    removed += await remove(ctx, "incidentNotes", notes);
    if (removed >= limit) break;
  }
  return removed;
}

function historyOfMachine(
  table: "samples" | "statusChanges" | "versionChanges",
): Forget<Id<"machines">> {
  return async (ctx, machine, limit) => {
    const rows = ctx.db
      .query(table)
      .withIndex("by_machine_and_at", (q) => q.eq("machine", machine));
    return await remove(ctx, table, await rows.take(limit));
  };
}

function rowsOfMachine(
  table: "lateSpans" | "uptimes" | "statusPageItems" | "incidentNotes" | "incidents",
): Forget<Id<"machines">> {
  return async (ctx, machine, limit) => {
    const rows = ctx.db.query(table).withIndex("by_machine", (q) => q.eq("machine", machine));
    return await remove(ctx, table, await rows.take(limit));
  };
}

function isExpiredAt(now: number): (row: { expirationTime: number }) => boolean {
  return ({ expirationTime }) => expirationTime < now;
}

async function remove<Table extends TableNames>(
  ctx: MutationCtx,
  table: Table,
  rows: { _id: Id<Table> }[],
): Promise<number> {
  for (const { _id } of rows) await ctx.db.delete(table, _id);
  return rows.length;
}

async function takeBatch<Argument>(
  ctx: MutationCtx,
  steps: Forget<Argument>[],
  argument: Argument,
): Promise<number> {
  let handled = 0;
  for (const forget of steps) {
    handled += await forget(ctx, argument, BATCH - handled);
    if (handled >= BATCH) break;
  }
  return handled;
}
