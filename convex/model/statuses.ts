/**
 * The state machine of a machine: waiting → online → offline → online …, and stopped by its own word. Each
 * transition writes the status, its history, the incident and the outbox in the caller's transaction, so that what
 * is decided and what is told cannot come apart. Pulses are the callers' business.
 */
import { formatDurationMs } from "../../core/durations.ts";
import type { Goodbye } from "../../core/agentApi.ts";
import type { StatusReason, StoredStatus } from "../../core/status.ts";
import type { Doc } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import * as Deliveries from "./deliveries.ts";
import * as Fleets from "./fleets.ts";
import * as Notifications from "./notifications.ts";

interface Transition {
  machine: Doc<"machines">;
  /** When it happened: the receipt of the heartbeat, or the deadline that passed. */
  at: number;
  lastSeenAt: number | undefined;
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
  { machine, at }: Omit<Transition, "lastSeenAt">,
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

/** waiting, offline or stopped → online. Closes the incident, if one was open, and tells its channels. */
export async function comeOnline(ctx: MutationCtx, transition: Transition): Promise<void> {
  const before = await change(ctx, transition, { status: "online", reason: "heartbeat" });
  console.info(`machine ${transition.machine.name} is online, was ${before.reason}`);
  if (before.incidentId === undefined) return;
  await ctx.db.patch("statuses", before._id, { incidentId: undefined });
  await ctx.db.patch("incidents", before.incidentId, { closedAt: transition.at });
  await tell(ctx, transition, "machine.online", before.incidentId);
  await Deliveries.wake(ctx);
}

/**
 * online, or stopped and not back in time → offline. Opens an incident and queues its messages, once per incident;
 * the caller wakes the senders, since machines fall silent by the batch.
 */
export async function fallSilent(ctx: MutationCtx, transition: Transition): Promise<void> {
  const { machine, at, lastSeenAt } = transition;
  const before = await change(ctx, transition, { status: "offline", reason: "silence" });
  const silentMs = lastSeenAt === undefined ? 0 : at - lastSeenAt;
  console.warn(`machine ${machine.name} is offline, last seen ${formatDurationMs(silentMs)} ago`);
  if (before.incidentId !== undefined) return;
  const incidentId = await ctx.db.insert("incidents", {
    workspaceId: machine.workspaceId,
    machine: machine._id,
    machineId: machine.machineId,
    machineName: machine.name,
    openedAt: at,
    reason: stopReasonOf(before.reason) ?? "silence",
  });
  await ctx.db.patch("statuses", before._id, { incidentId });
  await tell(ctx, transition, "machine.offline", incidentId);
}

/** Any → stopped: the machine said goodbye. Tells nobody; an open incident stays open until a heartbeat. */
export async function stop(
  ctx: MutationCtx,
  transition: Transition & { reason: Goodbye["reason"] },
): Promise<void> {
  await change(ctx, transition, { status: "offline", reason: transition.reason });
  console.info(`machine ${transition.machine.name} said goodbye: ${transition.reason}`);
}

/** Any → waiting, by a person's decision: nobody expects the machine before its next heartbeat. Tells nobody. */
export async function wait(ctx: MutationCtx, transition: Transition): Promise<void> {
  if ((await get(ctx, transition.machine)).reason === "waiting") return;
  await change(ctx, transition, { status: "offline", reason: "waiting" });
}

async function change(
  ctx: MutationCtx,
  { machine, at, lastSeenAt }: Transition,
  { status, reason }: { status: StoredStatus; reason: StatusReason },
): Promise<Doc<"statuses">> {
  const before = await get(ctx, machine);
  const { workspaceId, version } = machine;
  await ctx.db.patch("statuses", before._id, { status, reason, since: at, lastSeenAt });
  await ctx.db.insert("statusChanges", {
    workspaceId,
    machine: machine._id,
    from: before.status,
    to: status,
    reason,
    at,
    ...(version === undefined ? {} : { version }),
  });
  if (before.status !== status) {
    await Fleets.count(ctx, { workspaceId, online: status === "online" ? 1 : -1 });
  }
  return before;
}

async function tell(
  ctx: MutationCtx,
  { machine, lastSeenAt }: Transition,
  event: "machine.offline" | "machine.online",
  incidentId: Doc<"incidents">["_id"],
): Promise<void> {
  await Notifications.queue(ctx, {
    workspaceId: machine.workspaceId,
    incidentId,
    event,
    machine: {
      machineId: machine.machineId,
      name: machine.name,
      hostname: machine.hostname ?? null,
      description: machine.description,
      status: event === "machine.online" ? "online" : "offline",
      lastSeenAt: lastSeenAt ?? null,
    },
  });
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
