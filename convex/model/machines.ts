/** Machines as people manage them: add, look at, change, pause. Their signs of life are in pulses.ts. */
import { formatToken, isMachineId, isSecret, SECRET_MIN_LENGTH } from "../../core/token.ts";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import type { Member } from "./access.ts";
import { findDeleted, sha256Hex } from "./credentials.ts";
import { fail } from "./fail.ts";
import * as Fleets from "./fleets.ts";
import * as Incidents from "./incidents.ts";
import { type MachineSettings, parseSettings, withDefaults } from "./machineSettings.ts";
import * as Pulses from "./pulses.ts";
import * as Statuses from "./statuses.ts";
import * as Sweeps from "./sweeps.ts";

/** Ten times the largest fleet that is measured: a loop that adds machines ends somewhere. */
export const MAX_MACHINES = 100_000;

interface NewMachine extends MachineSettings {
  machineId: string;
  secret: string;
  name: string;
}

/** Adds a machine with the id and secret that the browser made; keeps only the secret's hash (S3.1, S4.2). */
export async function create(
  ctx: MutationCtx,
  { member, machineId, secret, ...settings }: NewMachine & { member: Member },
): Promise<{ machineId: string; token: string }> {
  const { workspaceId } = member;
  checkSecret(secret);
  await add(ctx, { workspaceId, machineId, secretHash: await sha256Hex(secret), ...settings });
  return { machineId, token: formatToken({ machineId, secret }) };
}

/** The machine's rows, waiting for its first heartbeat. Whoever adds it has checked that they may. */
export async function add(
  ctx: MutationCtx,
  {
    workspaceId,
    machineId,
    secretHash,
    enrolledBy,
    instanceId,
    ...settings
  }: Omit<NewMachine, "secret"> &
    Pick<Doc<"machines">, "workspaceId" | "secretHash" | "enrolledBy" | "instanceId">,
): Promise<Doc<"machines">> {
  checkMachineId(machineId);
  await checkUnused(ctx, machineId);
  if ((await Fleets.sizeOf(ctx, workspaceId)) >= MAX_MACHINES) {
    fail({ kind: "limitReached", message: `A workspace can have ${MAX_MACHINES} machines.` });
  }
  const workspace = await ctx.db.get("workspaces", workspaceId);
  const _id = await ctx.db.insert("machines", {
    workspaceId,
    machineId,
    secretHash,
    ...(enrolledBy === undefined ? {} : { enrolledBy }),
    ...(instanceId === undefined ? {} : { instanceId }),
    description: "",
    tags: [],
    name: settings.name,
    ...parseSettings(withDefaults(settings, workspace ?? {})),
  });
  const machine = await ctx.db.get("machines", _id);
  if (machine === null) throw new Error("a machine just inserted is missing");
  await Pulses.create(ctx, machine);
  await Statuses.startWaiting(ctx, { machine, at: Date.now() });
  await Sweeps.ensureRunning(ctx, Date.now());
  return machine;
}

/** The caller's machine, if it is in the fleet; somebody else's does not exist. */
export async function get(
  ctx: QueryCtx,
  { member, machineId }: { member: Member; machineId: string },
): Promise<Doc<"machines">> {
  const machine = await getAnywhere(ctx, { member, machineId });
  if (machine.shelf !== undefined) {
    fail({
      kind: "invalid",
      field: "machineId",
      message: `This machine is ${machine.shelf}. Restore it first.`,
    });
  }
  return machine;
}

/** The caller's machine, in the fleet or on a shelf. */
export async function getAnywhere(
  ctx: QueryCtx,
  { member, machineId }: { member: Member; machineId: string },
): Promise<Doc<"machines">> {
  const machine = await find(ctx, { member, machineId });
  return machine ?? fail({ kind: "notFound", message: "There is no such machine." });
}

export async function find(
  ctx: QueryCtx,
  { member, machineId }: { member: Pick<Member, "workspaceId">; machineId: string },
): Promise<Doc<"machines"> | null> {
  const machine = await findById(ctx, machineId);
  return machine?.workspaceId === member.workspaceId ? machine : null;
}

export async function findById(ctx: QueryCtx, machineId: string): Promise<Doc<"machines"> | null> {
  return await ctx.db
    .query("machines")
    .withIndex("by_machineId", (q) => q.eq("machineId", machineId))
    .unique();
}

export async function update(
  ctx: MutationCtx,
  { member, machineId, ...settings }: MachineSettings & { member: Member; machineId: string },
): Promise<void> {
  await change(ctx, { machine: await get(ctx, { member, machineId }), settings });
}

export async function change(
  ctx: MutationCtx,
  { machine, settings }: { machine: Doc<"machines">; settings: MachineSettings },
): Promise<void> {
  const patch = parseSettings({
    heartbeatIntervalMs: machine.heartbeatIntervalMs,
    offlineThresholdMs: machine.offlineThresholdMs,
    ...settings,
  });
  await ctx.db.patch("machines", machine._id, patch);
  await Pulses.rearm(ctx, { before: machine, machine: { ...machine, ...patch } });
  if (patch.tags !== undefined) await reconsider(ctx, machine);
}

/** By its tags a machine is in a maintenance window, or in a channel's care: what is open is decided anew. */
export async function setTags(
  ctx: MutationCtx,
  { machine, tags }: { machine: Doc<"machines">; tags: string[] },
): Promise<void> {
  await ctx.db.patch("machines", machine._id, { tags });
  await reconsider(ctx, machine);
}

/** After a change that may let somebody hear of the machine: its open incident is decided anew. */
export async function reconsider(ctx: MutationCtx, machine: Doc<"machines">): Promise<void> {
  const { incidentId } = await Statuses.get(ctx, machine);
  await Incidents.reconsider(ctx, incidentId, Date.now());
}

/** A paused machine is tracked as ever, but nobody is told of it. */
export async function setPaused(
  ctx: MutationCtx,
  { machine, isPaused }: { machine: Doc<"machines">; isPaused: boolean },
): Promise<void> {
  if (isPaused === (machine.pausedAt !== undefined)) return;
  const pausedAt = isPaused ? Date.now() : undefined;
  await ctx.db.patch("machines", machine._id, { pausedAt });
  if (!isPaused) await reconsider(ctx, machine);
}

/** @throws AppError invalid where it is none. */
export function checkSecret(secret: string): void {
  if (isSecret(secret)) return;
  fail({
    kind: "invalid",
    field: "secret",
    message: `The secret must be a nanoid of ${SECRET_MIN_LENGTH} characters or more (A–Z, a–z, 0–9, _ and -).`,
  });
}

function checkMachineId(machineId: string): void {
  if (isMachineId(machineId)) return;
  fail({
    kind: "invalid",
    field: "machineId",
    message: "The machine id must be a nanoid of 21 characters (A–Z, a–z, 0–9, _ and -).",
  });
}

/** Ids are used once: one that was removed must not come back to an agent that still holds its old secret. */
export async function isUsed(ctx: QueryCtx, machineId: string): Promise<boolean> {
  return (await findById(ctx, machineId)) !== null || (await findDeleted(ctx, machineId)) !== null;
}

async function checkUnused(ctx: QueryCtx, machineId: string): Promise<void> {
  if (!(await isUsed(ctx, machineId))) return;
  fail({
    kind: "duplicateMachineId",
    message: "A machine with this id exists already. Make a new id and secret and try again.",
  });
}

/** The fleet's next machines by machine id, after the last one that somebody has; null begins. */
export async function after(
  ctx: QueryCtx,
  {
    workspaceId,
    cursor,
    limit,
  }: { workspaceId: Id<"workspaces">; cursor: string | null; limit: number },
): Promise<Doc<"machines">[]> {
  return await ctx.db
    .query("machines")
    .withIndex("by_workspaceId_and_shelf_and_machineId", (q) =>
      q
        .eq("workspaceId", workspaceId)
        .eq("shelf", undefined)
        .gt("machineId", cursor ?? ""),
    )
    .take(limit);
}

/** The machines that a batch names, each once, on shelves too; others' and unknown ones are left out. */
export async function named(
  ctx: QueryCtx,
  { workspaceId, machineIds }: { workspaceId: Id<"workspaces">; machineIds: string[] },
): Promise<Doc<"machines">[]> {
  const found = await Promise.all(
    [...new Set(machineIds)].map(
      async (machineId) => await find(ctx, { member: { workspaceId }, machineId }),
    ),
  );
  return found.filter((machine) => machine !== null);
}
