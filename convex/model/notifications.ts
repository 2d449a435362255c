/**
 * Who is told about what: one decision for an incident that opens and for every time that it is looked at again. What
 * is decided is put on a desk (desk.ts); sending is the outbox's business.
 */
import { earliest, followUp } from "../../core/followUp.ts";
import { MINUTE } from "../../core/time.ts";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import type { MachineSnapshot, NotificationEvent, Suppression } from "../validators.ts";
import type { Member } from "./access.ts";
import * as Channels from "./channels.ts";
import * as Desk from "./desk.ts";
import * as Hearings from "./hearings.ts";
import { obstacleOf } from "./obstacles.ts";
import * as Outbox from "./outbox.ts";
import { preferencesOf, wants } from "./preferences.ts";
import * as RateLimits from "./rateLimits.ts";

/** Where the end of a suppression is not announced, it is looked for: a pause, a parent that was removed. */
const RECHECK_MS = 5 * MINUTE;

const sampleMachine = {
  machineId: "V1StGXR8_Z5jdHi6B-myT",
  name: "web-1",
  hostname: "web-1.example.com",
  description: "A sample machine: this message is a test.",
  status: "online" as const,
};

type Opening = "machine.offline" | "machine.flapping";

export interface Subject {
  incident: Doc<"incidents">;
  machine: Doc<"machines">;
  lastSeenAt: number | undefined;
}

/**
 * Tells those who are to hear of an open incident now and has not heard of it, reminds those who have, and says when to
 * think again. `isNew` saves reading what cannot be there; `isAnew` tells those again who heard of the flapping only.
 */
export async function decide(
  desk: Desk.Desk,
  {
    event,
    isNew = false,
    isAnew = false,
    ...subject
  }: Subject & { event: Opening; isNew?: boolean; isAnew?: boolean },
): Promise<void> {
  const { ctx, now } = desk;
  const { incident, machine } = subject;
  const { channels, windows } = await Desk.factsOf(desk, machine.workspaceId);
  const obstacle = await obstacleOf(ctx, { machine, windows, now });
  if (obstacle?.kind === "unsure") {
    const { until: followUpAt, parent: blockedBy } = obstacle;
    await ctx.db.patch("incidents", incident._id, { followUpAt, blockedBy });
    return;
  }
  const wanting = channels.filter((channel) => wants(channel, event, machine.tags));
  if (obstacle !== null) {
    await suppress(desk, { ...subject, event, channels: wanting, obstacle });
    return;
  }
  const wasHeldBack = incident.suppressedBy !== undefined || incident.blockedBy !== undefined;
  const tellableSince = incident.tellableSince ?? (wasHeldBack ? now : incident.openedAt);
  const nextTimes: (number | null)[] = [];
  for (const channel of wanting) {
    const lastToldAt = isNew || isAnew ? null : await Hearings.lastAt(ctx, incident, channel._id);
    nextTimes.push(tell(desk, { ...subject, event, channel, lastToldAt, tellableSince, isNew }));
  }
  await ctx.db.patch("incidents", incident._id, {
    tellableSince,
    suppressedBy: undefined,
    blockedBy: undefined,
    followUpAt: earliest(nextTimes) ?? undefined,
  });
}

/** Tells everybody who heard of the incident, and nobody else, that it is over: recoveries are never suppressed. */
export async function recovered(
  desk: Desk.Desk,
  { incident, machine, lastSeenAt, at }: Subject & { at: number },
): Promise<void> {
  const { ctx } = desk;
  const { channels } = await Desk.factsOf(desk, machine.workspaceId);
  const event = "machine.online" as const;
  const mayGrow = await hasCompanions(ctx, incident);
  for (const channel of channels) {
    const after = await Hearings.openings(ctx, incident, channel._id);
    if (after.length === 0) continue;
    for (const deliveryId of after) await resolveOne(ctx, deliveryId);
    if (!wants(channel, event, null)) continue;
    const { isOff } = preferencesOf(channel);
    Desk.put(desk, {
      channel,
      event,
      incidentId: incident._id,
      machine: snapshotOf(machine, { status: "online", lastSeenAt }),
      at,
      durationMs: Math.max(0, at - incident.openedAt),
      after,
      mayGrow,
      suppressedBy: isOff ? { kind: "channelOff" } : undefined,
    });
  }
}

/** Tells that a machine is past its interval, where a channel wants to know so early. No incident yet. */
export async function late(
  desk: Desk.Desk,
  { machine, lastSeenAt, at }: { machine: Doc<"machines">; lastSeenAt: number; at: number },
): Promise<void> {
  const { ctx, now } = desk;
  const { channels, windows } = await Desk.factsOf(desk, machine.workspaceId);
  const event = "machine.late" as const;
  const wanting = channels.filter((channel) => wants(channel, event, machine.tags));
  if (wanting.length === 0) return;
  const obstacle = await obstacleOf(ctx, { machine, windows, now });
  if (obstacle?.kind === "unsure") return;
  for (const channel of wanting) {
    const { isOff } = preferencesOf(channel);
    Desk.put(desk, {
      channel,
      event,
      machine: snapshotOf(machine, { status: "online", lastSeenAt }),
      at,
      durationMs: at - lastSeenAt,
      suppressedBy: obstacle?.by ?? (isOff ? { kind: "channelOff" } : undefined),
      mayGrow: true,
    });
  }
}

/** Queues a message about a machine that does not exist, in the form of the real ones. */
export async function test(
  ctx: MutationCtx,
  { member, channelId }: { member: Member; channelId: Id<"channels"> },
): Promise<Id<"deliveries">> {
  const channel = await Channels.getOwn(ctx, { member, channelId });
  await RateLimits.use(ctx, "channelTest", channel.workspaceId);
  const now = Date.now();
  const event = "test" as const;
  const machine = { ...sampleMachine, lastSeenAt: now };
  return await Outbox.queueAlone(ctx, {
    channel,
    event,
    notice: { channel, event, machine, at: now },
    now,
  });
}

/** Puts what the channel is to hear on the desk, if anything, and returns when to think again. */
function tell(
  desk: Desk.Desk,
  {
    incident,
    machine,
    lastSeenAt,
    event,
    channel,
    lastToldAt,
    tellableSince,
    isNew,
  }: Subject & {
    event: Opening;
    channel: Doc<"channels">;
    lastToldAt: number | null;
    tellableSince: number;
    isNew: boolean;
  },
): number | null {
  const { delayMs, repeatEveryMs, isOff } = preferencesOf(channel);
  const facts = {
    tellableSince,
    isAcknowledged: incident.acknowledgedAt !== undefined,
    snoozedUntil: incident.snoozedUntil ?? null,
  };
  const step = followUp(facts, { delayMs, repeatEveryMs, lastToldAt }, desk.now);
  if (isOff && !isNew) return null;
  if (step.action === "wait") return step.nextAt;
  const isReminder = step.action === "remind";
  const since = isReminder ? incident.openedAt : (lastSeenAt ?? incident.openedAt);
  const at = isReminder ? desk.now : incident.openedAt;
  Desk.put(desk, {
    channel,
    event: isReminder ? "machine.reminder" : event,
    incidentId: incident._id,
    machine: snapshotOf(machine, { status: "offline", lastSeenAt }),
    at,
    durationMs: Math.max(0, at - since),
    mayGrow: !isNew && isReminder,
    suppressedBy: isOff ? { kind: "channelOff" } : undefined,
  });
  return isOff ? null : step.nextAt;
}

/** Nobody is told, and the log says why: once per reason, and only where nobody was told before. */
async function suppress(
  desk: Desk.Desk,
  {
    incident,
    machine,
    lastSeenAt,
    event,
    channels,
    obstacle,
  }: Subject & {
    event: NotificationEvent;
    channels: Doc<"channels">[];
    obstacle: { by: Suppression; until: number | null; parent: Id<"machines"> | null };
  },
): Promise<void> {
  const { ctx, now } = desk;
  const isNews = incident.suppressedBy?.kind !== obstacle.by.kind;
  if (isNews && incident.tellableSince === undefined) {
    for (const channel of channels) {
      Desk.put(desk, {
        channel,
        event,
        incidentId: incident._id,
        machine: snapshotOf(machine, { status: "offline", lastSeenAt }),
        at: incident.openedAt,
        suppressedBy: obstacle.by,
      });
    }
  }
  await ctx.db.patch("incidents", incident._id, {
    suppressedBy: obstacle.by,
    blockedBy: obstacle.parent ?? undefined,
    followUpAt: obstacle.until ?? now + RECHECK_MS,
  });
}

async function resolveOne(ctx: MutationCtx, deliveryId: Id<"deliveries">): Promise<void> {
  const delivery = await ctx.db.get("deliveries", deliveryId);
  if (delivery?.unresolved === undefined) return;
  const unresolved = Math.max(0, delivery.unresolved - 1);
  await ctx.db.patch("deliveries", deliveryId, { unresolved });
}

/** Whether others that fell silent with it are still away: their recoveries are likely to follow. */
async function hasCompanions(ctx: QueryCtx, incident: Doc<"incidents">): Promise<boolean> {
  const { workspaceId, wave } = incident;
  if (wave === undefined) return false;
  const others = await ctx.db
    .query("incidents")
    .withIndex("by_closedAt_and_workspaceId_and_wave", (q) =>
      q.eq("closedAt", undefined).eq("workspaceId", workspaceId).eq("wave", wave),
    )
    .take(2);
  return others.some(({ _id }) => _id !== incident._id);
}

function snapshotOf(
  { machineId, name, hostname, description }: Doc<"machines">,
  { status, lastSeenAt }: { status: "online" | "offline"; lastSeenAt: number | undefined },
): MachineSnapshot {
  return {
    machineId,
    name,
    hostname: hostname ?? null,
    description,
    status,
    lastSeenAt: lastSeenAt ?? null,
  };
}
