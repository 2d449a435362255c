/** Keys with which a fleet enrols itself: images and autoscaled machines add themselves, nobody pastes tokens. */
import type { Enrolment } from "../../core/agentApi.ts";
import { isKey, keyHint, keyPrefixes } from "../../core/keys.ts";
import { DAY, HOUR } from "../../core/time.ts";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import type { Member } from "./access.ts";
import { sha256Hex } from "./credentials.ts";
import { fail } from "./fail.ts";
import * as Machines from "./machines.ts";
import { parseSettings, type MachineSettings } from "./machineSettings.ts";
import * as Secrets from "./secrets.ts";
import * as Shelves from "./shelves.ts";
import { parseCount, parseDuration, parseName } from "./texts.ts";

const MAX_KEYS = 100;
const LIFETIME_LIMITS_MS = { min: HOUR, max: 365 * DAY };
const DEFAULT_LIFETIME_MS = 30 * DAY;
const MAX_MACHINES_PER_KEY = 10_000;
const DEFAULT_MACHINES_PER_KEY = 100;
/** The instance that enrols again has lost its secret, but a twin may still use it: the clash is to be seen, not cut off. */
const OVERLAP_MS = DAY;
/** When a key was last used is for people: every few minutes is enough. */
const TOUCH_INTERVAL_MS = 5 * 60_000;

interface NewKey extends Omit<MachineSettings, "name" | "description"> {
  key: string;
  name: string;
  lifetimeMs?: number;
  maxMachines?: number;
}

/** Keeps the hash of a key that the browser made. */
export async function createKey(
  ctx: MutationCtx,
  { member, key, name, lifetimeMs, maxMachines, ...settings }: NewKey & { member: Member },
): Promise<Id<"enrolmentKeys">> {
  const { workspaceId, user } = member;
  if (!isKey("enrolment", key)) {
    const message = `The key must be ${keyPrefixes.enrolment} and a nanoid of 32 characters or more.`;
    fail({ kind: "invalid", field: "key", message });
  }
  if ((await keysOf(ctx, workspaceId)).length >= MAX_KEYS) {
    fail({ kind: "limitReached", message: `A workspace can have ${MAX_KEYS} enrolment keys.` });
  }
  const lifetime = { field: "lifetimeMs", ...LIFETIME_LIMITS_MS };
  const count = { field: "maxMachines", min: 1, max: MAX_MACHINES_PER_KEY };
  return await ctx.db.insert("enrolmentKeys", {
    workspaceId,
    name: parseName(name),
    keyHash: await sha256Hex(key),
    hint: keyHint(key),
    tags: [],
    ...parseSettings(settings),
    createdBy: user._id,
    expiresAt: Date.now() + parseDuration(lifetimeMs ?? DEFAULT_LIFETIME_MS, lifetime),
    maxMachines: parseCount(maxMachines ?? DEFAULT_MACHINES_PER_KEY, count),
    machines: 0,
  });
}

export async function keysOf(
  ctx: QueryCtx,
  workspaceId: Id<"workspaces">,
): Promise<Doc<"enrolmentKeys">[]> {
  return await ctx.db
    .query("enrolmentKeys")
    .withIndex("by_workspaceId", (q) => q.eq("workspaceId", workspaceId))
    .take(MAX_KEYS);
}

/** The caller's key; somebody else's does not exist. */
export async function getKey(
  ctx: QueryCtx,
  { member, keyId }: { member: Member; keyId: Id<"enrolmentKeys"> },
): Promise<Doc<"enrolmentKeys">> {
  const key = await ctx.db.get("enrolmentKeys", keyId);
  if (key?.workspaceId !== member.workspaceId) {
    return fail({ kind: "notFound", message: "There is no such enrolment key." });
  }
  return key;
}

/** A key that may be used now: known and not expired. Whether it has machines left is seen when one is new. */
export async function findKey(
  ctx: QueryCtx,
  { keyHash, now }: { keyHash: string; now: number },
): Promise<Doc<"enrolmentKeys"> | null> {
  const key = await ctx.db
    .query("enrolmentKeys")
    .withIndex("by_keyHash", (q) => q.eq("keyHash", keyHash))
    .unique();
  return key !== null && key.expiresAt > now ? key : null;
}

export type Enrolled =
  | { kind: "enrolled"; machine: Doc<"machines"> }
  | { kind: "unauthorized" }
  | { kind: "deleted" }
  | { kind: "duplicateMachineId" };

/**
 * Adds the machine, or finds the one that it was before (by instance id) and gives it the new secret. The same request
 * again does nothing again. What people deleted stays deleted; what the clean-up removed comes back.
 */
export async function enrol(
  ctx: MutationCtx,
  { key, enrolment, now }: { key: Doc<"enrolmentKeys">; enrolment: Enrolment; now: number },
): Promise<Enrolled> {
  const known = await findEnrolled(ctx, key, enrolment);
  if (known !== null) return await enrolAgain(ctx, { key, known, enrolment, now });
  if (await Machines.isUsed(ctx, enrolment.machineId)) return { kind: "duplicateMachineId" };
  if (key.machines >= key.maxMachines) return { kind: "unauthorized" };
  const { workspaceId, tags, heartbeatIntervalMs, offlineThresholdMs } = key;
  const { machineId, secretHash, instanceId, name, hostname } = enrolment;
  const machine = await Machines.add(ctx, {
    workspaceId,
    machineId,
    secretHash,
    enrolledBy: key._id,
    ...(instanceId === undefined ? {} : { instanceId }),
    name: (name ?? instanceId ?? hostname ?? `machine ${machineId}`).slice(0, 100),
    tags,
    ...(heartbeatIntervalMs === undefined ? {} : { heartbeatIntervalMs }),
    ...(offlineThresholdMs === undefined ? {} : { offlineThresholdMs }),
  });
  const use = { machines: key.machines + 1, lastUsedAt: now };
  await ctx.db.patch("enrolmentKeys", key._id, use);
  return { kind: "enrolled", machine };
}

async function enrolAgain(
  ctx: MutationCtx,
  {
    key,
    known,
    enrolment,
    now,
  }: {
    key: Doc<"enrolmentKeys">;
    known: Doc<"machines">;
    enrolment: Enrolment;
    now: number;
  },
): Promise<Enrolled> {
  if (known.shelf !== undefined && known.shelvedBy !== "cleanUp") return { kind: "deleted" };
  await Shelves.restore(ctx, known);
  const { secretHash } = enrolment;
  if (known.secretHash !== secretHash) {
    await Secrets.putSecret(ctx, { machine: known, secretHash, overlapMs: OVERLAP_MS });
  }
  if (now - (key.lastUsedAt ?? 0) > TOUCH_INTERVAL_MS) {
    await ctx.db.patch("enrolmentKeys", key._id, { lastUsedAt: now });
  }
  return { kind: "enrolled", machine: known };
}

async function findEnrolled(
  ctx: QueryCtx,
  { workspaceId }: Doc<"enrolmentKeys">,
  { machineId, secretHash, instanceId }: Enrolment,
): Promise<Doc<"machines"> | null> {
  if (instanceId !== undefined) {
    return await ctx.db
      .query("machines")
      .withIndex("by_workspaceId_and_instanceId", (q) =>
        q.eq("workspaceId", workspaceId).eq("instanceId", instanceId),
      )
      .first();
  }
  const machine = await Machines.find(ctx, { member: { workspaceId }, machineId });
  return machine?.enrolledBy !== undefined && machine.secretHash === secretHash ? machine : null;
}
