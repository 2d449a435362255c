/** Removes what belongs to a workspace that is being deleted, but for its machines, which have history of their own. */
import type { Id, TableNames } from "../_generated/dataModel.js";
import type { MutationCtx } from "../_generated/server.js";
import { BATCH } from "./forgetting.ts";

/** Deliveries and channels have rows of their own behind them. */
const SMALL_BATCH = 20;

type Forget = (ctx: MutationCtx, workspaceId: Id<"workspaces">) => Promise<number>;

/**
 * Through which people, scripts, machines and the public get to a workspace, and what it sends of itself. Few rows each:
 * they go at once, since everything behind them may take an hour.
 */
const doors = [
  "invites",
  "apiKeys",
  "enrolmentKeys",
  "statusPages",
  "selfHeartbeats",
] as const satisfies TableNames[];

export async function closeDoors(ctx: MutationCtx, workspaceId: Id<"workspaces">): Promise<void> {
  for (const table of doors) await forgetPlain(ctx, table, workspaceId);
}

/** One batch. Answers how many rows went; 0 when nothing is left. */
export const forget: Forget = async (ctx, workspaceId) => {
  for (const table of plainTables) {
    const removed = await forgetPlain(ctx, table, workspaceId);
    if (removed > 0) return removed;
  }
  for (const forgetSome of Object.values(otherTables)) {
    const removed = await forgetSome(ctx, workspaceId);
    if (removed > 0) return removed;
  }
  return 0;
};

const plainTables = [
  ...doors,
  "cleanUps",
  "incidentNotes",
  "incidents",
  "maintenanceWindows",
  "repairs",
  "announcements",
  "statusPageItems",
  "fleets",
] as const satisfies TableNames[];

async function forgetPlain(
  ctx: MutationCtx,
  table: (typeof plainTables)[number],
  workspaceId: Id<"workspaces">,
): Promise<number> {
  const rows = await ctx.db
    .query(table)
    .withIndex("by_workspaceId", (q) => q.eq("workspaceId", workspaceId))
    .take(BATCH);
  for (const { _id } of rows) await ctx.db.delete(table, _id);
  return rows.length;
}

const forgetDeliveries: Forget = async (ctx, workspaceId) => {
  const deliveries = await ctx.db
    .query("deliveries")
    .withIndex("by_workspaceId", (q) => q.eq("workspaceId", workspaceId))
    .take(SMALL_BATCH);
  let removed = 0;
  for (const { _id } of deliveries) {
    const notices = await ctx.db
      .query("notices")
      .withIndex("by_deliveryId", (q) => q.eq("deliveryId", _id))
      .take(BATCH);
    for (const notice of notices) await ctx.db.delete("notices", notice._id);
    if (notices.length < BATCH) await ctx.db.delete("deliveries", _id);
    removed += notices.length + 1;
    if (removed >= BATCH) break;
  }
  return removed;
};

const forgetChannels: Forget = async (ctx, workspaceId) => {
  const channels = await ctx.db
    .query("channels")
    .withIndex("by_workspaceId", (q) => q.eq("workspaceId", workspaceId))
    .take(SMALL_BATCH);
  for (const { _id } of channels) {
    const lanes = await ctx.db
      .query("lanes")
      .withIndex("by_channelId", (q) => q.eq("channelId", _id))
      .take(BATCH);
    for (const lane of lanes) await ctx.db.delete("lanes", lane._id);
    await ctx.db.delete("channels", _id);
  }
  return channels.length;
};

const forgetBreakers: Forget = async (ctx, workspaceId) => {
  const rows = await ctx.db
    .query("breakers")
    .withIndex("by_workspaceId_and_host", (q) => q.eq("workspaceId", workspaceId))
    .take(BATCH);
  for (const { _id } of rows) await ctx.db.delete("breakers", _id);
  return rows.length;
};

const forgetLedger: Forget = async (ctx, workspaceId) => {
  const rows = await ctx.db
    .query("ledger")
    .withIndex("by_workspaceId_and_sequence", (q) => q.eq("workspaceId", workspaceId))
    .take(BATCH);
  for (const { _id } of rows) await ctx.db.delete("ledger", _id);
  return rows.length;
};

const forgetAuditEvents: Forget = async (ctx, workspaceId) => {
  const rows = await ctx.db
    .query("auditEvents")
    .withIndex("by_workspaceId_and_at", (q) => q.eq("workspaceId", workspaceId))
    .take(BATCH);
  for (const { _id } of rows) await ctx.db.delete("auditEvents", _id);
  return rows.length;
};

/** In this order: nothing new is queued for channels that are gone. */
const otherTables: Partial<Record<TableNames, Forget>> = {
  channels: forgetChannels,
  deliveries: forgetDeliveries,
  breakers: forgetBreakers,
  ledger: forgetLedger,
  auditEvents: forgetAuditEvents,
};

/** What is removed here. A test holds it against the schema. */
export const workspaceTables: string[] = [
  ...plainTables,
  ...Object.keys(otherTables),
  "lanes",
  "notices",
];
