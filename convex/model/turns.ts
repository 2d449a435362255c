/**
 * The order in which a channel hears of one machine. "Online again" must not overtake "offline"; and "offline" must not
 * overtake the "online again" of the silence before, nor join a message that this one waits for, as one of the same
 * night would: the last thing told has to be true. Messages wait for others by `after`; no circle of them may wait.
 */
import type { Doc, Id } from "../_generated/dataModel.js";
import type { QueryCtx } from "../_generated/server.js";
import type { NotificationEvent, Suppression } from "../validators.ts";
import type { Notice } from "./desk.ts";
import { isOpening } from "./hearings.ts";

/** Notices of one channel, event and reason, which may leave as one message. */
export interface Group {
  key: string;
  channel: Doc<"channels">;
  event: NotificationEvent;
  suppressedBy: Suppression | undefined;
  notices: Notice[];
}

/** Messages of recoveries that are looked at, whether they have left. */
const MAX_RECOVERIES = 8;
/** Incidents of a machine, the latest first, whose end may wait in one of them. */
const MAX_INCIDENTS = 4;
/** Messages that one may wait for, by way of others, before it counts as waiting for any. */
const MAX_VISITED = 100;

export function groupKeyOf({
  channel,
  event,
  suppressedBy,
}: Pick<Group, "channel" | "event" | "suppressedBy">): string {
  const why = suppressedBy === undefined ? "" : JSON.stringify(suppressedBy);
  return `${channel._id}:${event}:${why}`;
}

/** The group in two where some of its machines are said to be back in a message that has not left: those wait for it. */
export async function inTurn(ctx: QueryCtx, group: Group): Promise<Group[]> {
  const { channel, event, suppressedBy, notices } = group;
  if (!isOpening(event) || suppressedBy !== undefined) return [group];
  const recoveries = await unsentRecoveries(ctx, channel);
  if (recoveries.length === 0) return [group];
  const free: Notice[] = [];
  const behind: Notice[] = [];
  for (const notice of notices) {
    const ahead = await waitingEnds(ctx, notice, recoveries);
    if (ahead.length === 0) free.push(notice);
    else behind.push({ ...notice, after: [...(notice.after ?? []), ...ahead] });
  }
  return [free, behind]
    .filter((some) => some.length > 0)
    .map((some) => ({ ...group, notices: some }));
}

/** Whether a message that waits for these would wait for `id`, by way of others too. */
export async function leadsTo(
  ctx: QueryCtx,
  after: readonly Id<"deliveries">[],
  id: Id<"deliveries">,
): Promise<boolean> {
  const visited = new Set<Id<"deliveries">>();
  const ahead = [...after];
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    if (next === id || visited.size >= MAX_VISITED) return true;
    if (visited.has(next)) continue;
    visited.add(next);
    const delivery = await ctx.db.get("deliveries", next);
    if (delivery !== null && isUnsent(delivery) && isBound(delivery)) {
      ahead.push(...(delivery.after ?? []));
    }
  }
  return false;
}

/**
 * Whether it is a message's turn, after those that it waits for. An alarm waits for the first attempt of each and not for
 * their retries: a receiver that was away for hours must not hear of a silence hours after it is back.
 */
export async function isItsTurn(ctx: QueryCtx, delivery: Doc<"deliveries">): Promise<boolean> {
  const { event, after = [] } = delivery;
  if (!isBound(delivery)) return true;
  let isBehind = false;
  for (const id of after) {
    const earlier = await ctx.db.get("deliveries", id);
    if (earlier === null || !isUnsent(earlier)) continue;
    if (isOpening(event) && earlier.state === "queued" && earlier.attempts > 0) return true;
    isBehind = true;
  }
  return !isBehind;
}

async function unsentRecoveries(
  ctx: QueryCtx,
  channel: Doc<"channels">,
): Promise<Doc<"deliveries">[]> {
  const key = groupKeyOf({ channel, event: "machine.online", suppressedBy: undefined });
  const latest = await ctx.db
    .query("deliveries")
    .withIndex("by_groupKey", (q) => q.eq("groupKey", key))
    .order("desc")
    .take(MAX_RECOVERIES);
  return latest.filter(isUnsent);
}

/**
 * Those of the recoveries that tell of this machine, with what they wait for themselves. Asked by machine: a recovery may
 * tell of a whole fleet.
 */
async function waitingEnds(
  ctx: QueryCtx,
  { channel, incidentId }: Notice,
  recoveries: Doc<"deliveries">[],
): Promise<Id<"deliveries">[]> {
  const incident = incidentId === undefined ? null : await ctx.db.get("incidents", incidentId);
  if (incident === null) return [];
  const latest = await ctx.db
    .query("incidents")
    .withIndex("by_machine", (q) => q.eq("machine", incident.machine))
    .order("desc")
    .take(MAX_INCIDENTS);
  const ends = await Promise.all(latest.map(async ({ _id }) => await endOf(ctx, _id, channel._id)));
  return recoveries
    .filter(({ _id }) => ends.some((end) => end?.deliveryId === _id))
    .flatMap(({ _id, after = [] }) => [_id, ...after]);
}

/** What the channel was told last of the incident's end. */
async function endOf(
  ctx: QueryCtx,
  incidentId: Id<"incidents">,
  channelId: Id<"channels">,
): Promise<Doc<"notices"> | null> {
  return await ctx.db
    .query("notices")
    .withIndex("by_incidentId_and_channelId_and_event", (q) =>
      q.eq("incidentId", incidentId).eq("channelId", channelId).eq("event", "machine.online"),
    )
    .order("desc")
    .first();
}

/** An alarm that was tried once has had its turn. */
function isBound({ event, attempts }: Doc<"deliveries">): boolean {
  return !isOpening(event) || attempts === 0;
}

function isUnsent({ state }: Doc<"deliveries">): boolean {
  return state === "queued" || state === "leased";
}
