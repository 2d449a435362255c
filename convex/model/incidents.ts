/** Incidents: opened when a machine falls silent, closed when it is back, acknowledged or snoozed by people between. */
import { CALM_MS, FLAP_WINDOW_MS, isFlapping, MAX_SILENCES } from "../../core/flapping.ts";
import { DAY, MINUTE } from "../../core/time.ts";
import { internal } from "../_generated/api.js";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import type { Member } from "./access.ts";
import type * as Desk from "./desk.ts";
import { fail } from "./fail.ts";
import * as Notifications from "./notifications.ts";
import { parseDuration } from "./texts.ts";

const SNOOZE_LIMITS_MS = { field: "durationMs", min: MINUTE, max: 7 * DAY };

interface Silence {
  machine: Doc<"machines">;
  reason: Doc<"incidents">["reason"];
  /** The deadline that passed. */
  at: number;
  lastSeenAt: number | undefined;
  wave: number;
}

/** Opens the machine's incident and decides who is told, in the mutation that flips it. */
export async function open(desk: Desk.Desk, silence: Silence): Promise<Id<"incidents">> {
  const { ctx, now } = desk;
  const { machine, reason, at, lastSeenAt, wave } = silence;
  const isOneTooMany = isFlapping(await recentOpenings(ctx, machine._id, at), at);
  const incidentId = await ctx.db.insert("incidents", {
    workspaceId: machine.workspaceId,
    machine: machine._id,
    machineId: machine.machineId,
    machineName: machine.name,
    openedAt: at,
    reason,
    wave,
    ...(isOneTooMany ? { isFlapping: true } : {}),
  });
  const incident = await get(ctx, incidentId);
  const event = isOneTooMany ? "machine.flapping" : "machine.offline";
  await Notifications.decide(desk, { incident, machine, lastSeenAt, event, isNew: true });
  if (isOneTooMany) await lookAgainAt(ctx, incidentId, now + CALM_MS);
  return incidentId;
}

/** Closes it and tells those who had heard of it. */
export async function close(
  desk: Desk.Desk,
  { incident, ...args }: Notifications.Subject & { at: number },
): Promise<void> {
  const closed = { closedAt: args.at, followUpAt: undefined, blockedBy: undefined };
  await desk.ctx.db.patch("incidents", incident._id, closed);
  await Notifications.recovered(desk, { incident: { ...incident, ...closed }, ...args });
}

/** Has the incident looked at no later than then (milliseconds). */
export async function lookAgainAt(
  ctx: MutationCtx,
  incidentId: Id<"incidents">,
  at: number,
): Promise<void> {
  const { followUpAt = Infinity } = await get(ctx, incidentId);
  if (at < followUpAt) await ctx.db.patch("incidents", incidentId, { followUpAt: at });
}

export async function get(ctx: QueryCtx, id: Id<"incidents">): Promise<Doc<"incidents">> {
  const incident = await ctx.db.get("incidents", id);
  if (incident === null) throw new Error(`there is no incident ${id}`);
  return incident;
}

/** The caller's incident; somebody else's does not exist. */
export async function ofMember(
  ctx: QueryCtx,
  { member, incidentId }: { member: Member; incidentId: Id<"incidents"> },
): Promise<Doc<"incidents">> {
  const incident = await ctx.db.get("incidents", incidentId);
  if (incident?.workspaceId !== member.workspaceId) {
    return fail({ kind: "notFound", message: "There is no such incident." });
  }
  return incident;
}

/** Those who come second hear who was first. */
export type Acknowledgement =
  | { kind: "acknowledged" }
  | { kind: "already"; by: string; at: number }
  | { kind: "closed"; at: number };

/** Stops reminders and escalation until the incident ends. The first to say so counts. */
export async function acknowledge(
  ctx: MutationCtx,
  { incident, by, now }: { incident: Doc<"incidents">; by: string; now: number },
): Promise<Acknowledgement> {
  if (incident.closedAt !== undefined) return { kind: "closed", at: incident.closedAt };
  if (incident.acknowledgedAt !== undefined) {
    return { kind: "already", by: incident.acknowledgedBy ?? "", at: incident.acknowledgedAt };
  }
  const { isFlapping: mustBeWatched } = incident;
  await ctx.db.patch("incidents", incident._id, {
    acknowledgedAt: now,
    acknowledgedBy: by,
    // A flapping incident ends by a look at it.
    ...(mustBeWatched === true ? {} : { followUpAt: undefined }),
  });
  return { kind: "acknowledged" };
}

/** No reminders and no escalation for a while. Snoozing again moves the end. */
export async function snooze(
  ctx: MutationCtx,
  {
    incident,
    durationMs,
    by,
    now,
  }: { incident: Doc<"incidents">; durationMs: number; by: string; now: number },
): Promise<{ until: number } | { kind: "closed"; at: number }> {
  if (incident.closedAt !== undefined) return { kind: "closed", at: incident.closedAt };
  const until = now + parseDuration(durationMs, SNOOZE_LIMITS_MS);
  await ctx.db.patch("incidents", incident._id, { snoozedUntil: until, snoozedBy: by });
  if (incident.acknowledgedAt === undefined) await lookAgainAt(ctx, incident._id, until);
  return { until };
}

/** After a change that may have lifted a suppression: its incident is decided anew with the next sweep. */
export async function reconsider(
  ctx: MutationCtx,
  incidentId: Id<"incidents"> | undefined,
  now: number,
): Promise<void> {
  const incident = incidentId && (await ctx.db.get("incidents", incidentId));
  if (incident && incident.closedAt === undefined) await lookAgainAt(ctx, incident._id, now);
}

/** A machine is back on which others wait: each gets its own time to come back before it is told. */
export async function unblock(ctx: MutationCtx, parent: Id<"machines">): Promise<void> {
  const first = await ctx.db
    .query("incidents")
    .withIndex("by_blockedBy", (q) => q.eq("blockedBy", parent))
    .first();
  if (first !== null) await ctx.scheduler.runAfter(0, internal.jobs.followUp.unblock, { parent });
}

async function recentOpenings(
  ctx: QueryCtx,
  machine: Id<"machines">,
  at: number,
): Promise<number[]> {
  const recent = await ctx.db
    .query("incidents")
    .withIndex("by_machine", (q) =>
      q.eq("machine", machine).gt("_creationTime", at - FLAP_WINDOW_MS),
    )
    .take(MAX_SILENCES + 1);
  return recent.map(({ openedAt }) => openedAt);
}
