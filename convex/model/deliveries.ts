/** One delivery: its row, its attempts, and what a person may do with it. Deciding is in desk.ts, sending in leases.ts. */
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import type { Attempt } from "../validators.ts";
import type { Member } from "./access.ts";
import { isVisibleTo } from "./channelRows.ts";
import { fail } from "./fail.ts";
import * as Lanes from "./lanes.ts";
import * as Ledger from "./ledger.ts";
import * as Outbox from "./outbox.ts";

/** Attempts that the log keeps; the first of them tell more than those in the middle. */
const MAX_LOGGED = 40;

/** The delivery while this attempt is its current one; null once it is settled or leased anew. */
export async function leasedFor(
  ctx: QueryCtx,
  deliveryId: Id<"deliveries">,
  attempt: number,
): Promise<Doc<"deliveries"> | null> {
  const delivery = await ctx.db.get("deliveries", deliveryId);
  return delivery?.state === "leased" && delivery.attempts === attempt ? delivery : null;
}

/** The log with its last entry changed. */
export function withLast(log: Attempt[], change: Partial<Attempt>): Attempt[] {
  const last = log.at(-1);
  return last === undefined ? log : [...log.slice(0, -1), { ...last, ...change }];
}

export function withNext(log: Attempt[], startedAt: number): Attempt[] {
  const kept = log.length < MAX_LOGGED ? log : log.filter((_entry, index) => index !== 2);
  return [...kept, { startedAt }];
}

/** Puts a delivery that was given up back into the queue, under its old idempotency key. */
export async function sendAgain(
  ctx: MutationCtx,
  { member, deliveryId, now }: { member: Member; deliveryId: Id<"deliveries">; now: number },
): Promise<void> {
  const delivery = await ctx.db.get("deliveries", deliveryId);
  const isOurs = delivery?.workspaceId === member.workspaceId;
  if (!isOurs || !isVisibleTo(delivery, member)) {
    return fail({ kind: "notFound", message: "There is no such delivery." });
  }
  const channel = await ctx.db.get("channels", delivery.channelId);
  if (channel === null) {
    return fail({ kind: "notFound", message: "Its channel was deleted." });
  }
  if (delivery.state !== "failed" && delivery.state !== "uncertain") {
    return fail({ kind: "invalid", message: "Only what failed or is uncertain is sent again." });
  }
  await ctx.db.patch("deliveries", deliveryId, {
    state: "queued",
    dueAt: now,
    finishedAt: undefined,
    attemptsBefore: delivery.attempts,
  });
  const by = member.user.name ?? member.user.email ?? "";
  const entry = { at: now, kind: "sendAgain", delivery: deliveryId, by };
  await Ledger.append(ctx, delivery.workspaceId, entry);
  await Lanes.wakeAt(ctx, channel, now);
  await Outbox.wakeAt(ctx, now);
}
