/** The hot path: what a sign of life writes. Each touches the machine's own rows and nothing else. */
import type { Goodbye, Heartbeat } from "../../core/agentApi.ts";
import { type Boot, followBoots } from "../../core/boots.ts";
import { lateAfterMs } from "../../core/status.ts";
import { SECOND } from "../../core/time.ts";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import type { SecretUsed } from "./credentials.ts";
import * as LateStage from "./lateStage.ts";
import * as Samples from "./samples.ts";
import { timingFor } from "./settings.ts";
import * as Statuses from "./statuses.ts";
import * as Versions from "./versions.ts";

/** Requests that a machine may send at once, and per second after that: a loop without a pause is stopped. */
const ALLOWANCE = 60;
const ALLOWANCE_PER_SECOND = 20;
/** A batch counts as one request for each so many heartbeats. */
const HEARTBEATS_PER_ALLOWANCE = 10;

/** Who sends: the machine, and which of its secrets it used. */
interface Sender {
  machine: Doc<"machines">;
  secretUsed: SecretUsed;
  now: number;
}

export type Recorded<T> =
  ({ kind: "recorded" } & T) | { kind: "rateLimited"; retryAfterMs: number };

/** The row of a new machine: never seen, no deadline. */
export async function create(
  ctx: MutationCtx,
  { _id: machine, workspaceId }: Pick<Doc<"machines">, "_id" | "workspaceId">,
): Promise<void> {
  const watched = (await LateStage.isWatched(ctx, workspaceId)) ? { watchesLate: true } : {};
  await ctx.db.insert("pulses", { machine, isOnline: false, allowance: ALLOWANCE, ...watched });
}

/** The row that every machine has from its creation on. */
export async function get(ctx: QueryCtx, machine: Id<"machines">): Promise<Doc<"pulses">> {
  const pulse = await find(ctx, machine);
  if (pulse === null) throw new Error(`machine ${machine} has no pulse`);
  return pulse;
}

export async function find(ctx: QueryCtx, machine: Id<"machines">): Promise<Doc<"pulses"> | null> {
  return await ctx.db
    .query("pulses")
    .withIndex("by_machine", (q) => q.eq("machine", machine))
    .unique();
}

/**
 * Heartbeats of one request, oldest first. Only their receipt decides the status; the agent's time dates buffered
 * ones and tells the skew of its clock, in milliseconds.
 */
export async function beat(
  ctx: MutationCtx,
  { machine, secretUsed, heartbeats, now }: Sender & { heartbeats: Heartbeat[] },
): Promise<Recorded<{ nextHeartbeatMs: number; clockSkewMs: number | null }>> {
  const pulse = await get(ctx, machine._id);
  const allowance = allowanceAfter(pulse, heartbeats.length / HEARTBEATS_PER_ALLOWANCE, now);
  if (allowance < 0) return tooMany(allowance);
  const latest = heartbeats.at(-1) ?? {};
  const clockSkewMs = latest.timestamp === undefined ? null : latest.timestamp - now;
  const { heartbeatIntervalMs, deadlineAt } = await showLife(ctx, { machine, pulse, now });
  await ctx.db.patch("pulses", pulse._id, {
    ...present({
      metrics: latest.metrics,
      assistantCount: latest.assistantCount,
      gauges: latest.gauges,
      bootId: latest.bootId,
      sequence: latest.sequence,
    }),
    ...(clockSkewMs === null ? {} : { clockSkewMs }),
    // A batch may be of a boot before this one: only a live heartbeat tells which boot beats.
    ...(heartbeats.length > 1 ? {} : await follow(ctx, { machine, pulse, now, boot: latest })),
    ...secretUse(machine, secretUsed, now),
    lastHeartbeatAt: now,
    deadlineAt,
    isOnline: true,
    allowance,
  });
  await Samples.keep(ctx, { pulse, heartbeats, now });
  if (latest.version !== undefined && latest.version !== machine.version) {
    const { version } = latest;
    const isNoted = await Versions.note(ctx, { machine, version, at: now });
    if (isNoted) await ctx.db.patch("machines", machine._id, { version });
  }
  return { kind: "recorded", nextHeartbeatMs: heartbeatIntervalMs, clockSkewMs };
}

/** A sign of life without metrics, as registration is. */
export async function register(
  ctx: MutationCtx,
  { machine, secretUsed, bootId, now }: Sender & { bootId: string | undefined },
): Promise<Recorded<{ heartbeatIntervalMs: number }>> {
  const pulse = await get(ctx, machine._id);
  const allowance = allowanceAfter(pulse, 1, now);
  if (allowance < 0) return tooMany(allowance);
  const { heartbeatIntervalMs, deadlineAt } = await showLife(ctx, { machine, pulse, now });
  await ctx.db.patch("pulses", pulse._id, {
    ...present({ bootId }),
    // A new boot numbers from 1 again: none of its heartbeats is a repetition.
    ...(bootId === undefined || bootId === pulse.bootId ? {} : { sequence: undefined }),
    ...(await follow(ctx, { machine, pulse, now, boot: { ...machine, bootId } })),
    ...secretUse(machine, secretUsed, now),
    lastHeartbeatAt: now,
    deadlineAt,
    isOnline: true,
    allowance,
  });
  return { kind: "recorded", heartbeatIntervalMs };
}

/** The last sign of life. Nobody waits for the machine, unless it said when it would be back. */
export async function leave(
  ctx: MutationCtx,
  { machine, secretUsed, goodbye, now }: Sender & { goodbye: Goodbye },
): Promise<Recorded<object>> {
  const pulse = await get(ctx, machine._id);
  const allowance = allowanceAfter(pulse, 1, now);
  if (allowance < 0) return tooMany(allowance);
  const { reason, expectedBackInMs } = goodbye;
  await Statuses.stop(ctx, { machine, reason, at: now, lastSeenAt: now });
  await ctx.db.patch("pulses", pulse._id, {
    ...secretUse(machine, secretUsed, now),
    lastHeartbeatAt: now,
    deadlineAt: expectedBackInMs === undefined ? undefined : now + expectedBackInMs,
    isOnline: false,
    allowance,
  });
  return { kind: "recorded" };
}

/**
 * After a change of the machine's timing: the deadline follows at once, not with the next heartbeat. Of a shorter interval
 * the agent hears with that one only: until then it is held to the old one, or changing a fleet would be an alarm.
 */
export async function rearm(
  ctx: MutationCtx,
  { before, machine }: { before: Doc<"machines">; machine: Doc<"machines"> },
): Promise<void> {
  const [old, timing] = [timingFor(before), timingFor(machine)];
  const isChanged =
    old.heartbeatIntervalMs !== timing.heartbeatIntervalMs ||
    old.offlineThresholdMs !== timing.offlineThresholdMs;
  const { _id, isOnline, lastHeartbeatAt } = await get(ctx, machine._id);
  if (!isChanged || !isOnline || lastHeartbeatAt === undefined) return;
  const promisedMs = Math.min(lateAfterMs(old.heartbeatIntervalMs), old.offlineThresholdMs);
  const deadlineAt = lastHeartbeatAt + Math.max(timing.offlineThresholdMs, promisedMs);
  await ctx.db.patch("pulses", _id, { deadlineAt });
}

/** Nobody waits for the machine any more, and what was known of its boots is forgotten. When it was last heard stays. */
export async function disarm(ctx: MutationCtx, machine: Id<"machines">): Promise<Doc<"pulses">> {
  const pulse = await get(ctx, machine);
  const forgotten = { deadlineAt: undefined, boots: undefined, clockSkewMs: undefined };
  await ctx.db.patch("pulses", pulse._id, { ...forgotten, isOnline: false });
  return pulse;
}

/** Names two boots that share the token, once, on the machine itself: lists show it, heartbeats do not rewrite it. */
async function follow(
  ctx: MutationCtx,
  {
    machine,
    pulse,
    now,
    boot: { bootId, hostname, ipAddress },
  }: Omit<Sender, "secretUsed"> & {
    pulse: Doc<"pulses">;
    boot: { [Field in keyof Boot]?: Boot[Field] | undefined };
  },
): Promise<Pick<Doc<"pulses">, "boots">> {
  if (bootId === undefined) return {};
  const heard: Boot = { bootId, ...present({ hostname, ipAddress }), lastSeenAt: now };
  const { boots, clash } = followBoots(pulse.boots, heard, pulse.lastHeartbeatAt ?? now);
  if (clash !== null && machine.clash === undefined) {
    console.warn(`two boots use the token of machine ${machine.name} at the same time`);
    await ctx.db.patch("machines", machine._id, { clash: { detectedAt: now, boots: clash } });
  }
  return boots === pulse.boots ? {} : { boots };
}

/** While a rotation lasts: which of the two secrets was used when. */
function secretUse(
  machine: Doc<"machines">,
  secretUsed: SecretUsed,
  now: number,
): Partial<Doc<"pulses">> {
  if (machine.previousSecretHash === undefined) return {};
  return secretUsed === "current" ? { currentSecretUsedAt: now } : { previousSecretUsedAt: now };
}

async function showLife(
  ctx: MutationCtx,
  { machine, pulse, now }: { machine: Doc<"machines">; pulse: Doc<"pulses">; now: number },
): Promise<{ heartbeatIntervalMs: number; deadlineAt: number }> {
  if (!pulse.isOnline) await Statuses.comeOnline(ctx, { machine, at: now, lastSeenAt: now });
  const { heartbeatIntervalMs, offlineThresholdMs } = timingFor(machine);
  const lateMs = pulse.watchesLate === true ? lateAfterMs(heartbeatIntervalMs) : Infinity;
  return { heartbeatIntervalMs, deadlineAt: now + Math.min(offlineThresholdMs, lateMs) };
}

function allowanceAfter(pulse: Doc<"pulses">, cost: number, now: number): number {
  const elapsedMs = Math.max(0, now - (pulse.lastHeartbeatAt ?? now));
  const refilled = pulse.allowance + (elapsedMs / SECOND) * ALLOWANCE_PER_SECOND;
  return Math.min(ALLOWANCE, refilled) - Math.max(1, cost);
}

function tooMany(allowance: number): { kind: "rateLimited"; retryAfterMs: number } {
  const retryAfterMs = Math.ceil((-allowance / ALLOWANCE_PER_SECOND) * SECOND);
  return { kind: "rateLimited", retryAfterMs };
}

/** Without the keys that have no value: in a patch, undefined would delete what is known. */
function present<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Partial<T>;
}
