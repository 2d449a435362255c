/**
 * The way into the outbox: a decision becomes a row, or joins one that still collects. Deciding and queueing happen
 * exactly once, in one transaction; sending is the business of leases.ts and settlements.ts.
 */
import { leavesAt } from "../../core/grouping.ts";
import { internal } from "../_generated/api.js";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx } from "../_generated/server.js";
import { sha256Hex } from "./credentials.ts";
import type { Notice } from "./desk.ts";
import { isOpening } from "./hearings.ts";
import * as Lanes from "./lanes.ts";
import * as Ledger from "./ledger.ts";
import { preferencesOf, quietUntilFor } from "./preferences.ts";
import { suspicionOf } from "./suspects.ts";
import * as Turns from "./turns.ts";

/** What a night holds is joined into a few messages. */
const MAX_RETIMED = 64;

interface Queueing {
  group: Turns.Group;
  massSilence?: Doc<"deliveries">["massSilence"];
  now: number;
}

/** Queues the group, or joins it to the one before that has not left yet. */
export async function queue(ctx: MutationCtx, { group, ...queueing }: Queueing): Promise<void> {
  for (const part of await Turns.inTurn(ctx, group)) {
    await queuePart(ctx, { group: part, ...queueing });
  }
}

async function queuePart(ctx: MutationCtx, { group, massSilence, now }: Queueing): Promise<void> {
  const last = await lastOf(ctx, group.key);
  const open = last !== null && (await isJoinable(ctx, last, { group, now })) ? last : null;
  const previousLeftAt = open === null ? leftAt(last, now) : open.previousLeftAt;
  const openedAt = Math.min(open?.queuedAt ?? now, now);
  const digest = await digestOf(open?.digest ?? "", group.notices);
  const isSuppressed = group.suppressedBy !== undefined;
  const timing = isSuppressed
    ? null
    : await timingOf(ctx, { group, openedAt, previousLeftAt, now });
  const fields = {
    digest,
    ...timing,
    ...(massSilence && group.event === "machine.offline" ? { massSilence } : {}),
    ...countsOf(group, open),
  };
  let deliveryId = open?._id;
  if (deliveryId === undefined) {
    deliveryId = await insert(ctx, { group, previousLeftAt, now, fields });
  } else await ctx.db.patch("deliveries", deliveryId, fields);
  for (const notice of group.notices) await insertNotice(ctx, deliveryId, notice);
  await recordDecision(ctx, { group, deliveryId, digest, now });
  if (timing === null) return;
  if (isOpening(group.event)) await hurry(ctx, group, now);
  const { notBefore } = timing;
  await Lanes.wakeAt(ctx, group.channel, notBefore);
  if (notBefore !== open?.notBefore) await wakeAt(ctx, notBefore);
}

/** What an alarm waits for does not wait for others to join. */
async function hurry(
  ctx: MutationCtx,
  { channel, notices }: Turns.Group,
  now: number,
): Promise<void> {
  for (const id of new Set(notices.flatMap(({ after = [] }) => after))) {
    const earlier = await ctx.db.get("deliveries", id);
    if (earlier?.state !== "queued" || earlier.heldBy !== "grouping") continue;
    // One that waits for another has no time of its own.
    const dueAt = earlier.dueAt === undefined ? {} : { dueAt: now };
    await ctx.db.patch("deliveries", id, { notBefore: now, heldBy: undefined, ...dueAt });
    await Lanes.wakeAt(ctx, channel, now);
    await wakeAt(ctx, now);
  }
}

/** Queues a message that stands alone: a test, or news about a channel. */
export async function queueAlone(
  ctx: MutationCtx,
  {
    channel,
    event,
    notice,
    problem,
    now,
  }: {
    channel: Doc<"channels">;
    event: "test" | "channel.failing";
    notice?: Notice;
    problem?: NonNullable<Doc<"deliveries">["problem"]>;
    now: number;
  },
): Promise<Id<"deliveries">> {
  const notices = notice === undefined ? [] : [notice];
  const group = { key: "", channel, event, suppressedBy: undefined, notices };
  const notBefore = quietUntilFor(channel, event, now) ?? now;
  const digest = await digestOf("", notices);
  const fields = {
    digest,
    count: notices.length,
    notBefore,
    dueAt: notBefore,
    ...(notBefore > now ? { heldBy: "quietHours" as const } : {}),
    ...(problem === undefined ? {} : { problem }),
  };
  const deliveryId = await insert(ctx, { group, previousLeftAt: undefined, now, fields });
  if (notice !== undefined) await insertNotice(ctx, deliveryId, notice);
  await recordDecision(ctx, { group, deliveryId, digest, now });
  await Lanes.wakeAt(ctx, channel, notBefore);
  await wakeAt(ctx, notBefore);
  return deliveryId;
}

/** After a change of the channel's quiet hours: what they hold leaves when the new ones let it. */
export async function retime(
  ctx: MutationCtx,
  channel: Doc<"channels">,
  now: number,
): Promise<void> {
  const queued = await ctx.db
    .query("deliveries")
    .withIndex("by_state_and_channelId_and_dueAt", (q) =>
      q.eq("state", "queued").eq("channelId", channel._id),
    )
    .take(MAX_RETIMED);
  for (const { _id, event, heldBy, dueAt } of queued.filter(isHeldForNight)) {
    const notBefore = quietUntilFor(channel, event, now) ?? now;
    await ctx.db.patch("deliveries", _id, {
      notBefore,
      heldBy: notBefore > now ? heldBy : undefined,
      // One that waits for another has no time of its own.
      ...(dueAt === undefined ? {} : { dueAt: notBefore }),
    });
    await Lanes.wakeAt(ctx, channel, notBefore);
    await wakeAt(ctx, notBefore);
  }
}

function isHeldForNight({ heldBy }: Doc<"deliveries">): boolean {
  return heldBy === "quietHours";
}

/** Has the outbox looked at then (milliseconds), after this transaction is committed. */
export async function wakeAt(ctx: MutationCtx, at: number): Promise<void> {
  await ctx.scheduler.runAt(at, internal.jobs.notify.dispatch, {});
}

async function lastOf(ctx: MutationCtx, groupKey: string): Promise<Doc<"deliveries"> | null> {
  return await ctx.db
    .query("deliveries")
    .withIndex("by_groupKey", (q) => q.eq("groupKey", groupKey))
    .order("desc")
    .first();
}

/**
 * When the message left, or will: one that still collects may have to be followed by another. What left by a clock that
 * was ahead left by now, or nothing would follow it until then.
 */
function leftAt(delivery: Doc<"deliveries"> | null, now: number): number | undefined {
  if (delivery?.sealedAt !== undefined) return Math.min(delivery.sealedAt, now);
  return delivery?.state === "queued" ? delivery.notBefore : undefined;
}

/** What was suppressed later, since its channel was turned off, has the key of those that are sent: it takes no more. */
async function isJoinable(
  ctx: MutationCtx,
  delivery: Doc<"deliveries">,
  { group: { channel, suppressedBy, notices }, now }: Queueing,
): Promise<boolean> {
  if (delivery.state === "queued") {
    const after = notices.flatMap((notice) => notice.after ?? []);
    return delivery.sealedAt === undefined && !(await Turns.leadsTo(ctx, after, delivery._id));
  }
  const { groupWindowMs } = preferencesOf(channel);
  const isBornSuppressed = delivery.state === "suppressed" && suppressedBy !== undefined;
  return isBornSuppressed && delivery.queuedAt + groupWindowMs > now;
}

async function timingOf(
  ctx: MutationCtx,
  {
    group: { channel, event, notices },
    openedAt,
    previousLeftAt = null,
    now,
  }: {
    group: Turns.Group;
    openedAt: number;
    previousLeftAt: number | null | undefined;
    now: number;
  },
) {
  const { groupWindowMs } = preferencesOf(channel);
  const quietUntil = quietUntilFor(channel, event, now);
  const { workspaceId } = channel;
  const suspicion =
    event === "machine.offline"
      ? await suspicionOf(ctx, { workspaceId, now, withinMs: groupWindowMs })
      : null;
  const facts = {
    openedAt,
    previousLeftAt,
    windowMs: groupWindowMs,
    mayGrow: suspicion === "late" || notices.some((notice) => notice.mayGrow === true),
    isGrowing: suspicion === "overdue" && groupWindowMs > 0,
    quietUntil,
  };
  const notBefore = leavesAt(facts, now);
  const heldBy = quietUntil === notBefore ? ("quietHours" as const) : ("grouping" as const);
  return { notBefore, dueAt: notBefore, heldBy: notBefore > now ? heldBy : undefined };
}

function countsOf({ event, notices }: Turns.Group, open: Doc<"deliveries"> | null) {
  const added = notices.length;
  const after = new Set([
    ...(open?.after ?? []),
    ...notices.flatMap((notice) => notice.after ?? []),
  ]);
  return {
    count: (open?.count ?? 0) + added,
    ...(after.size === 0 ? {} : { after: [...after] }),
    ...(isOpening(event) ? { unresolved: (open?.unresolved ?? 0) + added } : {}),
  };
}

async function insert(
  ctx: MutationCtx,
  {
    group: { key, channel, event, suppressedBy, notices },
    previousLeftAt,
    now,
    fields,
  }: {
    group: Turns.Group;
    previousLeftAt: number | undefined;
    now: number;
    fields: Pick<Doc<"deliveries">, "count" | "digest"> & Partial<Doc<"deliveries">>;
  },
): Promise<Id<"deliveries">> {
  const machineName = event === "test" ? undefined : notices[0]?.machine.name;
  return await ctx.db.insert("deliveries", {
    workspaceId: channel.workspaceId,
    channelId: channel._id,
    channelName: channel.name,
    ...(channel.userId === undefined ? {} : { userId: channel.userId }),
    event,
    ...(machineName === undefined ? {} : { machineName }),
    ...(key === "" ? {} : { groupKey: key }),
    ...(previousLeftAt === undefined ? {} : { previousLeftAt }),
    ...(suppressedBy === undefined
      ? { state: "queued" as const }
      : { state: "suppressed" as const, suppressedBy, finishedAt: now }),
    attempts: 0,
    attemptLog: [],
    queuedAt: now,
    ...fields,
  });
}

async function insertNotice(
  ctx: MutationCtx,
  deliveryId: Id<"deliveries">,
  { channel, event, incidentId, machine, at, durationMs, suppressedBy }: Notice,
): Promise<void> {
  await ctx.db.insert("notices", {
    workspaceId: channel.workspaceId,
    deliveryId,
    channelId: channel._id,
    event,
    isSuppressed: suppressedBy !== undefined,
    machine,
    at,
    ...(incidentId === undefined ? {} : { incidentId }),
    ...(durationMs === undefined ? {} : { durationMs }),
  });
}

async function digestOf(before: string, notices: Notice[]): Promise<string> {
  const lines = notices.map(({ incidentId, event, machine, at }) =>
    JSON.stringify([incidentId ?? null, event, machine.machineId, machine.name, at]),
  );
  return await sha256Hex([before, ...lines].join("\n"));
}

async function recordDecision(
  ctx: MutationCtx,
  {
    group: { channel, event, suppressedBy, notices },
    deliveryId,
    digest,
    now,
  }: { group: Turns.Group; deliveryId: Id<"deliveries">; digest: string; now: number },
): Promise<void> {
  const machines = notices.slice(0, 5).map(({ machine }) => machine.name);
  await Ledger.append(ctx, channel.workspaceId, {
    at: now,
    kind: suppressedBy === undefined ? "decided" : "suppressed",
    delivery: deliveryId,
    // The chain is everybody's to read: of a personal channel it proves the sending and tells no name.
    channel: channel.userId === undefined ? channel.name : "(personal)",
    event,
    machines,
    count: notices.length,
    digest,
    ...(suppressedBy === undefined ? {} : { why: suppressedBy }),
  });
}
