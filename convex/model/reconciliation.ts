/**
 * Looks for rows that contradict each other, repairs them and says so. Transactions should make contradictions
 * impossible; a monitor should not believe that of itself.
 */
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx } from "../_generated/server.js";
import * as Lanes from "./lanes.ts";
import { timingFor } from "./settings.ts";

/** Machines, lanes and incidents looked at in one transaction. */
export const BATCH = 50;

async function report(
  ctx: MutationCtx,
  { workspaceId, subject, problem }: Omit<Doc<"repairs">, "_id" | "_creationTime">,
): Promise<void> {
  console.warn(`repaired: ${subject}: ${problem}`);
  await ctx.db.insert("repairs", { workspaceId, subject, problem });
}

/** One machine: its status, its pulse and its incident have to tell the same story. */
export async function checkMachine(
  ctx: MutationCtx,
  machine: Doc<"machines">,
  now: number,
): Promise<void> {
  const { _id, name: subject, workspaceId, machineId } = machine;
  const status = await ctx.db
    .query("statuses")
    .withIndex("by_machine", (q) => q.eq("machine", _id))
    .unique();
  const pulse = await ctx.db
    .query("pulses")
    .withIndex("by_machine", (q) => q.eq("machine", _id))
    .unique();
  if (status === null) {
    const waiting = { status: "offline", reason: "waiting", since: now } as const;
    const shelf = machine.shelf === undefined ? {} : { shelf: machine.shelf };
    await ctx.db.insert("statuses", { workspaceId, machine: _id, machineId, ...shelf, ...waiting });
    await report(ctx, { workspaceId, subject, problem: "it had no status" });
    return;
  }
  if (pulse === null) {
    await ctx.db.insert("pulses", { machine: _id, isOnline: false, allowance: 0 });
    await report(ctx, { workspaceId, subject, problem: "it had no pulse" });
    return;
  }
  if (machine.shelf !== undefined) return;
  await checkPulse(ctx, { machine, status, pulse, now });
  await checkIncident(ctx, { machine, status });
}

/** A delivery that waits while its lane does not know would wait for ever. */
export async function checkLane(ctx: MutationCtx, lane: Doc<"lanes">): Promise<void> {
  const { channelId, workspaceId } = lane;
  const stuck = await ctx.db
    .query("deliveries")
    .withIndex("by_state_and_channelId_and_dueAt", (q) =>
      q.eq("state", "queued").eq("channelId", channelId).eq("dueAt", undefined),
    )
    .take(BATCH);
  for (const delivery of stuck) {
    if (await isBehindAnother(ctx, delivery)) continue;
    await ctx.db.patch("deliveries", delivery._id, { dueAt: delivery.notBefore ?? 0 });
    const subject = delivery.userId === undefined ? delivery.channelName : "(personal)";
    await report(ctx, { workspaceId, subject, problem: "a message waited for none" });
  }
  const isBusy = await ctx.db
    .query("deliveries")
    .withIndex("by_state_and_channelId_and_dueAt", (q) =>
      q.eq("state", "leased").eq("channelId", channelId),
    )
    .first();
  if (isBusy === null && lane.dueAt === undefined) await Lanes.rearm(ctx, lane);
}

/** An open incident that its machine does not know of ends; the machine's own story is the true one. */
export async function checkOpenIncident(
  ctx: MutationCtx,
  incident: Doc<"incidents">,
  now: number,
): Promise<void> {
  const status = await ctx.db
    .query("statuses")
    .withIndex("by_machine", (q) => q.eq("machine", incident.machine))
    .unique();
  if (status?.incidentId === incident._id) return;
  await ctx.db.patch("incidents", incident._id, { closedAt: now, followUpAt: undefined });
  const { workspaceId, machineName: subject } = incident;
  await report(ctx, { workspaceId, subject, problem: "an incident was open that nobody had" });
}

interface Story {
  machine: Doc<"machines">;
  status: Doc<"statuses">;
  pulse: Doc<"pulses">;
  now: number;
}

async function checkPulse(ctx: MutationCtx, { machine, status, pulse, now }: Story): Promise<void> {
  const { workspaceId, name: subject } = machine;
  const isOnline = status.status === "online";
  if (pulse.isOnline !== isOnline) {
    await ctx.db.patch("pulses", pulse._id, { isOnline });
    await report(ctx, { workspaceId, subject, problem: "its pulse and its status disagreed" });
  }
  if (isOnline && pulse.deadlineAt === undefined) {
    const deadlineAt = now + timingFor(machine).offlineThresholdMs;
    await ctx.db.patch("pulses", pulse._id, { deadlineAt });
    await report(ctx, { workspaceId, subject, problem: "it was online without a deadline" });
  }
  if (status.reason === "silence" && pulse.deadlineAt !== undefined) {
    await ctx.db.patch("pulses", pulse._id, { deadlineAt: undefined });
    await report(ctx, { workspaceId, subject, problem: "it was offline with a deadline" });
  }
}

async function checkIncident(
  ctx: MutationCtx,
  { machine, status }: Pick<Story, "machine" | "status">,
): Promise<void> {
  if (status.incidentId === undefined) return;
  const incident = await ctx.db.get("incidents", status.incidentId);
  const isEnded = incident === null || incident.closedAt !== undefined;
  const isPointless = status.reason === "heartbeat" && incident?.isFlapping !== true;
  if (!isEnded && !isPointless) return;
  await ctx.db.patch("statuses", status._id, { incidentId: undefined });
  const { workspaceId, name: subject } = machine;
  await report(ctx, { workspaceId, subject, problem: "it had an incident that was over" });
}

async function isBehindAnother(
  ctx: MutationCtx,
  { after = [] }: Doc<"deliveries">,
): Promise<boolean> {
  for (const id of after) {
    const state = (await ctx.db.get("deliveries", id))?.state;
    if (state === "queued" || state === "leased") return true;
  }
  return false;
}

/** The counts of a workspace against its rows; `counted` is what was found. */
export async function checkFleet(
  ctx: MutationCtx,
  {
    workspaceId,
    counted,
  }: { workspaceId: Id<"workspaces">; counted: { machines: number; online: number } },
): Promise<void> {
  const fleet = await ctx.db
    .query("fleets")
    .withIndex("by_workspaceId", (q) => q.eq("workspaceId", workspaceId))
    .unique();
  if (fleet === null) return;
  if (fleet.machines === counted.machines && fleet.online === counted.online) return;
  await ctx.db.patch("fleets", fleet._id, counted);
  const problem = `it counted ${fleet.online} of ${fleet.machines} online, there were ${counted.online} of ${counted.machines}`;
  await report(ctx, { workspaceId, subject: "fleet", problem });
}
