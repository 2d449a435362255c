/** The message of a delivery: read from its notices, which do not change once it has left for the first time. */
import { MAX_LISTED } from "../../core/grouping.ts";
import { isAlarm, type Message } from "../../core/messages.ts";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { QueryCtx } from "../_generated/server.js";
import type { ChannelConfig, ChannelKind } from "../validators.ts";
import { leasedFor } from "./deliveries.ts";
import { pageUrl, siteUrl } from "./settings.ts";
import * as SigningKeys from "./signingKeys.ts";
import * as VapidKeys from "./vapidKeys.ts";
import type { Vapid } from "./vapidKeys.ts";

/** Messages that one recovery may end. */
const MAX_RESOLVED = 50;

export interface Wanted {
  kind: ChannelKind;
  config: ChannelConfig;
  message: Message;
  /** For web push only. */
  vapid: Vapid | null;
}

/** What a sender needs, or null where the attempt is no longer its business: settled, leased anew, channel gone. */
export async function forAttempt(
  ctx: QueryCtx,
  { deliveryId, attempt }: { deliveryId: Id<"deliveries">; attempt: number },
): Promise<Wanted | null> {
  const delivery = await leasedFor(ctx, deliveryId, attempt);
  const channel = delivery && (await ctx.db.get("channels", delivery.channelId));
  if (delivery === null || channel === null) return null;
  const { kind, config } = channel;
  const vapid = kind === "webpush" ? await VapidKeys.vapid(ctx) : null;
  return { kind, config, message: await messageOf(ctx, delivery), vapid };
}

async function messageOf(ctx: QueryCtx, delivery: Doc<"deliveries">): Promise<Message> {
  const { _id, event, count, massSilence, problem, queuedAt } = delivery;
  const notices = await ctx.db
    .query("notices")
    .withIndex("by_deliveryId", (q) => q.eq("deliveryId", _id))
    .take(MAX_LISTED);
  return {
    id: _id,
    event,
    machines: notices.map(({ machine, at, durationMs }) => ({
      ...machine,
      at,
      durationMs: durationMs ?? null,
    })),
    count,
    massSilence: massSilence ?? null,
    problem: problem ?? null,
    queuedAt,
    pageUrl: pageUrl(),
    acknowledgeUrl: isAlarm({ event }) ? await acknowledgeUrlOf(ctx, _id) : null,
    resolves: await resolvedBy(ctx, delivery),
  };
}

/** Alarms wait for others too, and end none. */
async function resolvedBy(ctx: QueryCtx, { event, after = [] }: Doc<"deliveries">) {
  if (event !== "machine.online") return [];
  const openings = await Promise.all(
    after
      .slice(0, MAX_RESOLVED)
      .map(async (id) => ({ id, row: await ctx.db.get("deliveries", id) })),
  );
  // Where the row is gone the log was outlived: nothing of so long ago is open any more.
  return openings.map(({ id, row }) => ({ id, unresolved: row?.unresolved ?? 0 }));
}

/** The link with which whoever has the message acknowledges it. */
async function acknowledgeUrlOf(
  ctx: QueryCtx,
  deliveryId: Id<"deliveries">,
): Promise<string | null> {
  const key = await SigningKeys.find(ctx);
  if (key === null) return null;
  return `${siteUrl()}/a/${deliveryId}.${await SigningKeys.sign(key, linkText(deliveryId))}`;
}

export function linkText(deliveryId: string): string {
  return `acknowledge:${deliveryId}`;
}
