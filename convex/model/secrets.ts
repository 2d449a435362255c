/** The secrets of machines over the years: rotated, revoked, moved to new hardware, split between two machines. */
import { DAY } from "../../core/time.ts";
import { internal } from "../_generated/api.js";
import type { Doc } from "../_generated/dataModel.js";
import type { MutationCtx } from "../_generated/server.js";
import { sha256Hex } from "./credentials.ts";
import { fail } from "./fail.ts";
import * as Machines from "./machines.ts";
import * as Pulses from "./pulses.ts";
import * as Statuses from "./statuses.ts";

/** Long enough to bring a new token to every place that has the old one. */
const MAX_OVERLAP_MS = DAY;
/** No SHA-256 in hex is empty: nothing matches it. */
const NO_SECRET = "";

/**
 * A new secret. The old one works on for `overlapMs` (default and most: 24 h), so that no heartbeat is lost; with 0 it
 * is revoked at once. Answers when it ends, or null.
 */
export async function rotate(
  ctx: MutationCtx,
  {
    machine,
    secret,
    overlapMs = MAX_OVERLAP_MS,
  }: { machine: Doc<"machines">; secret: string; overlapMs?: number | undefined },
): Promise<number | null> {
  Machines.checkSecret(secret);
  if (!(overlapMs >= 0 && overlapMs <= MAX_OVERLAP_MS)) {
    fail({ kind: "invalid", field: "overlapMs", message: "The overlap is from 0 to 24 hours." });
  }
  const secretHash = await sha256Hex(secret);
  if (secretHash === machine.secretHash || secretHash === machine.previousSecretHash) {
    fail({ kind: "invalid", field: "secret", message: "The new secret must be a new one." });
  }
  return await putSecret(ctx, { machine, secretHash, overlapMs });
}

/** `putSecret` for those who know only the hash: machines that enrol themselves again. */
export async function putSecret(
  ctx: MutationCtx,
  {
    machine,
    secretHash,
    overlapMs,
  }: { machine: Doc<"machines">; secretHash: string; overlapMs: number },
): Promise<number | null> {
  const { _id } = machine;
  const keepsOld = overlapMs > 0 && machine.secretHash !== NO_SECRET;
  const expiresAt = Date.now() + overlapMs;
  const old = {
    previousSecretHash: keepsOld ? machine.secretHash : undefined,
    previousSecretExpiresAt: keepsOld ? expiresAt : undefined,
  };
  await ctx.db.patch("machines", _id, { secretHash, ...old });
  const pulse = await Pulses.get(ctx, _id);
  await ctx.db.patch("pulses", pulse._id, {
    currentSecretUsedAt: undefined,
    previousSecretUsedAt: keepsOld ? pulse.lastHeartbeatAt : undefined,
  });
  if (!keepsOld) return null;
  const job = internal.jobs.registry.forgetPreviousSecret;
  await ctx.scheduler.runAt(expiresAt, job, { machine: _id, secretHash: machine.secretHash });
  return expiresAt;
}

/** Ends a rotation: the old secret stops working at once. */
export async function revokePrevious(ctx: MutationCtx, machine: Doc<"machines">): Promise<void> {
  if (machine.previousSecretHash === undefined) return;
  const previous = { previousSecretHash: undefined, previousSecretExpiresAt: undefined };
  await ctx.db.patch("machines", machine._id, previous);
}

/** Ends a rotation whose time is over, if nobody has. */
export async function forgetExpired(ctx: MutationCtx, machine: Doc<"machines">): Promise<void> {
  if ((machine.previousSecretExpiresAt ?? Infinity) > Date.now()) return;
  await revokePrevious(ctx, machine);
}

/** No secret works any more. The machine waits for a new one; nobody is told of its silence. */
export async function revokeAll(ctx: MutationCtx, machine: Doc<"machines">): Promise<void> {
  await revokePrevious(ctx, machine);
  await ctx.db.patch("machines", machine._id, { secretHash: NO_SECRET });
  await expectNobody(ctx, machine);
}

/** New hardware under the same entry: a new secret, the old facts gone, the history kept (S2.1 fills the facts anew). */
export async function replace(
  ctx: MutationCtx,
  { machine, secret }: { machine: Doc<"machines">; secret: string },
): Promise<void> {
  await rotate(ctx, { machine, secret, overlapMs: 0 });
  await ctx.db.patch("machines", machine._id, {
    hostname: undefined,
    ipAddress: undefined,
    os: undefined,
    arch: undefined,
    version: undefined,
    rootDirectory: undefined,
    capacity: undefined,
    metadata: undefined,
    clash: undefined,
  });
  await expectNobody(ctx, machine);
}

/** One of two boots that share a token gets an entry of its own, with the same settings. */
export async function split(
  ctx: MutationCtx,
  {
    machine,
    machineId,
    secret,
    name,
  }: { machine: Doc<"machines">; machineId: string; secret: string; name: string },
): Promise<void> {
  Machines.checkSecret(secret);
  const { workspaceId, description, tags, heartbeatIntervalMs, offlineThresholdMs } = machine;
  await Machines.add(ctx, {
    workspaceId,
    machineId,
    secretHash: await sha256Hex(secret),
    name,
    description,
    tags,
    ...(heartbeatIntervalMs === undefined ? {} : { heartbeatIntervalMs }),
    ...(offlineThresholdMs === undefined ? {} : { offlineThresholdMs }),
  });
  await dismissClash(ctx, machine);
}

/** Forgets that two boots were seen. If they still are two, they are named again. */
export async function dismissClash(ctx: MutationCtx, machine: Doc<"machines">): Promise<void> {
  await ctx.db.patch("machines", machine._id, { clash: undefined });
  const pulse = await Pulses.get(ctx, machine._id);
  await ctx.db.patch("pulses", pulse._id, { boots: undefined });
}

async function expectNobody(ctx: MutationCtx, machine: Doc<"machines">): Promise<void> {
  const { lastHeartbeatAt } = await Pulses.disarm(ctx, machine._id);
  await Statuses.wait(ctx, { machine, at: Date.now(), lastSeenAt: lastHeartbeatAt });
}
