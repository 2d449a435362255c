/**
 * The state machine of a machine: waiting → online → offline → online …, and stopped by its own word. Each
 * transition writes the status, its history, the incident and the outbox in the caller's transaction, so that what
 * is decided and what is told cannot come apart. Pulses are the callers' business.
 */
import { formatDurationMs } from "../../core/durations.ts";
import type { Goodbye } from "../../core/agentApi.ts";
import { CALM_MS } from "../../core/flapping.ts";
import type { StatusReason, StoredStatus } from "../../core/status.ts";
import { type LifeEvent, type LifeState, transition } from "../../core/transitions.ts";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import * as Desk from "./desk.ts";
import * as Fleets from "./fleets.ts";
import * as Incidents from "./incidents.ts";
import type { Subject } from "./notifications.ts";

interface Moment {
  machine: Doc<"machines">;
  /** When it happened: the receipt of the heartbeat, or the deadline that passed. */
  at: number;
  lastSeenAt: number | undefined;
}

interface Change {
  status: StoredStatus;
  reason: StatusReason;
  incidentId?: Id<"incidents">;
}

/** The row that every machine has from its creation on. */
export async function get(ctx: QueryCtx, machine: Doc<"machines">): Promise<Doc<"statuses">> {
  const status = await ctx.db
    .query("statuses")
    .withIndex("by_machine", (q) => q.eq("machine", machine._id))
    .unique();
  if (status === null) throw new Error(`machine ${machine.machineId} has no status`);
  return status;
}

/** A new machine: offline, waiting for its first heartbeat, counted. Never pages while it waits. */
export async function startWaiting(
  ctx: MutationCtx,
  { machine, at }: Omit<Moment, "lastSeenAt">,
): Promise<void> {
  const { workspaceId } = machine;
  await ctx.db.insert("statuses", {
    workspaceId,
    machine: machine._id,
    machineId: machine.machineId,
    status: "offline",
    reason: "waiting",
    since: at,
  });
  await Fleets.count(ctx, { workspaceId, machines: 1 });
}

/**
 * waiting, offline or stopped → online. Closes the incident, if one was open, and tells those who had heard of it; that
 * of a flapping machine only once it is calm.
 */
export async function comeOnline(ctx: MutationCtx, moment: Moment): Promise<void> {
  const { machine, at, lastSeenAt } = moment;
  const before = await change(ctx, moment, {
    event: "beat",
    status: "online",
    reason: "heartbeat",
  });
  console.info(`machine ${machine.name} is online, was ${before.reason}`);
  await Incidents.unblock(ctx, machine._id);
  if (before.incidentId === undefined) return;
  const incident = await Incidents.get(ctx, before.incidentId);
  if (incident.isFlapping === true) {
    await Incidents.lookAgainAt(ctx, incident._id, at + CALM_MS);
    return;
  }
  const desk = Desk.open(ctx, at);
  await endIncident(desk, { incident, machine, lastSeenAt, at });
  await Desk.close(desk);
}

/** The incident of a machine that is online and has stopped flapping. */
export async function calmDown(desk: Desk.Desk, subject: Subject & { at: number }): Promise<void> {
  console.info(`machine ${subject.machine.name} is calm again`);
  await endIncident(desk, subject);
}

/**
 * online, or stopped and not back in time → offline. Opens an incident and decides who is told, once per incident; the
 * caller closes the desk, since machines fall silent by the batch.
 */
export async function fallSilent(desk: Desk.Desk, moment: Moment): Promise<void> {
  const { ctx, now } = desk;
  const { machine, at, lastSeenAt } = moment;
  const wave = await Desk.joinWave(desk, machine.workspaceId);
  const before = await get(ctx, machine);
  const reason = stopReasonOf(before.reason) ?? "silence";
  const incidentId =
    before.incidentId ?? (await Incidents.open(desk, { machine, reason, at, lastSeenAt, wave }));
  const to = { status: "offline", reason: "silence", incidentId } as const;
  await write(ctx, moment, { before, event: "deadlinePassed", to });
  Desk.countOnline(desk, machine.workspaceId, onlineDelta(before, to));
  const silentMs = lastSeenAt === undefined ? 0 : at - lastSeenAt;
  console.warn(`machine ${machine.name} is offline, last seen ${formatDurationMs(silentMs)} ago`);
  if (before.incidentId !== undefined) await Incidents.lookAgainAt(ctx, incidentId, now);
}

/** Any → stopped: the machine said goodbye. Tells nobody; an open incident stays open until a heartbeat. */
export async function stop(
  ctx: MutationCtx,
  moment: Moment & { reason: Goodbye["reason"] },
): Promise<void> {
  const { reason } = moment;
  await change(ctx, moment, { event: "goodbye", status: "offline", reason });
  console.info(`machine ${moment.machine.name} said goodbye: ${reason}`);
}

/** Any → waiting, by a person's decision: nobody expects the machine before its next heartbeat. Tells nobody. */
export async function wait(ctx: MutationCtx, moment: Moment): Promise<void> {
  if ((await get(ctx, moment.machine)).reason === "waiting") return;
  await change(ctx, moment, { event: null, status: "offline", reason: "waiting" });
}

/** The life that a stored status stands for; lateness is never stored. */
export function lifeOf({ status, reason }: Pick<Doc<"statuses">, "status" | "reason">): LifeState {
  switch (reason) {
    case "waiting":
      return "waiting";
    case "heartbeat":
      return status;
    case "silence":
      return "offline";
    case "shutdown":
    case "reboot":
    case "upgrade":
      return "stopped";
    default:
      return reason satisfies never;
  }
}

async function endIncident(desk: Desk.Desk, subject: Subject & { at: number }): Promise<void> {
  const { _id } = await get(desk.ctx, subject.machine);
  await desk.ctx.db.patch("statuses", _id, { incidentId: undefined });
  await Incidents.close(desk, subject);
}

/** Writes the change and counts it. */
async function change(
  ctx: MutationCtx,
  moment: Moment,
  { event, ...to }: { event: LifeEvent | null; status: StoredStatus; reason: StatusReason },
): Promise<Doc<"statuses">> {
  const before = await get(ctx, moment.machine);
  await write(ctx, moment, { before, event, to });
  const online = onlineDelta(before, to);
  if (online !== 0) await Fleets.count(ctx, { workspaceId: moment.machine.workspaceId, online });
  return before;
}

/** The change and its history. An event that the state does not allow is a contradiction: nothing is written. */
async function write(
  ctx: MutationCtx,
  { machine, at, lastSeenAt }: Moment,
  { before, event, to }: { before: Doc<"statuses">; event: LifeEvent | null; to: Change },
): Promise<void> {
  const life = lifeOf(before);
  if (event !== null && transition(life, event) === null) {
    throw new Error(`machine ${machine.machineId} is ${life}: ${event} must not happen`);
  }
  const { workspaceId, version } = machine;
  await ctx.db.patch("statuses", before._id, { ...to, since: at, lastSeenAt });
  await ctx.db.insert("statusChanges", {
    workspaceId,
    machine: machine._id,
    from: before.status,
    to: to.status,
    reason: to.reason,
    at,
    ...(version === undefined ? {} : { version }),
  });
}

/** How the number of machines that are online moves. */
function onlineDelta(before: Pick<Change, "status">, after: Pick<Change, "status">): number {
  if (before.status === after.status) return 0;
  return after.status === "online" ? 1 : -1;
}

function stopReasonOf(reason: StatusReason): Goodbye["reason"] | null {
  switch (reason) {
    case "shutdown":
    case "reboot":
    case "upgrade":
      return reason;
    case "waiting":
    case "heartbeat":
    case "silence":
      return null;
    default:
      return reason satisfies never;
  }
}
