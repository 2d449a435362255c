/**
 * Where machines are that left the fleet: archived, for good with their history, or deleted, for thirty days. On a
 * shelf a machine is not listed, counted or swept, and its agent hears 410. From both it can come back.
 */
import { DAY } from "../../core/time.ts";
import { internal } from "../_generated/api.js";
import type { Doc } from "../_generated/dataModel.js";
import type { MutationCtx } from "../_generated/server.js";
import type { Shelf, Shelver } from "../validators.ts";
import * as Fleets from "./fleets.ts";
import * as Pulses from "./pulses.ts";
import * as Refusals from "./refusals.ts";
import * as Statuses from "./statuses.ts";

const DELETED_FOR_MS = 30 * DAY;

/** Takes a machine out of the fleet, or from one shelf to the other. An open incident ends without a message. */
export async function put(
  ctx: MutationCtx,
  {
    machine,
    shelf,
    shelvedBy = "person",
  }: { machine: Doc<"machines">; shelf: Shelf; shelvedBy?: Shelver },
): Promise<void> {
  const { _id, workspaceId } = machine;
  const now = Date.now();
  if (machine.shelf === shelf) return;
  if (machine.shelf === undefined) {
    await stopWaitingFor(ctx, machine, now);
    await Fleets.count(ctx, { workspaceId, machines: -1 });
  }
  const status = await Statuses.get(ctx, machine);
  await ctx.db.patch("statuses", status._id, { shelf });
  const purgeAt = shelf === "deleted" ? now + DELETED_FOR_MS : undefined;
  await ctx.db.patch("machines", _id, { shelf, shelvedAt: now, shelvedBy, purgeAt });
}

/** Back into the fleet, waiting for its agent, which has to be started again. */
export async function restore(ctx: MutationCtx, machine: Doc<"machines">): Promise<void> {
  if (machine.shelf === undefined) return;
  const status = await Statuses.get(ctx, machine);
  await ctx.db.patch("statuses", status._id, { shelf: undefined, since: Date.now() });
  await ctx.db.patch("machines", machine._id, {
    shelf: undefined,
    shelvedAt: undefined,
    shelvedBy: undefined,
    purgeAt: undefined,
  });
  await Fleets.count(ctx, { workspaceId: machine.workspaceId, machines: 1 });
}

/** For good: only the id and the secret's hash stay, so that the agent goes on hearing 410. History follows in batches. */
export async function purge(ctx: MutationCtx, machine: Doc<"machines">): Promise<void> {
  const { _id, machineId, secretHash } = machine;
  await put(ctx, { machine, shelf: "deleted" });
  await ctx.db.insert("deletedMachines", { machineId, secretHash });
  const refusal = await Refusals.lastOf(ctx, _id);
  if (refusal !== null) await ctx.db.delete("refusals", refusal._id);
  await ctx.db.delete("statuses", (await Statuses.get(ctx, machine))._id);
  await ctx.db.delete("pulses", (await Pulses.get(ctx, _id))._id);
  await ctx.db.delete("machines", _id);
  await ctx.scheduler.runAfter(0, internal.jobs.retain.forgetMachine, { machine: _id });
}

async function stopWaitingFor(
  ctx: MutationCtx,
  machine: Doc<"machines">,
  now: number,
): Promise<void> {
  const { lastHeartbeatAt } = await Pulses.disarm(ctx, machine._id);
  await Statuses.wait(ctx, { machine, at: now, lastSeenAt: lastHeartbeatAt });
  const { _id, incidentId } = await Statuses.get(ctx, machine);
  if (incidentId === undefined) return;
  await ctx.db.patch("incidents", incidentId, { closedAt: now });
  await ctx.db.patch("statuses", _id, { incidentId: undefined });
}
