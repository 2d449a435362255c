/**
 * What a channel has heard of an incident: its notices, and for an incident that outlives the log (a machine that is
 * away for more than thirty days) what the incident itself remembers of them.
 */
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import type { NotificationEvent } from "../validators.ts";

/** Before it is told an incident has a notice per reason of silence; after that reminders. */
const NOTICES_READ = 20;
const openingEvents = ["machine.offline", "machine.flapping"] as const;

/** Whether a message of this event opens something that a recovery ends. */
export function isOpening(event: NotificationEvent): boolean {
  return openingEvents.some((opening) => opening === event);
}

/**
 * When the channel was last told, decided as of now (ms), or will be: what is held for the night counts as told when the
 * night ends, so that no reminders gather behind it.
 */
export async function lastAt(
  ctx: QueryCtx,
  { _id, openedAt, heardBy = [] }: Doc<"incidents">,
  channelId: Id<"channels">,
): Promise<number | null> {
  const notices = ctx.db
    .query("notices")
    .withIndex("by_incidentId_and_channelId", (q) =>
      q.eq("incidentId", _id).eq("channelId", channelId),
    )
    .order("desc");
  let read = 0;
  // The first one answers, as a rule: of dozens of channels and incidents at once, no more may be read.
  for await (const notice of notices) {
    read += 1;
    if (read > NOTICES_READ) break;
    if (!isTold(notice)) continue;
    const delivery = await ctx.db.get("deliveries", notice.deliveryId);
    if (!wasDropped(delivery)) return Math.max(notice._creationTime, delivery?.notBefore ?? 0);
  }
  return heardBy.some((hearing) => hearing.channelId === channelId) ? openedAt : null;
}

/** The messages that told the channel of the incident; of old ones the row may be gone. */
export async function openings(
  ctx: QueryCtx,
  { _id, heardBy = [] }: Doc<"incidents">,
  channelId: Id<"channels">,
): Promise<Id<"deliveries">[]> {
  const notices = await Promise.all(
    openingEvents.map(
      async (event) =>
        await ctx.db
          .query("notices")
          .withIndex("by_incidentId_and_channelId_and_event", (q) =>
            q.eq("incidentId", _id).eq("channelId", channelId).eq("event", event),
          )
          .take(NOTICES_READ),
    ),
  );
  const heard = heardBy.filter((hearing) => hearing.channelId === channelId);
  const told = new Set(heard.map(({ deliveryId }) => deliveryId));
  for (const { deliveryId } of notices.flat().filter(isTold)) {
    if (!wasDropped(await ctx.db.get("deliveries", deliveryId))) told.add(deliveryId);
  }
  return [...told];
}

function isTold({ isSuppressed }: Doc<"notices">): boolean {
  return !isSuppressed;
}

/** Decided to be sent, but when its time came the channel was off: nobody has heard of it. */
function wasDropped(delivery: Doc<"deliveries"> | null): boolean {
  return delivery?.state === "suppressed";
}

/** Before notices are removed: what open incidents need of them to tell their end. */
export async function keep(ctx: MutationCtx, notices: Doc<"notices">[]): Promise<void> {
  for (const { incidentId, event, isSuppressed, channelId, deliveryId } of notices) {
    if (incidentId === undefined || isSuppressed || !isOpening(event)) continue;
    const incident = await ctx.db.get("incidents", incidentId);
    if (incident === null || incident.closedAt !== undefined) continue;
    const heardBy = [...(incident.heardBy ?? []), { channelId, deliveryId }];
    await ctx.db.patch("incidents", incidentId, { heardBy });
  }
}
