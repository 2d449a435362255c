/** Machines as people manage them: add, look at, change, remove. Their signs of life are in pulses.ts. */
import {
  HEARTBEAT_INTERVAL_LIMITS_MS,
  OFFLINE_THRESHOLD_LIMITS_MS,
  type Timing,
} from "../../core/status.ts";
import { formatToken, isMachineId, isSecret, SECRET_MIN_LENGTH } from "../../core/token.ts";
import { internal } from "../_generated/api.js";
import type { Doc } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import type { Member } from "./access.ts";
import { findDeleted, sha256Hex } from "./credentials.ts";
import { fail } from "./fail.ts";
import * as Fleets from "./fleets.ts";
import * as Pulses from "./pulses.ts";
import * as Statuses from "./statuses.ts";
import * as Sweeps from "./sweeps.ts";
import { parseDescription, parseDuration, parseName, parseTags } from "./texts.ts";

/** A list is one array, and Convex arrays end at 8,192 elements. */
export const MAX_MACHINES = 8_000;

interface Settings extends Partial<Timing> {
  name?: string;
  description?: string;
  tags?: string[];
}

interface NewMachine extends Settings {
  machineId: string;
  secret: string;
  name: string;
}

/** Adds a machine with the id and secret that the browser made; keeps only the secret's hash (S3.1, S4.2). */
export async function create(
  ctx: MutationCtx,
  { member, machineId, secret, ...settings }: NewMachine & { member: Member },
): Promise<{ machineId: string; token: string }> {
  checkCredential({ machineId, secret });
  await checkUnused(ctx, machineId);
  const { workspaceId } = member;
  if ((await Fleets.sizeOf(ctx, workspaceId)) >= MAX_MACHINES) {
    fail({ kind: "limitReached", message: `A workspace can have ${MAX_MACHINES} machines.` });
  }
  const _id = await ctx.db.insert("machines", {
    workspaceId,
    machineId,
    secretHash: await sha256Hex(secret),
    description: "",
    tags: [],
    ...parseSettings(settings),
    name: parseName(settings.name),
  });
  const machine = await ctx.db.get("machines", _id);
  if (machine === null) throw new Error("a machine just inserted is missing");
  await Pulses.create(ctx, _id);
  await Statuses.startWaiting(ctx, { machine, at: Date.now() });
  await Sweeps.ensureRunning(ctx, Date.now());
  return { machineId, token: formatToken({ machineId, secret }) };
}

/** The caller's machine; somebody else's does not exist. */
export async function get(
  ctx: QueryCtx,
  { member, machineId }: { member: Member; machineId: string },
): Promise<Doc<"machines">> {
  const machine = await find(ctx, { member, machineId });
  return machine ?? fail({ kind: "notFound", message: "There is no such machine." });
}

export async function find(
  ctx: QueryCtx,
  { member, machineId }: { member: Member; machineId: string },
): Promise<Doc<"machines"> | null> {
  const machine = await ctx.db
    .query("machines")
    .withIndex("by_machineId", (q) => q.eq("machineId", machineId))
    .unique();
  return machine?.workspaceId === member.workspaceId ? machine : null;
}

export async function update(
  ctx: MutationCtx,
  { member, machineId, ...settings }: Settings & { member: Member; machineId: string },
): Promise<void> {
  const machine = await get(ctx, { member, machineId });
  const patch = parseSettings({
    heartbeatIntervalMs: machine.heartbeatIntervalMs,
    offlineThresholdMs: machine.offlineThresholdMs,
    ...settings,
  });
  await ctx.db.patch("machines", machine._id, patch);
  await Pulses.rearm(ctx, { ...machine, ...patch });
}

/** Gone from every list at once; its agent hears 410 from now on; its history follows in batches (S4.1). */
export async function remove(
  ctx: MutationCtx,
  { member, machineId }: { member: Member; machineId: string },
): Promise<void> {
  const machine = await get(ctx, { member, machineId });
  const { _id, workspaceId, secretHash } = machine;
  const status = await Statuses.get(ctx, machine);
  const pulse = await Pulses.get(ctx, _id);
  await ctx.db.insert("deletedMachines", { machineId, secretHash });
  await ctx.db.delete("statuses", status._id);
  await ctx.db.delete("pulses", pulse._id);
  await ctx.db.delete("machines", _id);
  const online = status.status === "online" ? -1 : 0;
  await Fleets.count(ctx, { workspaceId, machines: -1, online });
  await ctx.scheduler.runAfter(0, internal.jobs.retain.forgetMachine, { machine: _id });
}

function checkCredential({ machineId, secret }: { machineId: string; secret: string }): void {
  if (!isMachineId(machineId)) {
    fail({
      kind: "invalid",
      field: "machineId",
      message: "The machine id must be a nanoid of 21 characters (A–Z, a–z, 0–9, _ and -).",
    });
  }
  if (!isSecret(secret)) {
    fail({
      kind: "invalid",
      field: "secret",
      message: `The secret must be a nanoid of ${SECRET_MIN_LENGTH} characters or more (A–Z, a–z, 0–9, _ and -).`,
    });
  }
}

/** Ids are used once: one that was removed must not come back to an agent that still holds its old secret. */
async function checkUnused(ctx: QueryCtx, machineId: string): Promise<void> {
  const existing = await ctx.db
    .query("machines")
    .withIndex("by_machineId", (q) => q.eq("machineId", machineId))
    .unique();
  if (existing !== null || (await findDeleted(ctx, machineId)) !== null) {
    fail({
      kind: "duplicateMachineId",
      message: "A machine with this id exists already. Make a new id and secret and try again.",
    });
  }
}

/** Only what was given, checked; absent settings stay as they are. */
function parseSettings(settings: Settings): Settings {
  const { name, description, tags, heartbeatIntervalMs, offlineThresholdMs } = settings;
  const parsed: Settings = {};
  if (name !== undefined) parsed.name = parseName(name);
  if (description !== undefined) parsed.description = parseDescription(description);
  if (tags !== undefined) parsed.tags = parseTags(tags);
  if (heartbeatIntervalMs !== undefined) {
    const limits = { field: "heartbeatIntervalMs", ...HEARTBEAT_INTERVAL_LIMITS_MS };
    parsed.heartbeatIntervalMs = parseDuration(heartbeatIntervalMs, limits);
  }
  if (offlineThresholdMs !== undefined) {
    const limits = { field: "offlineThresholdMs", ...OFFLINE_THRESHOLD_LIMITS_MS };
    parsed.offlineThresholdMs = parseDuration(offlineThresholdMs, limits);
    if (offlineThresholdMs <= (heartbeatIntervalMs ?? 0)) {
      fail({
        kind: "invalid",
        field: "offlineThresholdMs",
        message: "The offline threshold must be longer than the heartbeat interval.",
      });
    }
  }
  return parsed;
}
